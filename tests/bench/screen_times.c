/* SPDX-License-Identifier: MIT */
/*
 * How long the lab takes to show its first screen, and a key to show its effect
 * while a search runs: measured from outside, at a pseudo-terminal, as a person
 * has it.
 *
 *	make -C build tests/bench/screen_times
 *	build/tests/bench/screen_times build/plyscope LAB [AGENT]
 *
 * AGENT is one of the lab that thinks for long; the default searches on the
 * rules alone.  Prints milliseconds; judges nothing.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STARTS = 11, KEYS = 41, TIMEOUT_MS = 10000 };

struct session {
	pid_t pid;
	int fd;
	char tail[1 << 16]; /* what was written since the last key */
	size_t len;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void start(struct session *s, char *const argv[])
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	s->len = 0;
	s->pid = forkpty(&s->fd, NULL, NULL, &size);
	if (s->pid < 0) {
		perror("forkpty");
		exit(1);
	}
	if (s->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		unsetenv("LINES");
		unsetenv("COLUMNS");
		execv(argv[0], argv);
		_exit(127);
	}
}

/* Wait until `text` has been written; the time at which it was seen. */
static double await(struct session *s, const char *text)
{
	double begun = now_ms();

	for (;;) {
		struct pollfd p = {.fd = s->fd, .events = POLLIN};
		ssize_t n;

		s->tail[s->len] = '\0';
		if (memmem(s->tail, s->len, text, strlen(text)))
			return now_ms();
		if (now_ms() - begun > TIMEOUT_MS) {
			fprintf(stderr, "no '%s' within %d ms\n", text,
				TIMEOUT_MS);
			exit(1);
		}
		if (poll(&p, 1, 100) <= 0)
			continue;
		if (s->len > sizeof(s->tail) / 2)
			s->len = 0;
		n = read(s->fd, s->tail + s->len, sizeof(s->tail) - s->len - 1);
		if (n > 0)
			s->len += (size_t)n;
		else if (n < 0 && errno != EINTR) {
			fprintf(stderr, "the program ended early\n");
			exit(1);
		}
	}
}

static double press(struct session *s, const char *key, const char *shows)
{
	double sent;

	s->len = 0;
	sent = now_ms();
	if (write(s->fd, key, strlen(key)) < 0)
		perror("write");
	return await(s, shows) - sent;
}

static void stop(struct session *s)
{
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
	close(s->fd);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *what, double *ms, int n)
{
	qsort(ms, (size_t)n, sizeof(*ms), by_size);
	printf("%-36s median %6.1f ms   worst %6.1f ms   (%d)\n", what,
	       ms[n / 2], ms[n - 1], n);
}

int main(int argc, char **argv)
{
	static struct session s;
	double first[STARTS], keys[KEYS];
	char screen[256], lab_flag[] = "--lab", screen_flag[] = "--screen";

	if (argc < 3) {
		fprintf(stderr, "usage: %s PLYSCOPE LAB [AGENT]\n", argv[0]);
		return 2;
	}
	for (int i = 0; i < STARTS; i++) {
		char *home[] = {argv[1], lab_flag, argv[2], NULL};
		double begun = now_ms();

		start(&s, home);
		first[i] = await(&s, "Newest games") - begun;
		stop(&s);
	}
	report("first screen", first, STARTS);

	snprintf(screen, sizeof(screen), "play %s game=connect4 side=second",
		 argc > 3 ? argv[3] : "mcts:uniform,sims=1000000");
	{
		char *play[] = {argv[1],     lab_flag, argv[2],
				screen_flag, screen,   NULL};

		start(&s, play);
		await(&s, "Moves");
		for (int i = 0; i < KEYS; i++) {
			keys[i] = press(&s, "?", "Keys of this screen");
			press(&s, "q", "Moves");
		}
		stop(&s);
	}
	report("key to frame while a search runs", keys, KEYS);
	return 0;
}
