/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_VIEWS_H
#define CORE_STUDY_VIEWS_H

#include <stddef.h>
#include <stdint.h>

#include "core/game/game.h"

struct net_plan;
struct pool;

/*
 * What a learner thought of positions, stage by stage: each of its snapshots is
 * asked about every position, whoever played it.  Of each is kept, in natural
 * logarithms, what was said of the moves and then of win, draw and loss for the
 * player to act, at VIEWS_LEAST or above; moves that cannot be played have
 * VIEWS_ILLEGAL.  Adding is by one alone; several threads may read at once.
 */
#define VIEWS_LEAST (-9.0f)
#define VIEWS_ILLEGAL (-99.0f)

struct views {
	const struct game *game; /* borrowed */
	int stages,
		symmetries; /* that do not change what is true: the game's */
	/* Of policies, 1 at first: where a learner has hardly begun to prefer
	 * moves, what it begins to prefer is seen by less. */
	float temperature;
	size_t row, said; /* floats of a position, and of what is said of it */
	int64_t count, room;
	float *x;    /* owned; (count, row): planes */
	float *logs; /* owned; (count, stages, said) */
};

void views_init(struct views *v, const struct game *g, int stages);
void views_release(struct views *v);

/* One more position, in which somebody acts; nobody has said anything. */
void views_add(struct views *v, const void *state);
/* What plans[stages] say of the positions from number `first` on: all of them,
 * in order, are the learner's stages. */
void views_say(struct views *v, int64_t first,
	       const struct net_plan *const *plans, struct pool *pool);

/* Position `i` as planes and what was said of it at `stage`; a symmetry of the
 * game, 0 none.  NULL: not wanted. */
void views_read(const struct views *v, int64_t i, int sym, float *x);
void views_read_said(const struct views *v, int64_t i, int stage, int sym,
		     float *logs);

/* What says nothing: all legal moves alike, and all ends.  logs(said), with
 * VIEWS_ILLEGAL where moves cannot be played. */
void views_nothing(const struct game *g, float *logs);
/* The legal moves are marked: 0, the others VIEWS_ILLEGAL. */
void views_legal(const struct game *g, const void *state, float *logs);
/* Both parts become logarithms of probabilities that sum to 1, and stay in
 * their range. */
void views_normalise(const struct game *g, float *logs);

/* A position to be asked about: its planes, and its legal moves marked. */
void views_position(const struct game *g, const void *state, float *x,
		    float *logs);

/* One network's word on n positions x(n, row), in calls of so many at most;
 * logs(n, said) have their legal moves marked.  Its policy is sharpened by the
 * temperature, as in struct views. */
enum { VIEWS_CALL = 64 };
struct net_work;
void views_ask(const struct game *g, const struct net_plan *p,
	       struct net_work *w, float temperature, int n, const float *x,
	       float *logs, size_t step);

#endif
