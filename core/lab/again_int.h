/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_AGAIN_INT_H
#define CORE_LAB_AGAIN_INT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/learn/recipe.h"
#include "store/game.h"
#include "store/store.h"

/* Which networks played a game; again_past.c finds it from the games before. */
struct again_past {
	bool whole;    /* all games of the run before this one are stored */
	int64_t first; /* plies that its slot had searched before it */
	/* Steps after each iteration, until the one before its last. */
	int64_t *steps; /* owned; [count] */
	int64_t count;
};

ATTR_NODISCARD enum err_code
again_past_read(struct again_past *p, struct store *s, const struct recipe *r,
		const struct store_game *row, const atomic_bool *cancel,
		struct err *e);
void again_past_release(struct again_past *p);

/* Steps of the network that played the `index`th searched ply of the game; only
 * where the past is whole. */
int64_t again_past_step(const struct again_past *p, const struct recipe *r,
			int64_t index);

#endif
