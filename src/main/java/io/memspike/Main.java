package io.memspike;

import io.memspike.cgroup.CgroupRoot;
import io.memspike.config.BadOption;
import io.memspike.config.Settings;
import io.memspike.demo.DemoNode;
import io.memspike.metrics.BuildInfo;
import io.memspike.metrics.Exposition;
import io.memspike.oom.IncidentRecorder;
import io.memspike.oom.IncidentReport;
import io.memspike.oom.IncidentStore;
import io.memspike.oom.KernelLog;
import io.memspike.oom.Victims;
import io.memspike.pod.ContainerLogs;
import io.memspike.pod.Kubelet;
import io.memspike.pod.NameSource;
import io.memspike.pod.Names;
import io.memspike.pod.RuntimeNames;
import io.memspike.process.ProcessWatch;
import io.memspike.sampling.Discovery;
import io.memspike.sampling.Naming;
import io.memspike.sampling.ProcessOwners;
import io.memspike.sampling.Sampler;
import io.memspike.sampling.SourceErrors;
import io.memspike.web.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        if (arguments.length > 0 && arguments[0].equals("incident")) {
            System.exit(printIncident(arguments));
        }
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

    @SuppressWarnings("SystemOut") // what was asked for goes to standard output
    private static int printIncident(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("memspike: incident takes one FILE");
            return WRONG_OPTION;
        }
        return IncidentReport.run(Path.of(arguments[1]), System.out, System.err);
    }

    private void demo() throws IOException {
        DemoNode node = DemoNode.start();
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "memspike-demo-end"));
        Settings.Paths real = settings.paths();
        run(
                new Settings.Paths(
                        node.cgroupRoot(),
                        node.procRoot(),
                        node.containerLogs(),
                        real.docker(),
                        real.podman(),
                        node.procRoot().resolve("kmsg"),
                        node.data()),
                List.of(ContainerLogs.LABEL),
                "a simulated node (--demo)");
    }

    private void node() {
        Path cgroupfs = settings.paths().cgroupfs();
        String problem = CgroupRoot.whyUnsuitable(cgroupfs);
        if (problem != null) {
            exit(UNSUITABLE, problem + "; --demo shows Memspike on a simulated node");
        } else {
            String warning = CgroupRoot.whyNotWhole(cgroupfs);
            if (warning != null) {
                LoggerFactory.getLogger("memspike").warn(warning);
            }
            run(settings.paths(), settings.nameSources(), cgroupfs.toString());
        }
    }

    private void run(Settings.Paths paths, List<String> nameSources, String what) {
        SourceErrors errors = new SourceErrors();
        Names names = names(paths, nameSources, errors);
        Naming naming = new Naming(names, settings.filter());
        IncidentStore store =
                new IncidentStore(paths.data(), IncidentStore.Bounds.STANDARD, InstantSource.system(), errors);
        Victims victims = new Victims(System::currentTimeMillis);
        KernelLog kernelLog = new KernelLog(paths.kmsg(), errors, victims::add);
        IncidentRecorder incidents = new IncidentRecorder(victims::take, store::add, errors);
        Sampler sampler = new Sampler(settings.schedule(), paths.procfs(), naming, incidents, errors);
        Discovery discovery = new Discovery(paths.cgroupfs(), sampler, errors);
        ProcessWatch processes =
                new ProcessWatch(paths.procfs(), new ProcessOwners(sampler::containers), errors, settings.processes());
        Exposition exposition = new Exposition(
                sampler,
                discovery,
                processes,
                incidents,
                settings.schedule().windowSeconds(),
                BuildInfo.ofThisJar(),
                () -> features(discovery, names, processes, kernelLog, store),
                family -> !settings.exclude().matcher(family).matches());
        Server server = new Server(sampler, discovery, exposition, store, settings.gzip());
        Logger log = LoggerFactory.getLogger("memspike");
        server.listen(settings.host(), settings.port())
                .onSuccess(port -> log.info("{} watches {}: http://{}:{}/", version(), what, settings.host(), port))
                .onFailure(e -> exit(
                        UNSUITABLE,
                        "can not listen on --web.listen-address=" + settings.host() + ":" + settings.port() + ": "
                                + e.getMessage()));
        // Served from the first moment on: if the kernel's files block, that is what the health check must say.
        sampler.start();
        names.start();
        discovery.start();
        processes.start();
        incidents.start();
        kernelLog.start();
    }

    private Names names(Settings.Paths paths, List<String> labels, SourceErrors errors) {
        List<NameSource> ofPods = new ArrayList<>();
        List<NameSource> ofOthers = new ArrayList<>();
        for (String label : labels) {
            switch (label) {
                case ContainerLogs.LABEL -> ofPods.add(new ContainerLogs(paths.containerLogs(), errors));
                case RuntimeNames.DOCKER -> ofOthers.add(RuntimeNames.ofDocker(paths.docker(), errors));
                case RuntimeNames.PODMAN -> ofOthers.add(RuntimeNames.ofPodman(paths.podman(), errors));
                case Kubelet.LABEL -> ofPods.add(new Kubelet(settings.kubelet(), errors));
                default -> throw new IllegalArgumentException(label);
            }
        }
        return new Names(ofPods, ofOthers);
    }

    private static Map<String, Boolean> features(
            Discovery discovery, Names names, ProcessWatch processes, KernelLog kernelLog, IncidentStore store) {
        Map<String, Boolean> features = new TreeMap<>();
        features.put("inotify", discovery.isWatching());
        features.put("pss", processes.pssWorks());
        features.put("kmsg", kernelLog.isWorking());
        features.put("incident_files", store.isWorking());
        names.sources().forEach(source -> features.put(source.label(), source.isWorking()));
        return features;
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
