package io.memspike;

import io.memspike.cgroup.CgroupRoot;
import io.memspike.config.BadOption;
import io.memspike.config.Settings;
import io.memspike.demo.DemoNode;
import io.memspike.metrics.BuildInfo;
import io.memspike.metrics.Exposition;
import io.memspike.sampling.Discovery;
import io.memspike.sampling.Sampler;
import io.memspike.sampling.SourceErrors;
import io.memspike.web.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the parts together, and turns what can't be into one line and an exit code. */
public final class Main {
    private static final int UNSUITABLE = 1;
    private static final int WRONG_OPTION = 2;

    private final Settings settings;

    private Main(Settings settings) {
        this.settings = settings;
    }

    /** Runs the exporter until it is told to stop. */
    @SuppressWarnings("SystemOut") // what was asked for goes to standard output
    public static void main(String[] arguments) {
        try {
            Settings settings = Settings.of(List.of(arguments), System.getenv());
            switch (settings.mode()) {
                case HELP -> System.out.print(Settings.usage());
                case VERSION -> System.out.println(version());
                case DEMO -> new Main(settings).demo();
                case NODE -> new Main(settings).node();
            }
        } catch (BadOption e) {
            exit(WRONG_OPTION, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            exit(UNSUITABLE, "the simulated node could not be made: " + e.getMessage());
        }
    }

    private void demo() throws IOException {
        DemoNode node = DemoNode.start();
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "memspike-demo-end"));
        run(node.cgroupRoot(), node.procRoot(), "a simulated node (--demo)");
    }

    private void node() {
        String problem = CgroupRoot.whyUnsuitable(settings.cgroupfs());
        if (problem != null) {
            exit(UNSUITABLE, problem + "; --demo shows Memspike on a simulated node");
        } else {
            String warning = CgroupRoot.whyNotWhole(settings.cgroupfs());
            if (warning != null) {
                LoggerFactory.getLogger("memspike").warn(warning);
            }
            run(settings.cgroupfs(), settings.procfs(), settings.cgroupfs().toString());
        }
    }

    private void run(Path cgroupfs, Path procfs, String what) {
        SourceErrors errors = new SourceErrors();
        Sampler sampler = new Sampler(settings.schedule(), procfs, errors);
        Discovery discovery = new Discovery(cgroupfs, sampler, errors);
        Exposition exposition = new Exposition(
                sampler,
                discovery,
                settings.schedule().windowSeconds(),
                BuildInfo.ofThisJar(),
                family -> !settings.exclude().matcher(family).matches());
        Server server = new Server(sampler, discovery, exposition, settings.gzip());
        Logger log = LoggerFactory.getLogger("memspike");
        server.listen(settings.host(), settings.port())
                .onSuccess(port -> log.info("{} watches {}: http://{}:{}/", version(), what, settings.host(), port))
                .onFailure(e -> exit(
                        UNSUITABLE,
                        "can not listen on --web.listen-address=" + settings.host() + ":" + settings.port() + ": "
                                + e.getMessage()));
        // Served from the first moment on: if the kernel's files block, that is what the health check must say.
        sampler.start();
        discovery.start();
    }

    private static String version() {
        BuildInfo build = BuildInfo.ofThisJar();
        return "memspike " + build.version() + " (revision " + build.revision() + ", Java " + build.javaVersion() + ")";
    }

    @SuppressWarnings("SystemOut") // one line for a person, before any logging is of use
    private static void exit(int code, String line) {
        System.err.println("memspike: " + line.replaceAll("\\R", " "));
        System.exit(code);
    }
}
