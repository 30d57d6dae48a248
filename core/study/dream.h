/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_DREAM_H
#define CORE_STUDY_DREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/game/game.h"
#include "core/net/net.h"

struct pool;

/* Games one after the other, as an agent reads them. */
struct tale {
	struct agent_past *games; /* owned; [count], with their moves */
	int count, cap;
};
void tale_add(struct tale *t, const struct agent_past *game); /* copied */
void tale_release(struct tale *t);
/* The first of the last games that have at most `rows` plies together, of the
 * first `count`; 0 rows: 0. */
int tale_last(const struct tale *t, int count, int rows);

/* Who says how a game ended that a network played by itself. */
enum dream_result {
	DREAM_OWN,   /* the network: a draw from what it said of the game's last
		      * position */
	DREAM_RULES, /* the rules of the game */
	DREAM_PERMUTED, /* the rules, of another game: one of those that the
			 * lane has played, by chance */
	DREAM_UNTOLD    /* the rules, but nobody tells the network, here or of
			 * games before */
};

/*
 * A frozen network that reads games in order goes on by itself: in each lane it
 * reads some games, then plays both sides of as many as are wanted, reading
 * those, too.  It chooses moves and, of DREAM_OWN, results; the rules say which
 * moves there are and when a game is over.  No weight changes.
 *
 * A network with a limited context, of two of the longest games at least,
 * begins a game only where the longest one would still fit: else it begins anew
 * with the last whole games, net_stream_kept() rows of them at most, as the
 * sequences begin that it was trained on.
 *
 * The games of a lane depend on its number, what it read and the seed, not on
 * other lanes or threads.
 */
struct dream_config {
	const struct game *game;     /* of two players, without chance */
	const struct net_plan *plan; /* reads ids; has NET_RESULT */
	int lanes;
	const struct tale *tails; /* [lanes]: what each reads first */
	/* So many games are of one stage, the next are `stride` stages later.
	 */
	int per_stage, stride;
	float temperature; /* of moves */
	/* This share of games begins with up to so many random moves. */
	float opening_share;
	int opening_plies;
	enum dream_result result;
	uint64_t seed;
};

struct dream;

/* All is borrowed but what `c` itself holds. */
struct dream *dream_new(const struct dream_config *c);
void dream_free(struct dream *d); /* NULL is allowed */

/* On until each lane has played so many games in all. */
void dream_play(struct dream *d, int games, struct pool *pool);

/* The tail of a lane, then what it played; results are what it was told, of
 * DREAM_UNTOLD those by the rules. */
const struct tale *dream_tale(const struct dream *d, int lane);
/* Over all lanes and games that were played: rows that were read, and the share
 * of games that ended as the network was told. */
struct dream_count {
	int64_t games, rows, truly;
};
struct dream_count dream_counted(const struct dream *d);

#endif
