/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_DATASET_H
#define CORE_LEARN_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/net/batch.h"

/* Room for what is drawn from a data set, and what was drawn. */
struct dataset_room {
	struct net_rows rows; /* owned; its max_rows is the most that fits */
	int *begin;           /* owned; [max_rows + 1] */
	/* Owned; [max_rows], by sequence: how many steps the player had learned
	 * when it played this; -1: the data set does not know. */
	int64_t *stage;
	/* Owned; [max_rows], by sequence: its number, of data sets with a loss
	 * of their own. */
	int64_t *item;
	struct net_batch batch; /* of the above */
};

void dataset_room_init(struct dataset_room *r, const struct net_config *c,
		       int max_rows);
void dataset_room_release(struct dataset_room *r);
void dataset_room_clear(struct dataset_room *r);
/* One more sequence, of `rows` that fit: returns the first of them, which the
 * caller fills. */
int dataset_room_add(struct dataset_room *r, int rows, int64_t stage);
int dataset_room_left(const struct dataset_room *r); /* rows */

/* Which chance decides a draw: sequence i is drawn by the stream (seed,
 * RNG_BATCH, step, first + i), so that it does not matter how a batch is cut
 * into rooms where all sequences are of one row. */
struct dataset_chance {
	uint64_t seed, step, first;
};

/*
 * What a network is trained on, or measured on: items in an order, the oldest
 * first; each is a sequence of one row or more (a position, a whole game).
 * Policies are over the legal moves: the others are NET_LEFT_OUT, and so are
 * all in a row that teaches no policy.  Constant tables over `self`; what fills
 * it is the data set's own affair.  Several threads may read at once, while
 * nobody adds.
 */
struct dataset {
	int64_t (*held)(const void *self); /* items */
	int (*rows)(const void *self, int64_t item);
	/* Fill the empty room with items drawn from the newest `window`, whole
	 * ones, as many as fit: at least one, so no item is larger than a room.
	 */
	void (*draw)(const void *self, int64_t window,
		     const struct dataset_chance *chance,
		     struct dataset_room *out);
	/* Add one as it is, where it fits. */
	void (*get)(const void *self, int64_t item, struct dataset_room *out);
	/* (optional) The loss of the policy head for rows of item `item`, as
	 * drawn, instead of that of the table of heads. */
	void (*policy_loss)(const void *self, int64_t item,
			    const struct net_head_row *r);
	bool steady;      /* as of struct net_batch */
	const void *self; /* borrowed */
};

int64_t dataset_held(const struct dataset *d);
int64_t dataset_rows(const struct dataset *d);  /* of all that are held */
int dataset_most_rows(const struct dataset *d); /* of one item */

#endif
