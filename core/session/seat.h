/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_SEAT_H
#define CORE_SESSION_SEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/round.h"
#include "core/session/thinker.h"

/*
 * Who plays a side: a person, or an agent with its thread.  Zeroed is an empty
 * seat, which a person may take.
 */
enum { SEAT_SPEC_SIZE = 256 };

struct seat {
	char spec[SEAT_SPEC_SIZE]; /* as asked for */
	struct thinker *thinker;   /* owned; NULL for a person */
	int asked_ply;             /* of the question; -1: none is open */
	bool aloud; /* a snapshot of the question was collected, no answer */
	int guest;  /* counts who took this seat */
};

/* What seats need of the house. */
struct seat_host {
	const struct agent_source
		*networks; /* borrowed; NULL: there are none */
	/* As thinker_open() has it: there is something to collect. */
	void (*wake)(void *ctx);
	void *ctx;
};

/* As agent_open(), but a menu offers policy and search of every network: of one
 * that reads games in order they mean seq. */
ATTR_NODISCARD enum err_code
seat_open_agent(struct agent **out, const char *spec, const struct game *g,
		const struct agent_source *networks, struct err *e);

/* Seat whom `spec` names, as seat_open_agent() has it, in place of who sat
 * there; `g` must outlive the seat. On failure the seat is as it was. */
ATTR_NODISCARD enum err_code seat_take(struct seat *s,
				       const struct seat_host *host,
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
/* Tell the agent how its game ended, if it did. */
void seat_tell(struct seat *s, const struct round *r, int player);
void seat_cancel(struct seat *s);
void seat_hurry(struct seat *s); /* be content with what was found */

/* What is new about the question: but for SEAT_NOTHING the thought is the
 * caller's, and `ply` says how many moves were made before it. */
enum seat_news { SEAT_NOTHING, SEAT_SNAPSHOT, SEAT_ANSWER };
enum seat_news seat_collect(struct seat *s, struct thought *th, int *ply);

/* The spec with another number of simulations: 0 makes it the raw policy, and
 * a raw policy with simulations a search.  False if the agent has neither.
 * `out` may be `spec`. */
bool seat_spec_simulations(const char *spec, int simulations,
			   char out[SEAT_SPEC_SIZE]);
/* How many simulations a spec asks for: 0 for a raw policy, -1 if it knows no
 * simulations. */
int seat_simulations(const char *spec);
/* Twice as many, or half; the step below 1 is the raw policy. */
int seat_scale_simulations(int simulations, bool more);

#endif
