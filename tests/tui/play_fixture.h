/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TUI_PLAY_FIXTURE_H
#define TESTS_TUI_PLAY_FIXTURE_H

#include "core/lab/lab.h"
#include "tui/script.h"

/*
 * A real app on a new lab file in a folder of its own, driven by scripts.
 */
struct fixture {
	char folder[64];
	struct lab *lab;
	struct app *app;
	struct script script;
};

void fixture_open(struct fixture *f, const char *screen, const char *arg,
		  int rows, int cols);
void fixture_close(struct fixture *f);

/* Runs the script; fails the test with the line that was not met. */
void fixture_run(struct fixture *f, const char *text);

/* Compares what is on the screen with the golden picture. */
void fixture_picture(struct fixture *f, const char *name);

#endif
