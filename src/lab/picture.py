"""Runs in a machine of src/lab/vm; see src/lab/picture."""

import os
import re
import subprocess
import sys
import threading
import time
import urllib.request

SECONDS, SCRAPE, LIMIT = 60, 15, 256
WIDTH, HEIGHT, LEFT, TOP = 860, 300, 52, 44
NAME = "/shop.slice/checkout.service"
DIR = "/sys/fs/cgroup" + NAME


def write(path, value):
    with open(path, "w") as f:
        f.write(value)


def scrape():
    text = urllib.request.urlopen("http://127.0.0.1:10137/metrics", timeout=10).read().decode()
    found = re.findall(r"^memspike_memory_(\w+)_bytes\{.*container=\"%s\"\} (\d+)" % re.escape(NAME), text, re.M)
    return {key: int(value) / 2**20 for key, value in found}


def main(svg):
    os.makedirs(os.path.dirname(DIR))
    write(os.path.dirname(DIR) + "/cgroup.subtree_control", "+memory")
    os.mkdir(DIR)
    write(DIR + "/memory.max", str(LIMIT << 20))
    exporter = subprocess.Popen(
        ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", "target/memspike.jar",
         "--web.listen-address=127.0.0.1:10137", "--sample.cpu-budget=100%"])
    bursts = "wait:11000 burst:70:170 wait:9000 burst:84:150 wait:17000 burst:60:200"
    while True:  # emulated, a JVM may take its time
        try:
            urllib.request.urlopen("http://127.0.0.1:10137/-/ready", timeout=10)
            break
        except OSError:
            time.sleep(0.5)
    holder = subprocess.Popen(["target/lab/hold", "in:" + DIR, "anon:148"])
    time.sleep(5)
    began = time.monotonic()
    burst = subprocess.Popen(["target/lab/hold", "in:" + DIR] + bursts.split())
    truth, scrapes = [], []

    def scraper():
        for due in range(3, SECONDS, SCRAPE):
            time.sleep(max(0, began + due - time.monotonic()))
            scrapes.append((time.monotonic() - began, scrape()))

    thread = threading.Thread(target=scraper)
    thread.start()
    with open(DIR + "/memory.current") as current:
        while time.monotonic() - began < SECONDS:
            current.seek(0)
            truth.append((time.monotonic() - began, int(current.read()) / 2**20))
            time.sleep(0.005)
    thread.join()
    for process in (exporter, holder, burst):
        process.kill()
    write(svg, draw(truth, scrapes))


def draw(truth, scrapes):
    def x(t):
        return LEFT + t / SECONDS * (WIDTH - LEFT - 12)

    def y(mib):
        return TOP + (1 - mib / (LIMIT * 1.08)) * (HEIGHT - TOP - 34)

    def path(points):
        return "M" + " L".join("%.1f %.1f" % (x(t), y(v)) for t, v in points)

    thinned = [truth[0]]
    for before, point, after in zip(truth, truth[1:], truth[2:]):  # what is flat needs no points
        if abs(before[1] - point[1]) > 0.2 or abs(after[1] - point[1]) > 0.2:
            thinned.append(point)
    thinned.append(truth[-1])
    steps = []
    for (t, values), end in zip(scrapes, [t for t, _ in scrapes[1:]] + [SECONDS]):
        steps += [(t, values["unreclaimable_peak"]), (end, values["unreclaimable_peak"])]
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">'
           % (WIDTH, HEIGHT), '<rect width="100%" height="100%" fill="#fff"/>']
    for mib in range(0, LIMIT + 1, 64):
        out.append('<path d="M%d %.1f H%d" stroke="#e4e4e4"/><text x="%d" y="%.1f" text-anchor="end" fill="#666">%d</text>'
                   % (LEFT, y(mib), WIDTH - 12, LEFT - 6, y(mib) + 4, mib))
    for second in range(0, SECONDS + 1, 15):
        out.append('<text x="%.1f" y="%d" text-anchor="middle" fill="#666">%d s</text>' % (x(second), HEIGHT - 12, second))
    out.append('<path d="M%d %.1f H%d" stroke="#c22" stroke-dasharray="7 4"/>' % (LEFT, y(LIMIT), WIDTH - 12))
    out.append('<path d="%s" fill="none" stroke="#9aa5b1" stroke-width="1.3"/>' % path(thinned))
    out.append('<path d="%s" fill="none" stroke="#d9660a" stroke-width="2.4"/>' % path(steps))
    out.append('<path d="%s" fill="none" stroke="#1668b8" stroke-width="2.4"/>'
               % path([(t, values["current"]) for t, values in scrapes]))
    for t, values in scrapes:
        out.append('<circle cx="%.1f" cy="%.1f" r="4" fill="#1668b8"/>' % (x(t), y(values["current"])))
    legend = [("#c22", "memory.max, 256 MiB"), ("#9aa5b1", "memory.current, read every 5 ms"),
              ("#1668b8", "a gauge, scraped every 15 s"), ("#d9660a", "memspike unreclaimable peak, the same scrapes")]
    for i, (colour, label) in enumerate(legend):
        at, row = LEFT + i % 2 * 300, 4 + i // 2 * 18
        out.append('<rect x="%d" y="%d" width="12" height="12" fill="%s"/><text x="%d" y="%d">%s</text>'
                   % (at, row, colour, at + 17, row + 10, label))
    return "\n".join(out + ["</svg>", ""])


main(sys.argv[1])
