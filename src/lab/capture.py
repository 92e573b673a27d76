"""The part of src/lab/capture that runs in the guest: makes cgroups whose contents
are known, and copies the kernel's files byte by byte.

usage: capture.py OUT HOLD [k8s-systemd | k8s-cgroupfs]
"""
import hashlib, os, re, shutil, signal, struct, subprocess, sys, time, uuid

OUT, HOLD = sys.argv[1:3]
HOST = sys.argv[3] if len(sys.argv) > 3 else None
ROOT = '/sys/fs/cgroup'
MIB = 1 << 20
RELEASE = os.uname().release
KERNEL = '.'.join(RELEASE.split('.')[:2])

MEMORY = ('memory.current memory.stat memory.max memory.high memory.peak memory.events memory.pressure '
          'memory.swap.current memory.swap.max').split()
TREE = MEMORY + 'memory.oom.group cgroup.events cgroup.controllers cgroup.procs'.split()

def read(path):
    with open(path, 'rb') as f:
        return f.read()

def write(path, text):
    with open(path, 'w') as f:
        f.write(str(text))

def copy(cgroup, to, names):
    os.makedirs(to, exist_ok=True)
    for name in names:
        try:
            data = read(f'{cgroup}/{name}')
        except OSError:  # not for the root, or not in this kernel
            continue
        with open(f'{to}/{name}', 'wb') as f:
            f.write(data)

def keyed(data):
    return {k: int(v) for k, v in (line.split() for line in data.decode().splitlines())}

# --- cgroups and what is in them ----------------------------------------------

running = []   # (process, cgroup)
files = []
made = []

def cgroup(path, **settings):
    """Makes it with its parents, controllers enabled on the way."""
    full = ROOT
    for part in path.split('/'):
        # Inner cgroups cannot have processes, which nobody here wants either.
        write(f'{full}/cgroup.subtree_control', '+memory +pids +cpu')
        full += '/' + part
        if not os.path.isdir(full):
            os.mkdir(full)
            made.append(full)
    for name, value in settings.items():
        write(f'{full}/memory.{name.replace("_", ".")}', value)
    return full

def hold(cg, *operations):
    p = subprocess.Popen([HOLD, f'in:{cg}', *operations], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    running.append((p, cg))
    files.extend(o.split(':')[1] for o in operations if o.count(':') == 2)
    if p.stdout.readline() != b'ready\n':
        raise SystemExit(f'{cg}: {operations} did not get ready')
    return p

def settle(cgs):
    """memory.stat lags by up to some seconds; what is pending is flushed too."""
    time.sleep(5)
    for cg in cgs:
        read(f'{cg}/cpu.stat')  # on kernels up to 6.15 this flushes all counters
        read(f'{cg}/memory.stat')

def clear():
    for p, _ in running:
        p.kill()
        p.wait()
    for f in files:
        if os.path.exists(f):
            os.unlink(f)
    for full in reversed(made):
        for _ in range(50):
            try:
                os.rmdir(full)
                break
            except OSError:
                time.sleep(0.1)
    running.clear(), files.clear(), made.clear()

def grow_until_killed(cg):
    """How much more anonymous memory fits. The counter's page belongs to us."""
    counter = '/dev/shm/counter'
    with open(counter, 'wb') as f:
        f.write(bytes(4096))
    def first_victim():
        write('/proc/self/oom_score_adj', 1000)
    p = subprocess.Popen([HOLD, f'in:{cg}', f'grow:{counter}'], preexec_fn=first_victim,
                         stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        p.wait(timeout=120)
    except subprocess.TimeoutExpired:
        p.kill()
        p.wait()
        return None
    return struct.unpack('Q', read(counter)[:8])[0] if p.returncode == -signal.SIGKILL else None

def swap_devices():
    return [line.split()[0] for line in read('/proc/swaps').decode().splitlines()[1:]]

# --- risk -----------------------------------------------------------------------

own = 0   # what an idle process has that cannot be reclaimed, measured first

def unreclaimable(folder, meminfo):
    """The estimate, from the copied files, of a cgroup without limits on swap above it."""
    stat = keyed(read(f'{folder}/memory.stat'))
    swap = int(re.search(rb'SwapFree: +(\d+)', read(meminfo)).group(1)) * 1024
    limit = read(f'{folder}/memory.swap.max').strip()
    if limit != b'max':
        swap = min(swap, max(0, int(limit) - int(read(f'{folder}/memory.swap.current'))))
    return (int(read(f'{folder}/memory.current')) - stat['inactive_file'] - stat['active_file']
            - stat['slab_reclaimable'] - min(stat['inactive_anon'] + stat['active_anon'], swap))

KINDS = 'anon tmpfs mlocked madv_free clean_cache dirty'.split()

def truth(to, known, expected, **more):
    lines = {f'bytes_{k}': known.get(k, 0) * MIB for k in KINDS}
    lines['unreclaimable_expected'] = expected
    lines.update((k, v) for k, v in more.items() if v is not None)
    lines['kernel'] = RELEASE
    write(f'{to}/truth.txt', ''.join(f'{k}={v}\n' for k, v in lines.items()))
    print(to[len(OUT) + 1:], ' '.join(f'{k}={v}' for k, v in lines.items() if v and k != 'kernel'), flush=True)

def risk(name, operations, known, limit, swappable=lambda: 0, grow=True, **settings):
    global own
    to = f'{OUT}/risk/{KERNEL}/{name}'
    cg = cgroup(f'risk-{name}', max=limit * MIB, **settings)
    hold(cg, *operations)
    settle([cg])
    copy(cg, to, MEMORY)
    with open(f'{to}/meminfo', 'wb') as f:
        f.write(read('/proc/meminfo'))
    estimate = unreclaimable(to, f'{to}/meminfo')
    if name == 'idle':
        own = estimate
    expected = sum(known.get(k, 0) for k in ('anon', 'tmpfs', 'mlocked')) * MIB + own
    expected = max(own, expected - swappable())
    predicted = limit * MIB - estimate
    fitted = grow_until_killed(cg) if grow else None
    truth(to, known, expected, bytes_process=own, anon_predicted_bytes=predicted if grow else None,
          anon_until_oom_bytes=fitted)
    clear()

def risk_pod():
    """The pod's limit is reached before its containers'."""
    to = f'{OUT}/risk/{KERNEL}/pod'
    uid = str(uuid.uuid5(uuid.NAMESPACE_DNS, 'risk')).replace('-', '_')
    pod = f'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{uid}.slice'
    levels = {'pod': cgroup(pod, max=100 * MIB),
              'a': cgroup(f'{pod}/cri-containerd-{identifier("a")}.scope', max=64 * MIB),
              'b': cgroup(f'{pod}/cri-containerd-{identifier("b")}.scope')}
    hold(levels['a'], 'anon:50')
    hold(levels['b'], 'tmpfs:/tmp/b:20')
    settle(levels.values())
    for name, cg in levels.items():
        copy(cg, f'{to}/{name}', MEMORY + ['memory.events.local'])
    with open(f'{to}/meminfo', 'wb') as f:
        f.write(read('/proc/meminfo'))
    estimate = unreclaimable(f'{to}/pod', f'{to}/meminfo')
    log = os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)
    os.lseek(log, 0, os.SEEK_END)
    fitted = grow_until_killed(levels['b'])
    time.sleep(0.5)
    for name, cg in levels.items():
        copy(cg, f'{to}/after-oom/{name}', ['memory.events', 'memory.events.local', 'memory.peak'])
    with open(f'{to}/after-oom/kmsg', 'wb') as f:
        try:
            while True:
                f.write(os.read(log, 8192))
        except BlockingIOError:
            os.close(log)
    truth(f'{to}/a', {'anon': 50}, 50 * MIB + own, bytes_process=own, path=levels['a'][len(ROOT):])
    truth(f'{to}/b', {'tmpfs': 20}, 20 * MIB + own, bytes_process=own, path=levels['b'][len(ROOT):])
    truth(f'{to}/pod', {'anon': 50, 'tmpfs': 20}, 70 * MIB + 2 * own, bytes_process=2 * own,
          path=levels['pod'][len(ROOT):], anon_predicted_bytes=100 * MIB - estimate,
          anon_until_oom_bytes=fitted)
    clear()

def risks():
    swaps = swap_devices()
    subprocess.run(['/sbin/swapoff', *swaps], check=True)
    risk('idle', [], {}, 100)
    risk('anon', ['anon:60'], {'anon': 60}, 100)
    risk('tmpfs', ['tmpfs:/tmp/t:40', 'cache:/disk/t:30'], {'tmpfs': 40, 'clean_cache': 30}, 100)
    risk('mlocked', ['mlock:/disk/m:40'], {'mlocked': 40}, 100)
    risk('madv-free', ['free:40'], {'madv_free': 40}, 100)
    risk('cache', ['cache:/disk/c:60'], {'clean_cache': 60}, 100)
    # Left to itself the kernel writes them out within seconds.
    vm = '/proc/sys/vm/'
    names = 'dirty_writeback_centisecs dirty_expire_centisecs dirty_background_ratio dirty_ratio'.split()
    before = [read(vm + n).decode() for n in names]
    for n, v in zip(names, (0, 360000, 90, 95)):
        write(vm + n, v)
    risk('dirty', ['dirty:/disk/d:40'], {'dirty': 40}, 100)
    for n, v in zip(names, before):
        write(vm + n, v)
    risk_pod()
    for device in swaps:
        subprocess.run(['/sbin/swapon', device], check=True)
    risk('swap', ['anon:120'], {'anon': 120}, 64, swappable=lambda: 120 * MIB, grow=False)
    risk('swap-max-0', ['anon:60'], {'anon': 60}, 100, swap_max=0)
    # 80 MiB in 64 MiB: some 16 MiB are out, and as much again may follow.
    risk('swap-partly', ['anon:80'], {'anon': 80}, 64, swappable=lambda: 32 * MIB, swap_max=32 * MIB)
    subprocess.run(['/sbin/swapoff', *swaps], check=True)

# --- stat -----------------------------------------------------------------------

def stats():
    to = f'{OUT}/stat/{KERNEL}'
    names = MEMORY + ['memory.events.local']
    empty = cgroup('stat-empty')
    copy(empty, f'{to}/empty', names)
    # More page cache than the limit lets stay: reclaim, events and pressure.
    busy = {'busy': cgroup('stat-busy', max=48 * MIB), 'throttled': cgroup('stat-throttled', max=64 * MIB, high=48 * MIB)}
    for name, cg in busy.items():
        hold(cg, 'anon:20', f'tmpfs:/tmp/{name}:8', f'cache:/disk/{name}:60')
    settle(busy.values())
    for name, cg in busy.items():
        copy(cg, f'{to}/{name}', names)
    write(f'{to}/uname', RELEASE + '\n')
    clear()

# --- hosts ----------------------------------------------------------------------

def identifier(name):
    return hashlib.sha256(f'memspike lab {name}'.encode()).hexdigest()

def pod_uid(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f'memspike lab {name}'))

def static_uid(name):
    return hashlib.md5(f'memspike lab {name}'.encode()).hexdigest()

# The names of host k8s-systemd, as a kubelet and Docker would have left them on disk; the other host has none.
PODS = {  # pod: namespace, name, containers by what identifier() takes
    'orders': ('shop', 'orders-0', {'orders': 'orders'}),
    'web': ('shop', 'web-7d4b9c8f5-x2x9p', {'web': 'web', 'web cache': 'cache'}),
    'batch': ('jobs', 'batch-29213-k7k2m', {'batch': 'batch'}),
    'etcd': ('kube-system', 'etcd-node1', {'etcd': 'etcd'}),
    'tools': ('default', 'tools', {'tools': 'tools'}),
}

def names(to):
    os.makedirs(f'{to}/containers')
    for pod, (namespace, name, containers) in PODS.items():
        uid = static_uid(pod) if pod == 'etcd' else pod_uid(pod)
        for container, label in containers.items():
            os.symlink(f'/var/log/pods/{namespace}_{name}_{uid}/{label}/0.log',
                       f'{to}/containers/{name}_{namespace}_{label}-{identifier(container)}.log')
    write(f'{to}/docker/{identifier("registry")}/config.v2.json',
          '{"ID":"%s","Config":{"Env":["PASSWORD=secret"]},"Name":"/registry"}\n' % identifier('registry'))

def host(name):
    rows = []   # path, role, what it holds
    def leaf(path, role, *operations, **settings):
        if role in ('container', 'pause'):
            settings.setdefault('oom_group', 1)   # as kubelet does
            settings.setdefault('swap_max', 0)
        hold(cgroup(path, **settings), *operations)
        rows.append((path, role, settings.get('max', 'max'), ' '.join(operations)))

    if name == 'k8s-systemd':
        k = 'kubepods.slice'
        def pod(qos, uid, **settings):
            uid = uid.replace('-', '_')
            path = f'{k}/kubepods-pod{uid}.slice' if qos is None else \
                f'{k}/kubepods-{qos}.slice/kubepods-{qos}-pod{uid}.slice'
            cgroup(path, **settings)
            rows.append((path, 'pod', settings.get('max', 'max'), qos or 'guaranteed'))
            return path
        cgroup(k, max=1600 * MIB)
        p = pod(None, pod_uid('orders'), max=128 * MIB)
        leaf(f'{p}/cri-containerd-{identifier("orders pause")}.scope', 'pause')
        leaf(f'{p}/cri-containerd-{identifier("orders")}.scope', 'container', 'anon:30', max=128 * MIB)
        # One container without a limit: none for the pod.
        p = pod('burstable', pod_uid('web'))
        leaf(f'{p}/cri-containerd-{identifier("web pause")}.scope', 'pause')
        leaf(f'{p}/cri-containerd-{identifier("web")}.scope', 'container', 'anon:60', max=64 * MIB)
        leaf(f'{p}/cri-containerd-{identifier("web cache")}.scope', 'container', 'tmpfs:/tmp/web:20', 'cache:/disk/web:6')
        # CRI-O with crun: the processes are one level further down.
        p = pod('burstable', pod_uid('batch'), max=96 * MIB)
        for c, ops, limit in (('batch pause', (), 'max'), ('batch', ('anon:4', 'cache:/disk/batch:8'), 96 * MIB)):
            scope = f'{p}/crio-{identifier(c)}.scope'
            cgroup(scope, max=limit, oom_group=1, swap_max=0)
            rows.append((scope, 'pause' if 'pause' in c else 'container', limit, ''))
            leaf(f'{scope}/container', 'container-processes', *ops)
        leaf(f'{p}/crio-conmon-{identifier("batch")}.scope', 'conmon', 'anon:1')
        p = pod('burstable', static_uid('etcd'))
        leaf(f'{p}/cri-containerd-{identifier("etcd pause")}.scope', 'pause')
        leaf(f'{p}/cri-containerd-{identifier("etcd")}.scope', 'container', 'anon:5', 'mlock:/disk/etcd:3')
        p = pod('besteffort', pod_uid('tools'))
        leaf(f'{p}/docker-{identifier("tools pause")}.scope', 'pause')
        leaf(f'{p}/docker-{identifier("tools")}.scope', 'container', 'anon:2', 'free:4')
        leaf('init.scope', 'system', 'anon:1')
        leaf('system.slice/sshd.service', 'system', 'anon:1')
        leaf('system.slice/containerd.service', 'system', 'anon:6', 'cache:/disk/containerd:4')
        leaf(f'system.slice/docker-{identifier("registry")}.scope', 'docker', 'anon:3')
        leaf('user.slice/user-1000.slice/user@1000.service/app.slice/agent.service', 'user', 'anon:2')
        leaf('user.slice/user-1000.slice/session-3.scope', 'user', 'anon:1')
    else:
        k = 'kubepods'
        def pod(qos, uid, **settings):
            path = f'{k}/pod{uid}' if qos is None else f'{k}/{qos}/pod{uid}'
            cgroup(path, **settings)
            rows.append((path, 'pod', settings.get('max', 'max'), qos or 'guaranteed'))
            return path
        cgroup(k, max=1600 * MIB)
        p = pod(None, pod_uid('orders'), max=128 * MIB)
        leaf(f'{p}/{identifier("orders pause")}', 'pause')
        leaf(f'{p}/{identifier("orders")}', 'container', 'anon:30', max=128 * MIB)
        p = pod('burstable', pod_uid('web'))
        leaf(f'{p}/{identifier("web pause")}', 'pause')
        leaf(f'{p}/{identifier("web")}', 'container', 'anon:60', max=64 * MIB)
        leaf(f'{p}/{identifier("web cache")}', 'container', 'tmpfs:/tmp/web:20', 'cache:/disk/web:6')
        p = pod('burstable', pod_uid('batch'), max=96 * MIB)
        leaf(f'{p}/crio-{identifier("batch pause")}', 'pause')
        leaf(f'{p}/crio-{identifier("batch")}', 'container', 'anon:4', 'cache:/disk/batch:8', max=96 * MIB)
        leaf(f'{p}/crio-conmon-{identifier("batch")}', 'conmon', 'anon:1')
        p = pod('burstable', static_uid('etcd'))
        leaf(f'{p}/{identifier("etcd pause")}', 'pause')
        leaf(f'{p}/{identifier("etcd")}', 'container', 'anon:5', 'mlock:/disk/etcd:3')
        p = pod('besteffort', pod_uid('tools'))
        leaf(f'{p}/{identifier("tools pause")}', 'pause')
        leaf(f'{p}/{identifier("tools")}', 'container', 'anon:2', 'free:4')
        leaf(f'docker/{identifier("registry")}', 'docker', 'anon:3', max=256 * MIB)
        leaf('system.slice/sshd.service', 'system', 'anon:1')
        leaf('system.slice/containerd.service', 'system', 'anon:6', 'cache:/disk/containerd:4')

    settle([d for d, _, _ in os.walk(ROOT)])
    to = f'{OUT}/host/{name}-{KERNEL}'
    shutil.rmtree(to, ignore_errors=True)
    for d, _, _ in os.walk(ROOT):
        copy(d, f'{to}/cgroup{d[len(ROOT):]}', TREE)
    os.makedirs(f'{to}/proc')
    with open(f'{to}/proc/meminfo', 'wb') as f:
        f.write(read('/proc/meminfo'))
    write(f'{to}/truth.tsv', 'path\trole\tlimit\tholds\n' + ''.join('\t'.join(map(str, r)) + '\n' for r in rows))
    write(f'{to}/uname', RELEASE + '\n')
    if name == 'k8s-systemd':
        names(to)
    print(f'host/{name}-{KERNEL}', len(rows), 'cgroups', flush=True)
    clear()

os.umask(0o022)
# Its text is then paid for by the root, not by the cgroup where it runs first.
HOLD = shutil.copy(HOLD, '/disk/hold')
for part in 'risk', 'stat':
    shutil.rmtree(f'{OUT}/{part}/{KERNEL}', ignore_errors=True)
stats()
risks()
if HOST:
    host(HOST)
