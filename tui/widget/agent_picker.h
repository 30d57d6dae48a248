/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_AGENT_PICKER_H
#define TUI_WIDGET_AGENT_PICKER_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "store/store.h"
#include "tui/widget/table.h"

/*
 * Choose who looks at a position: the checkpoints of a game's runs in a list,
 * and how many simulations; none is the raw policy.
 */
enum { PICKER_SPEC = 256 };

struct picker_row {
	char source[PICKER_SPEC]; /* "RUN/STEP", "rollout", "uniform" */
	double elo;               /* NAN: not rated */
	int64_t step;             /* -1: no checkpoint */
	int64_t games;            /* seen by it; -1: no such */
};

struct agent_picker {
	bool open;
	struct table table;
	struct picker_row *rows; /* owned */
	int count;
	int simulations; /* 0: raw policy */
};

void agent_picker_init(struct agent_picker *p);
void agent_picker_release(struct agent_picker *p);

/* Read the checkpoints for `g`, newest run first, and open on the latest.
 * `s` may be NULL: then there is only a search without a network. */
ATTR_NODISCARD enum err_code agent_picker_open(struct agent_picker *p,
					       struct store *s,
					       const struct game *g,
					       struct err *e);
/* Go to a network, RUN/STEP: to the run's checkpoint of that step, or the last
 * before it, else its first; or to what agent_picker_spec() gave, with its
 * simulations.  False, and nothing changes: it is not there. */
bool agent_picker_stand_at(struct agent_picker *p, const char *source);
bool agent_picker_recall(struct agent_picker *p, const char *spec);
void agent_picker_close(struct agent_picker *p);

/* Next step of 0 50 100 200 400 ... 12800. */
void agent_picker_simulations(struct agent_picker *p, int step);

/* "mcts:c4/latest,sims=400" of the row under the cursor. */
void agent_picker_spec(const struct agent_picker *p, char out[PICKER_SPEC]);

/* A box in the middle of the canvas. */
void agent_picker_draw(const struct agent_picker *p, struct canvas *c);

#endif
