/*
 * A process of N GiB in small pages that measures how long its own mmap+munmap and
 * its own page faults take, a thread for each, one every millisecond.
 *
 * usage: pss GIB [thp]     thp: huge pages where the kernel gives them
 * On stdin "SECONDS NAME" for each measurement, on stdout a line for it: NAME, then
 * for mmap+munmap and for faults: how many, median, p99.9 and worst in microseconds.
 *
 * What comes due while one hangs is counted as hanging too, until then: as requests
 * would be that arrive meanwhile.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const int64_t MS = 1000000;
enum { PAGE = 4096, WINDOW = 64 << 20, MOST = 4 << 20 };

struct series {
	int fault, count;
	int64_t until;
	int64_t *ns;
};

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static void check(int good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

static char *map(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(p != MAP_FAILED, "mmap");
	return p;
}

/* In one page of a region that is given back as a whole before, unmeasured. */
static int64_t fault(char *window, size_t *at)
{
	if (*at == 0)
		check(madvise(window, WINDOW, MADV_DONTNEED) == 0, "madvise");
	int64_t began = now();
	*(volatile char *)(window + *at) = 1;
	int64_t took = now() - began;
	*at = (*at + PAGE) % WINDOW;
	return took;
}

static int64_t map_unmap(void)
{
	int64_t began = now();
	char *p = map(16 * PAGE);
	check(munmap(p, 16 * PAGE) == 0, "munmap");
	return now() - began;
}

static void *measure(void *argument)
{
	struct series *s = argument;
	size_t at = 0;
	char *window = NULL;
	if (s->fault) {
		window = map(WINDOW);
		madvise(window, WINDOW, MADV_NOHUGEPAGE);
	}
	for (int64_t due = now(); due < s->until; due += MS) {
		struct timespec t = {due / (1000 * MS), due % (1000 * MS)};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
		int64_t took = s->fault ? fault(window, &at) : map_unmap();
		for (;; took -= MS, due += MS) {
			if (s->count < MOST)
				s->ns[s->count++] = took;
			if (took <= MS)
				break;
		}
	}
	if (s->fault)
		munmap(window, WINDOW);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void print(struct series *s)
{
	qsort(s->ns, (size_t)s->count, sizeof *s->ns, by_size);
	printf(" %d %.1f %.1f %.1f", s->count, s->ns[s->count / 2] / 1e3, s->ns[(int64_t)s->count * 999 / 1000] / 1e3,
	    s->ns[s->count - 1] / 1e3);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: pss GIB [thp]\n");
		return 2;
	}
	size_t size = (size_t)(atof(argv[1]) * (1 << 30));
	char *p = map(size);
	madvise(p, size, argc > 2 && strcmp(argv[2], "thp") == 0 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	for (size_t i = 0; i < size; i += PAGE)
		p[i] = 1;
	struct series series[2] = {{.fault = 0}, {.fault = 1}};
	for (int i = 0; i < 2; i++) {
		series[i].ns = malloc(MOST * sizeof *series[i].ns);
		check(series[i].ns != NULL, "malloc");
	}
	printf("ready\n");
	fflush(stdout);
	double seconds;
	char name[32];
	while (scanf("%lf %31s", &seconds, name) == 2) {
		pthread_t threads[2];
		int64_t until = now() + (int64_t)(seconds * 1e9);
		for (int i = 0; i < 2; i++) {
			series[i].count = 0;
			series[i].until = until;
			check(pthread_create(&threads[i], NULL, measure, &series[i]) == 0, "pthread_create");
		}
		printf("%s", name);
		for (int i = 0; i < 2; i++) {
			pthread_join(threads[i], NULL);
			print(&series[i]);
		}
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
