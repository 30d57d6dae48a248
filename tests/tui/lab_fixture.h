/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TUI_LAB_FIXTURE_H
#define TESTS_TUI_LAB_FIXTURE_H

#include "core/lab/lab.h"
#include "tests/session/made_lab.h"
#include "tui/app.h"

/* The made lab, and an app to open screens on it. */
struct lab_fixture {
	struct made_lab made;
	struct lab *lab; /* the made one's */
	struct app app;  /* lab alone: no stack, nothing can be pushed */
};

void lab_fixture_open(struct lab_fixture *f);
void lab_fixture_close(struct lab_fixture *f);

/* A screen's state, opened with `arg`; close and free it with the other. */
void *lab_fixture_screen(struct lab_fixture *f, const struct screen *s,
			 const char *arg);
void lab_fixture_drop(const struct screen *s, void *self);

/* Press the key of a screen by its command's name. */
enum screen_action lab_fixture_press(const struct screen *s, void *self,
				     const char *name);

#endif
