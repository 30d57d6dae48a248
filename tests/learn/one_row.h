/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LEARN_ONE_ROW_H
#define TESTS_LEARN_ONE_ROW_H

#include "core/learn/replay.h"

/* A room of one row that lies where a test wants it. */
static inline void one_row_get(const struct replay *r, int64_t item,
			       const struct net_row *row)
{
	int64_t stage;
	struct dataset_room room = {
		.rows = {.max_rows = 1, .first = *row},
		.stage = &stage,
	};
	struct dataset d = replay_dataset(r);

	d.get(d.self, item, 1, &room);
}

static inline void one_row_draw(const struct replay *r, int64_t window,
				uint64_t step, const struct net_row *row)
{
	struct dataset_chance chance = {.seed = 5, .step = step};
	int64_t stage;
	struct dataset_room room = {
		.rows = {.max_rows = 1, .first = *row},
		.stage = &stage,
	};
	struct dataset d = replay_dataset(r);

	d.draw(d.self, window, &chance, &room);
}

#endif
