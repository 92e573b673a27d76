package io.memspike.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each cgroup that was named is a workload, the one named first the riskiest. */
final class FakeWorkloads implements Workloads {
    /** Keeps what it is given. */
    static final class One implements Workload {
        final String path;
        final List<Footprint> given = new ArrayList<>();
        boolean throwing;

        private One(String path) {
            this.path = path;
        }

        @Override
        public void footprint(Footprint footprint) {
            if (throwing) {
                throw new IllegalStateException("of the test");
            }
            given.add(footprint);
        }

        Footprint last() {
            return given.get(given.size() - 1);
        }
    }

    private final List<One> all;
    Runnable afterListing = () -> {};

    FakeWorkloads(String... paths) {
        all = Arrays.stream(paths).map(One::new).toList();
    }

    One at(String path) {
        return all.stream().filter(each -> each.path.equals(path)).findFirst().orElseThrow();
    }

    @Override
    public List<One> riskiestFirst() {
        afterListing.run();
        return all;
    }

    @Override
    public @Nullable Workload of(String path) {
        return all.stream().filter(each -> each.path.equals(path)).findFirst().orElse(null);
    }
}
