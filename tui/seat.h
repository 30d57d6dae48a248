/* SPDX-License-Identifier: MIT */
#ifndef TUI_SEAT_H
#define TUI_SEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/round.h"
#include "core/session/thinker.h"
#include "tui/app.h"
#include "tui/widget/thinking.h"

/*
 * Who plays a side: a person, or an agent with its thread and what it thinks. A
 * zeroed one is an empty seat, which a person may take.
 */
enum { SEAT_SPEC_SIZE = 256 };

struct seat {
	char spec[SEAT_SPEC_SIZE]; /* as asked for */
	struct thinker *thinker;   /* owned; NULL for a person */
	struct thinking pane;
	int asked_ply; /* of the question; -1: none is open */
};

/* Seat what `spec` names in place of who sat there; `g` must outlive the seat.
 * On failure the seat is as it was. */
ATTR_NODISCARD enum err_code seat_take(struct seat *s, struct app *app,
				       const struct game *g, const char *spec,
				       struct err *e);
void seat_release(struct seat *s); /* zeroed is allowed */
void seat_swap(struct seat *a, struct seat *b);

bool seat_is_human(const struct seat *s);
/* "human" or the agent's full name, as the lab file has it. */
const char *seat_name(const struct seat *s);
bool seat_is_thinking(const struct seat *s);

/* Have the agent think about the round as it stands; nothing happens if that
 * question is open already. */
void seat_ask(struct seat *s, const struct round *r, uint64_t game_number);
void seat_cancel(struct seat *s);

enum seat_news { SEAT_NOTHING, SEAT_SNAPSHOT, SEAT_ANSWER };
/* Collect what is new into the pane; with SEAT_ANSWER the thought is the
 * caller's. */
enum seat_news seat_collect(struct seat *s, const struct round *r, bool ascii,
			    struct thought *answer);

/* The spec with another number of simulations: 0 makes it the raw policy, and
 * a raw policy with simulations a search.  False if the agent has neither.
 * `out` may be `spec`. */
bool seat_spec_simulations(const char *spec, int simulations,
			   char out[SEAT_SPEC_SIZE]);
/* How many simulations a spec asks for: 0 for a raw policy, -1 if it knows no
 * simulations. */
int seat_simulations(const char *spec);

#endif
