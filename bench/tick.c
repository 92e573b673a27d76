/*
 * What reading alone costs: the files of each pod and container below a cgroup
 * root, held open, each read by one pread at 0 into one buffer, at the rates of
 * sampling/LevelReader.java. memory.current is turned into a number, because the
 * rates depend on it; nothing else is looked at.
 *
 * usage: tick CGROUP_ROOT SWAP     SWAP 1 reads the swap files too, as a node with swap does
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CURRENT, STAT, EVENTS, MAX, SWAP_MAX, SWAP_CURRENT, PEAK, OOM_GROUP, PRESSURE, FILES };
static const char *const names[FILES] = {"memory.current", "memory.stat", "memory.events",
    "memory.max", "memory.swap.max", "memory.swap.current", "memory.peak", "memory.oom.group",
    "memory.pressure"};
enum kind { ANCESTOR, POD, CONTAINER };

static const int64_t MS = 1000000, TICK = 50, DETAIL = 200, IDLE_DETAIL = 1000, LIMITS = 1000, ANCESTORS = 5000;
static const int64_t IDLE_BYTES = 256 * 1024, MOVED_BYTES = 1024 * 1024;

static struct level {
	enum kind kind;
	int fd[FILES];
	int64_t current, at_detail, limit, detail_at, interval, next_detail, next_limits;
} *levels;
static int count, room;
static char buffer[4096];

static void get(struct level *l, int file)
{
	if (pread(l->fd[file], buffer, sizeof buffer, 0) < 0) {
		perror(names[file]);
		exit(1);
	}
}

static int64_t number(void)
{
	return *buffer == 'm' ? INT64_MAX : strtoll(buffer, NULL, 10);
}

static int found(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *name = path + ftw->base;
	(void)st;
	if (type != FTW_D || strstr(path, "kubepods") == NULL)
		return 0;
	if (count == room)
		levels = realloc(levels, sizeof *levels * (size_t)(room = room * 2 + 64));
	struct level *l = &levels[count++];
	memset(l, 0, sizeof *l);
	l->kind = strncmp(name, "pod", 3) == 0 ? POD : strlen(name) == 64 ? CONTAINER : ANCESTOR;
	l->at_detail = -1;
	l->limit = INT64_MAX;
	for (int f = 0; f < (l->kind == CONTAINER ? FILES : PEAK); f++) {
		char file[4096];
		snprintf(file, sizeof file, "%s/%s", path, names[f]);
		l->fd[f] = open(file, O_RDONLY | O_CLOEXEC);
	}
	return 0;
}

static void limits(struct level *l, int swap)
{
	get(l, MAX);
	l->limit = number();
	if (swap) {
		get(l, SWAP_MAX);
		get(l, SWAP_CURRENT);
	}
	if (l->kind == CONTAINER) {
		get(l, PEAK);
		get(l, OOM_GROUP);
	}
}

static void detail(struct level *l, int64_t now)
{
	int idle = l->at_detail >= 0 && llabs(l->current - l->at_detail) <= IDLE_BYTES;
	int64_t twice = l->interval * 2;
	l->interval = !idle || twice < DETAIL * MS ? DETAIL * MS : twice > IDLE_DETAIL * MS ? IDLE_DETAIL * MS : twice;
	/* Levels that appeared together take turns. */
	l->next_detail = now + (l->at_detail < 0 ? DETAIL * MS / 16 * (1 + rand() % 16) : l->interval);
	l->detail_at = now;
	l->at_detail = l->current;
	get(l, STAT);
	get(l, EVENTS);
	if (l->kind == CONTAINER)
		get(l, PRESSURE);
}

static void tick(struct level *l, int64_t now, int swap)
{
	if (l->kind == ANCESTOR) {
		if (now < l->next_limits)
			return;
		l->next_limits = now + ANCESTORS * MS;
		limits(l, swap);
		get(l, EVENTS);
		return;
	}
	get(l, CURRENT);
	l->current = number();
	if (now >= l->next_limits) {
		l->next_limits = now + (l->next_limits == 0 ? LIMITS * MS / 16 * (1 + rand() % 16) : LIMITS * MS);
		limits(l, swap);
	}
	int64_t moved = llabs(l->current - l->at_detail);
	int64_t far = l->limit / 100 > MOVED_BYTES ? l->limit / 100 : MOVED_BYTES;
	if (now >= l->next_detail || moved > far || (moved > IDLE_BYTES && now >= l->detail_at + DETAIL * MS))
		detail(l, now);
}

static int64_t clock_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 * MS + t.tv_nsec;
}

int main(int argc, char **argv)
{
	if (argc != 3 || nftw(argv[1], found, 64, FTW_PHYS) != 0) {
		fprintf(stderr, "usage: tick CGROUP_ROOT SWAP\n");
		return 2;
	}
	int swap = atoi(argv[2]);
	for (int64_t due = clock_ns();; due += TICK * MS) {
		struct timespec t = {due / (1000 * MS), due % (1000 * MS)};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
		int64_t now = clock_ns();
		for (int i = 0; i < count; i++)
			tick(&levels[i], now, swap);
	}
}
