/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_TRAJ_H
#define CORE_STUDY_TRAJ_H

#include <stdbool.h>

#include "core/agent/kind.h"
#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/net/net.h"
#include "core/study/views.h"

/*
 * A model of how a learner's view of a position changes from stage to stage: a
 * sequence network over stages.  A token is the position and what was said of
 * it at one stage; from the tokens so far follows what is said at the next.
 * The first token says nothing, so that the model can tell a whole course of
 * views by itself, from the board alone; what it says goes into its next token,
 * and so on past the last stage that it was trained on.  No token knows its
 * stage: what holds between two stages is expected to hold between later ones.
 *
 * Tokens: the game's planes, then planes that hold, a number a cell, what was
 * said of the moves and of win, draw and loss: logarithms / TRAJ_SCALE, then
 * probabilities; and the ids below.
 */
#define TRAJ_SCALE 4.0f
enum {
	TRAJ_ID_SAID, /* 0: nothing was said; 1 */
	TRAJ_ID_GAP,  /* stages to the next token, less one */
	TRAJ_IDS
};
enum { TRAJ_GAPS = 4, TRAJ_MOST_STAGES = 256 };

/* The network of such a model: body and settings; `next=yes` is added.
 * ERR_USAGE: it cannot be one. */
ATTR_NODISCARD enum err_code traj_net(const struct game *g, const char *network,
				      struct net_config *out, struct err *e);

/* Whether a network is one for this game. */
bool traj_fits(const struct net_config *c, const struct game *g);

/* Sequences to train it on: a position, a step from stage to stage and a
 * beginning, by chance. */
struct traj_data {
	const struct views *views; /* borrowed */
	int stages;                /* 0 .. stages - 1 are shown */
	int rows;                  /* of a sequence, at most */
	int gaps;                  /* steps of 1 .. gaps stages */
	float begin; /* share of sequences that begin with nothing */
	/* (optional) What a model says by itself of the same positions, and the
	 * share of sequences whose tokens are that and not what was said: what
	 * follows is what was said either way, so that the model learns to go
	 * on from its own words.  Borrowed. */
	const struct views *own;
	float own_share;
};
struct dataset traj_dataset(const struct traj_data *d); /* borrows d */

/* What a model says by itself of the positions of `v`, of which it was told
 * nothing, at stages 0 .. stages - 1: into *own, made here. */
void traj_say(const struct net_plan *p, const struct views *v, int stages,
	      struct pool *pool, struct views *own);

/* Rolls a model on.  One thread at a time. */
struct traj;
struct traj *traj_new(const struct net_plan *p, const struct game *g,
		      int lanes); /* borrows both */
void traj_free(struct traj *t);

/*
 * What the model says of n positions, at most the lanes, x(n, planes), at stage
 * `to`, in steps of `gap` stages, the first of them such that `to` is met:
 * into logs(n, said), which have their legal moves marked.  given(n, count,
 * said) was said at stages 0 .. count - 1 and is read first; count 0: the model
 * begins by itself.
 */
void traj_roll(struct traj *t, int n, const float *x, int count,
	       const float *given, int gap, int to, float *logs);

/* Plays the argmax of what a model says of a position at a stage:
 * "traj:m/0,stage=29,fed=15": fed by 15 snapshots, the networks s0 .. s14. */
extern const struct agent_kind traj_kind;

#endif
