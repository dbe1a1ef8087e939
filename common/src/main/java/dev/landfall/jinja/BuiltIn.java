package dev.landfall.jinja;

/** A callable of the language itself: a method of a value, a macro, one of jinja's functions. */
@FunctionalInterface
interface BuiltIn extends Callable {}
