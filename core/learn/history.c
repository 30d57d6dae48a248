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

/* As the room's next sequence. */
static void read_next(const struct history *h, int64_t item, int sym,
		      struct dataset_room *out)
{
	int s = out->batch.sequences++;

	lessons_read_game(h->game, h->games[item].lessons, sym, &out->rows,
			  out->begin[s]);
	out->begin[s + 1] = out->begin[s] + rows(h, item);
	out->stage[s] = h->games[item].stage;
}

static void begin_room(struct dataset_room *out)
{
	out->batch = net_rows_batch(&out->rows, 1);
	out->batch.sequences = 0;
	out->batch.begin = out->begin;
	out->begin[0] = 0;
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
	begin_room(out);
	for (uint64_t i = 0; item < h->count; i++, item++) {
		struct rng rng;
		int used = out->begin[i];

		rng_init(&rng, chance->seed, RNG_BATCH, chance->step,
			 chance->first + i);
		if (i == 0) {
			item += rng_below(&rng, (uint32_t)window);
			assert(rows(h, item) <= out->rows.max_rows);
		}
		if (rows(h, item) > out->rows.max_rows - used)
			return;
		read_next(h, item,
			  (int)rng_below(&rng, (uint32_t)h->game->symmetries),
			  out);
	}
}

static void get(const void *self, int64_t first, int count,
		struct dataset_room *out)
{
	const struct history *h = self;

	begin_room(out);
	for (int i = 0; i < count; i++)
		read_next(h, first + i, 0, out);
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
