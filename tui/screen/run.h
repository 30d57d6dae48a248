/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_RUN_H
#define TUI_SCREEN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/repeats.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/screen/charts.h"
#include "tui/screen/job_view.h"
#include "tui/spawn.h"

/* The page of one run: its job, and its curves with those of other runs over
 * them. */
struct run_page {
	struct app *app;
	struct store *store; /* borrowed from the lab */
	struct charts charts;
	struct job_view job;
	struct spawn *resumed; /* owned; a resume that was asked for here */
	int64_t data_version;
	int ticks;
	int64_t *steps; /* owned [step_count]: checkpoints of the top run */
	size_t step_count;
	int64_t steps_of; /* the run they belong to */
	char kind[24], game[96], state[24];
	bool can_go_on;         /* what it needs for that is in the lab */
	char *facts;            /* owned: lines for the popup */
	struct repeats repeats; /* of its games; read when facts are shown */
	bool show_facts;
	int facts_top;
};

/* The checkpoint that Enter opens: the one whose step is nearest to the
 * cursor's, without one the newest.  The focused curve may end long before. */
int64_t run_page_checkpoint(const struct run_page *p);
int run_page_fact_lines(const struct run_page *p);
void run_page_draw(const void *self, struct canvas *c);
void run_page_status(const void *self, struct buf *out);

#endif
