/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LEARN_ONE_ROW_H
#define TESTS_LEARN_ONE_ROW_H

#include "core/learn/replay.h"

/* One item of a replay, or one that is drawn, into a row that lies where a test
 * wants it. */
static inline void one_row(const struct replay *r, int64_t item, int64_t window,
			   uint64_t step, const struct net_row *row)
{
	struct dataset_chance chance = {.seed = 5, .step = step};
	struct dataset d = replay_dataset(r);
	int begin[2];
	int64_t stage;
	struct dataset_room room = {
		.rows = {.max_rows = 1, .first = *row},
		.begin = begin,
		.stage = &stage,
	};

	dataset_room_clear(&room);
	if (window)
		d.draw(d.self, window, &chance, &room);
	else
		d.get(d.self, item, &room);
}

static inline void one_row_get(const struct replay *r, int64_t item,
			       const struct net_row *row)
{
	one_row(r, item, 0, 0, row);
}

static inline void one_row_draw(const struct replay *r, int64_t window,
				uint64_t step, const struct net_row *row)
{
	one_row(r, 0, window, step, row);
}

#endif
