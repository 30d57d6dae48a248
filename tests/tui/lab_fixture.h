/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TUI_LAB_FIXTURE_H
#define TESTS_TUI_LAB_FIXTURE_H

#include "core/lab/lab.h"
#include "tui/app.h"

/*
 * A lab in a temporary file with a small, fully known training history:
 *   c4       trained, 8 checkpoints, rated, stopped
 *   c4-copy  imitates c4/6400, done
 *   fresh    new, without any figure
 * The clock stands at LAB_FIXTURE_NOW.
 */
#define LAB_FIXTURE_NOW "1795392000000" /* 2026-11-23 00:00 UTC */

struct lab_fixture {
	char path[64];
	struct lab *lab;
	struct app app; /* lab alone: no stack, nothing can be pushed */
};

void lab_fixture_open(struct lab_fixture *f);
void lab_fixture_close(struct lab_fixture *f);

/* A screen's state, opened with `arg`; close and free it with the other. */
void *lab_fixture_screen(struct lab_fixture *f, const struct screen *s,
			 const char *arg);
void lab_fixture_drop(const struct screen *s, void *self);

/* Run id by name. */
int64_t lab_fixture_run(struct lab_fixture *f, const char *name);
/* Append a figure to a run. */
void lab_fixture_metric(struct lab_fixture *f, int64_t run, const char *name,
			int64_t step, double value);

#endif
