package dev.landfall.project;

/**
 * SQL before or after a model, or around a run.
 *
 * @param sql not yet rendered: Jinja within it is rendered when it runs
 * @param transaction false runs it outside the model's transaction
 */
public record Hook(String sql, boolean transaction) {}
