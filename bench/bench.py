"""What the benchmarks share: the machine in words, a tree, the exporter, and what /proc says of a thread."""
import contextlib
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[1]
START = TOP / "deploy/memspike"
ACCEPT = ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
          "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")


def machine():
    model = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    java = subprocess.run([java_command(), "-version"], capture_output=True, text=True).stderr.splitlines()[1]
    return "%d × %s, Linux %s, %s" % (os.cpu_count(), model, os.uname().release, java)


def java_command():
    home = os.environ.get("JAVA_HOME")
    return home + "/bin/java" if home else "java"


def flags():
    """Java's, of the start script."""
    return re.search(r"^set -- (-X.*?)\s+\$\{JAVA_OPTS", START.read_text(), re.M | re.S).group(1).replace("\\\n", " ").split()


def allow_files():
    """Room for the descriptors of 5,000 containers, where we may."""
    with contextlib.suppress(ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (200_000, 200_000))


@contextlib.contextmanager
def tree(count, moving):
    allow_files()
    top = pathlib.Path(tempfile.mkdtemp(prefix="memspike-bench-", dir="/dev/shm"))
    mover = None
    try:
        subprocess.run([TOP / "bench/tree", "make", top, str(count)], check=True)
        if moving:
            mover = subprocess.Popen([TOP / "bench/tree", "move", top])
        yield top
    finally:
        stop(mover)
        shutil.rmtree(top)


def stop(process):
    if process is not None:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def exporter(top, count, command=(START,), port=20137, options=(), env=None):
    """Runs the exporter on a tree (top None: this machine's) until all of its containers are sampled."""
    paths = [] if top is None else ["--path.cgroupfs=%s/cgroup" % top, "--path.procfs=%s/proc" % top]
    arguments = [*command, "--web.listen-address=127.0.0.1:%d" % port, *paths, *options]
    process = subprocess.Popen(arguments, env={**os.environ, **(env or {})}, stderr=subprocess.DEVNULL)
    try:
        wait_for(process, port, count)
        yield process
    finally:
        stop(process)


def wait_for(process, port, count):
    for _ in range(1200):
        with contextlib.suppress(OSError):
            if value(scrape(port), "memspike_containers") == count:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("bench: the exporter does not see its %d containers" % count)


def scrape(port):
    request = urllib.request.Request("http://127.0.0.1:%d/metrics" % port, headers={"Accept": ACCEPT})
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read().decode()


def value(text, name):
    return next((float(line.split()[-1]) for line in text.splitlines() if line.split(" ")[0] == name), None)


def thread(pid, name):
    """The id of a process' thread, by its name as the kernel cuts it."""
    for task in pathlib.Path("/proc/%d/task" % pid).iterdir():
        if (task / "comm").read_text().strip() == name[:15]:
            return int(task.name)
    sys.exit("bench: no thread %s" % name)


def cpu_and_reads(pid, tid):
    """Nanoseconds on a CPU, and system calls that read; of one thread."""
    task = pathlib.Path("/proc/%d/task/%d" % (pid, tid))
    cpu = int((task / "schedstat").read_text().split()[0])
    reads = int(next(line for line in (task / "io").read_text().splitlines() if line.startswith("syscr")).split()[1])
    return cpu, reads
