/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_BENCH_TIME_H
#define TUI_CMD_BENCH_TIME_H

/* How the parts of `plyscope bench` take a time. */

enum { BENCH_MAX_THREADS = 2 };

/* Calls of work(ctx) a second, by `now`: the fastest of many short runs within
 * these seconds. */
double bench_fastest(double seconds, double (*now)(void),
		     void (*work)(void *ctx), void *ctx);

#endif
