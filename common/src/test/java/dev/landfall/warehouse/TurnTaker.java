package dev.landfall.warehouse;

import java.nio.file.Path;

/** Another process at the warehouse, for tests. */
final class TurnTaker {
    private TurnTaker() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        String owner = arguments[2];
        boolean hold = arguments[1].equals("hold");
        WarehouseSettings settings = hold ? WarehouseSettings.exclusive(owner) : WarehouseSettings.shared(owner);
        try (Warehouse warehouse = Warehouse.open(Targets.file("wh.duckdb"), folder, settings)) {
            if (hold) {
                System.out.println("holds");
                Thread.sleep(600_000);
            }
            for (int n = 0; n < Integer.parseInt(arguments[3]); n++) {
                increment(warehouse, owner);
            }
        }
    }

    static void increment(Warehouse warehouse, String owner) {
        warehouse.with("increment", session -> {
            session.begin();
            long next = 1 + session.number("select max(n) from turns where who = ?", owner);
            session.update("insert into turns values (?, ?)", owner, next);
            session.commit();
            return next;
        });
    }
}
