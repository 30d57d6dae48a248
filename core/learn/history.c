/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/history.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/lessons.h"

struct history_game {
	struct lessons *lessons; /* owned */
	int64_t stage;
};

struct history {
	const struct game *game;     /* borrowed */
	struct history_game *games;  /* owned; [count] */
	struct lessons_maker *maker; /* owned */
	int64_t count, cap;
};

struct history *history_new(const struct game *g, float search_share)
{
	struct history *h = mem_zalloc(1, sizeof(*h));

	h->game = g;
	h->maker = lessons_maker_new(g, search_share);
	return h;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (int64_t i = 0; i < h->count; i++)
		lessons_free(h->games[i].lessons);
	free(h->games);
	lessons_maker_free(h->maker);
	free(h);
}

enum err_code history_add(struct history *h, int64_t stage,
			  const game_move *moves, int count, float result,
			  const void *targets, size_t targets_len,
			  struct err *e)
{
	struct lessons *l;
	enum err_code rc = lessons_make(h->maker, moves, count, result, targets,
					targets_len, &l, e);

	assert(!h->count || stage >= h->games[h->count - 1].stage);
	if (rc)
		return rc;
	if (h->count == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 256;
		h->games = mem_realloc(h->games,
				       (size_t)h->cap * sizeof(*h->games));
	}
	h->games[h->count++] = (struct history_game){l, stage};
	return ERR_OK;
}

/* --- reading ------------------------------------------------------------- */

static int64_t held(const void *self)
{
	const struct history *h = self;

	return h->count;
}

static int rows(const void *self, int64_t item)
{
	const struct history *h = self;

	return lessons_rows(h->games[item].lessons);
}

static void read_game(const struct history *h, int64_t item, int sym,
		      struct dataset_room *out)
{
	const struct history_game *g = &h->games[item];
	int first = dataset_room_add(out, lessons_rows(g->lessons), g->stage);
	struct lessons_before before = {.any = item > 0};

	if (before.any) {
		before.result = lessons_result(g[-1].lessons);
		before.gap = g->stage - g[-1].stage;
	}
	lessons_read_game(h->game, g->lessons, &before, sym, &out->rows, first);
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct history *h = self;
	int64_t item;

	if (window > h->count)
		window = h->count;
	assert(window > 0 && window <= UINT32_MAX);
	item = h->count - window;
	for (uint64_t i = 0;; i++, item++) {
		struct rng rng;

		rng_init(&rng, chance->seed, RNG_BATCH, chance->step,
			 chance->first + i);
		if (!i)
			item += rng_below(&rng, (uint32_t)window);
		else if (item == h->count ||
			 rows(h, item) > dataset_room_left(out))
			return;
		read_game(h, item,
			  (int)rng_below(&rng, (uint32_t)h->game->symmetries),
			  out);
	}
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	read_game(self, item, 0, out);
}

struct dataset history_dataset(const struct history *h)
{
	return (struct dataset){
		.held = held,
		.rows = rows,
		.draw = draw,
		.get = get,
		.self = h,
	};
}
