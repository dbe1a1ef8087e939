package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.template.QueryResult;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the warehouse. */
@Command(
        name = "query",
        description = "Run a query in the warehouse and print its rows.",
        footer = {"", "Example: landfall query 'select * from fct_sales limit 10' --format csv"},
        sortOptions = false)
final class QueryCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Parameters(paramLabel = "SQL", description = "One statement; quote it for your shell.")
    private String sql = "";

    @Option(
            names = {"-o", "--format"},
            paramLabel = "FORMAT",
            description = "table, csv or json. Default: table.")
    private ResultFormat format = ResultFormat.TABLE;

    QueryCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Project project = landfall.project();
        Optional<RunningInstance> running = RunningInstance.of(project);
        if (running.isPresent()) {
            QueryDoor.ask(running.get(), sql, format, landfall.console().out());
            return Landfall.FINE;
        }
        try (Warehouse warehouse =
                Warehouse.open(project.target(), project.directory(), WarehouseSettings.shared("landfall query"))) {
            QueryResult result = warehouse.with("query", session -> session.query(sql));
            format.write(result.names(), result.rows(), landfall.console().out());
        }
        return Landfall.FINE;
    }
}
