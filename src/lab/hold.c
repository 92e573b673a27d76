/*
 * Holds memory of kinds that are known exactly, until it is killed. In C and
 * linked statically, so that next to nothing is charged but what is asked for.
 *
 * usage: hold OPERATION...   (sizes in MiB)
 *   in:CGROUP        moves there and starts anew, so that nothing stays charged elsewhere
 *   anon:N           private anonymous memory, touched
 *   free:N           the same, then MADV_FREE
 *   tmpfs:PATH:N     writes a file of that size
 *   cache:PATH:N     the same, then fsync: clean page cache on a disk
 *   dirty:PATH:N     the same without fsync
 *   mlock:PATH:N     like cache, then mapped and locked
 *   share:PATH:N     maps a file of that size, which it makes if it isn't there, and touches every page
 *   wait:MS          does nothing for so long
 *   burst:N:MS       anonymous memory, touched, and given back that long after the last page
 *   tmpburst:PATH:N:MS  the same with a file in a tmpfs
 *   fork:N           goes on as N + 1 processes
 *   churn:CGROUP:N:EVERY:MS  makes N children short0.service …, one EVERY so many ms; in each a
 *                    process with 1 MiB lives for MS, then the cgroup is removed; and ends
 *   grow:FILE        touches anonymous memory page by page until something ends
 *                    it; the bytes so far are in FILE (8 bytes, native order)
 * "ready" on stdout when all is there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void check(int good, const char *what) {
	if (!good) {
		perror(what);
		exit(1);
	}
}

static char *anonymous(size_t size) {
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(p != MAP_FAILED, "mmap");
	return p;
}

static char *touched(size_t size) {
	char *p = anonymous(size);
	for (size_t i = 0; i < size; i += 4096)
		p[i] = 1;
	return p;
}

static int file(const char *path, size_t size, int sync) {
	static char block[65536];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	check(fd >= 0, path);
	memset(block, 'x', sizeof block);
	for (size_t i = 0; i < size; i += sizeof block)
		check(write(fd, block, sizeof block) == sizeof block, path);
	if (sync)
		check(fsync(fd) == 0, path);
	return fd;
}

/* The first one writes it; whoever comes later has only to map it. */
static void share(const char *path, size_t size) {
	struct stat st;
	int fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) != 0 || (size_t) st.st_size < size)
		fd = file(path, size, 1);
	volatile char *p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	check(p != MAP_FAILED, path);
	for (size_t i = 0; i < size; i += 4096)
		(void) p[i];
}

static void grow(const char *path) {
	int fd = open(path, O_RDWR);
	check(fd >= 0, path);
	volatile uint64_t *done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	check(done != MAP_FAILED, path);
	size_t size = (size_t) 4 << 30;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	check(p != MAP_FAILED, "mmap");
	for (size_t i = 0; i < size; i += 4096) {
		p[i] = 1;
		*done = i + 4096;
	}
}

static int64_t milliseconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void nap(int64_t ms) {
	if (ms > 0)
		usleep(ms * 1000);
}

/* Path NULL: anonymous. Huge pages, so that an emulated machine rises faster. */
static void burst(const char *path, size_t size, int64_t ms) {
	int64_t begin = milliseconds();
	int64_t top;
	if (path) {
		int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
		check(fd >= 0 && fallocate(fd, 0, 0, size) == 0, path);
		top = milliseconds();
		nap(ms);
		unlink(path);
		close(fd);
	} else {
		prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
		char *p = anonymous(size + (2 << 20));
		char *aligned = (char *) (((uintptr_t) p + (2 << 20) - 1) & ~((uintptr_t) (2 << 20) - 1));
		madvise(aligned, size, MADV_HUGEPAGE);
		for (size_t i = 0; i < size; i += 4096)
			aligned[i] = 1;
		top = milliseconds();
		nap(ms);
		munmap(p, size + (2 << 20));
	}
	printf("burst: %ld ms to the top, %ld ms in all\n", (long) (top - begin), (long) (milliseconds() - begin));
}

static void short_life(const char *parent, int number, int ms) {
	char dir[3000], procs[4096];
	snprintf(dir, sizeof dir, "%s/short%d.service", parent, number);
	snprintf(procs, sizeof procs, "%s/cgroup.procs", dir);
	check(mkdir(dir, 0755) == 0, dir);
	if (fork() == 0) {
		int fd = open(procs, O_WRONLY);
		check(fd >= 0 && write(fd, "0", 1) == 1, procs);
		touched(1 << 20);
		nap(ms);
		_exit(0);
	}
	wait(NULL);
	while (rmdir(dir) != 0 && errno == EBUSY)
		nap(1);
}

static void churn(const char *parent, int count, int every, int ms) {
	for (int n = 0; n < count; n++) {
		if (fork() == 0) {
			short_life(parent, n, ms);
			_exit(0);
		}
		nap(every);
	}
	while (wait(NULL) > 0)
		;
	exit(0);
}

int main(int argc, char **argv) {
	/* Huge pages would be charged 2 MiB at a time, as luck has it. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	for (int i = 1; i < argc; i++) {
		char *kind = strtok(argv[i], ":");
		char *a = strtok(NULL, ":");
		char *b = strtok(NULL, ":");
		char *c = strtok(NULL, ":");
		char *d = strtok(NULL, ":");
		size_t size = (size_t) atoi(b ? b : a ? a : "0") << 20;
		if (strcmp(kind, "in") == 0) {
			char procs[4096];
			snprintf(procs, sizeof procs, "%s/cgroup.procs", a);
			int fd = open(procs, O_WRONLY);
			check(fd >= 0 && write(fd, "0", 1) == 1, procs);
			close(fd);
			argv[i] = argv[0];
			execv(argv[0], argv + i);
			check(0, "exec");
		} else if (strcmp(kind, "anon") == 0)
			touched(size);
		else if (strcmp(kind, "free") == 0)
			check(madvise(touched(size), size, MADV_FREE) == 0, "madvise");
		else if (strcmp(kind, "tmpfs") == 0 || strcmp(kind, "dirty") == 0)
			file(a, size, 0);
		else if (strcmp(kind, "cache") == 0)
			file(a, size, 1);
		else if (strcmp(kind, "share") == 0)
			share(a, size);
		else if (strcmp(kind, "mlock") == 0) {
			void *p = mmap(NULL, size, PROT_READ, MAP_SHARED, file(a, size, 1), 0);
			check(p != MAP_FAILED && mlock(p, size) == 0, "mlock");
		} else if (strcmp(kind, "wait") == 0)
			nap(atoi(a));
		else if (strcmp(kind, "burst") == 0)
			burst(NULL, (size_t) atoi(a) << 20, atoi(b));
		else if (strcmp(kind, "tmpburst") == 0)
			burst(a, size, atoi(c));
		else if (strcmp(kind, "churn") == 0)
			churn(a, atoi(b), atoi(c), atoi(d));
		else if (strcmp(kind, "fork") == 0) {
			for (int n = atoi(a); n > 0; n--)
				if (fork() == 0)
					break;
		} else if (strcmp(kind, "grow") == 0)
			grow(a);
		else
			check(0, kind);
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
