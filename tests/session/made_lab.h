/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SESSION_MADE_LAB_H
#define TESTS_SESSION_MADE_LAB_H

#include <stdint.h>

#include "core/lab/lab.h"

/*
 * A lab in a temporary file with a small, fully known training history:
 *   c4       trained, 8 checkpoints, rated, stopped
 *   c4-copy  imitates c4/6400, done
 *   fresh    new, without any figure
 * The clock stands at MADE_LAB_NOW.
 */
#define MADE_LAB_NOW "1795392000000" /* 2026-11-23 00:00 UTC */

#define MADE_LAB_C4 "drop:rows=6,cols=7,line=4"

struct made_lab {
	char path[64];
	struct lab *lab;
};

void made_lab_open(struct made_lab *f);
void made_lab_close(struct made_lab *f);

/* The lab of a test program that needs one: cmocka's fixtures open and close
 * it. */
extern struct made_lab made_lab;
int made_lab_set_up(void **state);
int made_lab_tear_down(void **state);

/* Run id by name. */
int64_t made_lab_run(struct made_lab *f, const char *name);
/* Append a figure to a run. */
void made_lab_metric(struct made_lab *f, int64_t run, const char *name,
		     int64_t step, double value);

/* A match that was played, and sixteen: every checkpoint of c4 met random or
 * the one before; the copy, searches and an agent without any network too. */
void made_lab_match(struct made_lab *f, const char *game, const char *first,
		    const char *second, int wins, int draws, int losses);
void made_lab_pool(struct made_lab *f);

#endif
