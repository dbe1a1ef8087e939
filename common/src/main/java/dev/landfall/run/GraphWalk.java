package dev.landfall.run;

import dev.landfall.project.Node;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Takes nodes through a graph, each once, several side by side. A single thread decides, the workers only work. */
final class GraphWalk<R> {
    private final Map<String, Set<String>> waitsFor;
    private final Steps<R> steps;
    private final Set<Node> waiting;
    private final Set<String> ended = new HashSet<>();
    private final CompletionService<End<R>> workers;
    private int running;

    /** What is done with each node; called by the thread that decides. */
    interface Steps<R> {
        /**
         * A node's turn has come: all that it waits for has ended.
         *
         * @return its work; empty when there is none
         */
        Optional<Supplier<R>> begin(Node node);

        void end(Node node, R result);
    }

    private record End<R>(Node node, R result) {}

    private GraphWalk(
            List<Node> nodes, Map<String, Set<String>> waitsFor, Steps<R> steps, CompletionService<End<R>> workers) {
        this.waiting = new LinkedHashSet<>(nodes);
        this.waitsFor = waitsFor;
        this.steps = steps;
        this.workers = workers;
    }

    /**
     * Returns, or throws what some work or step threw, when nothing of the walk runs any more.
     *
     * @param nodes which begin in this order where several could
     * @param waitsFor by unique id, those among them that must end first
     * @param threads so many work at most
     */
    static <R> void walk(List<Node> nodes, Map<String, Set<String>> waitsFor, int threads, Steps<R> steps)
            throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            new GraphWalk<>(nodes, waitsFor, steps, new ExecutorCompletionService<>(pool)).walk();
        } finally {
            end(pool);
        }
    }

    private void walk() throws InterruptedException {
        start();
        while (running > 0) {
            End<R> end = next();
            running--;
            ended.add(end.node().uniqueId());
            steps.end(end.node(), end.result());
            start();
        }
    }

    private End<R> next() throws InterruptedException {
        try {
            return workers.take().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    private void start() {
        boolean more = true;
        while (more) {
            more = false;
            for (Node node : List.copyOf(waiting)) {
                if (ended.containsAll(waitsFor.getOrDefault(node.uniqueId(), Set.of()))) {
                    waiting.remove(node);
                    Optional<Supplier<R>> work = steps.begin(node);
                    if (work.isPresent()) {
                        running++;
                        workers.submit(() -> new End<>(node, work.get().get()));
                    } else {
                        // That it has ended may let others begin.
                        more = ended.add(node.uniqueId());
                    }
                }
            }
        }
    }

    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
