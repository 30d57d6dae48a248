/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_ENGINE_H
#define CORE_AGENT_ENGINE_H

#include "core/agent/agent_int.h"
#include "core/agent/child.h"

/*
 * Another program as an agent: what its protocols share.  Everything it does
 * has a limit in time, and whatever it does wrong becomes one sentence.
 */
enum { ENGINE_NO_LEVEL = -1000 }; /* below all that programs have */

struct engine_conf {
	int level, nodes;
	float time, movetime; /* seconds */
};

struct engine {
	struct agent *a;                /* borrowed: its game and limits */
	const struct engine_conf *conf; /* borrowed */
	const struct engine_protocol *protocol;
	void (*move_text)(const struct game *g, const void *s, game_move m,
			  char out[GAME_TEXT_SIZE]);
	char **argv;         /* owned */
	char name[48];       /* of the program, for sentences */
	struct child *child; /* owned; NULL: not running */
	double until;        /* the moment at which it is late */
	double limit;        /* seconds, as said in sentences */
	char why[160];       /* what went wrong */

	/* The game that it follows. */
	bool following;
	uint64_t seed, game;
	char start[GAME_START_SIZE]; /* where it begins */
	game_move *sent;             /* owned; [max_plies] */
	int sent_count;
	void *state; /* owned; work space */
};

/* The position that a move is asked for, and how it came about. */
struct engine_question {
	const void *state;
	const char *start;     /* as g->start; the line begins here */
	const game_move *line; /* [count] */
	int count;
	bool fresh; /* a game that the program does not know of */
	const atomic_bool *cancel;
};

struct engine_protocol {
	const char *name; /* "GTP" */
	/* After the start: false with en->why if the program does not speak
	 * it, or cannot play this game or with these settings. */
	bool (*greet)(struct engine *en);
	/* Fill `out` with its move; false with en->why. */
	bool (*move)(struct engine *en, const struct engine_question *q,
		     struct thought *out);
};
extern const struct engine_protocol engine_gtp, engine_uci;

/* Sets en->why; returns false. */
bool engine_fail(struct engine *en, const char *fmt, ...) ATTR_PRINTF(2, 3);
/* The same for what a read or write came to. */
bool engine_fail_news(struct engine *en, enum child_news news);
/* A line to the program, with its newline added. */
bool engine_say(struct engine *en, const char *fmt, ...) ATTR_PRINTF(2, 3);
/* Some of what it said, fit for a sentence: no control characters. */
void engine_quote(const char *text, char out[32]);
/* The move that `text` names becomes that of the thought; false: it names no
 * legal move. */
bool engine_take(struct engine *en, const void *state, const char *text,
		 struct thought *out);

#endif
