/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/history.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/lessons.h"

struct history_game {
	struct lessons *lessons; /* owned */
	int64_t stage;
	bool cut; /* it goes on from no game before */
};

struct history {
	const struct game *game;     /* borrowed */
	struct history_game *games;  /* owned; [count] */
	struct lessons_maker *maker; /* owned */
	int64_t count, cap;
	bool cut; /* before the next game */
	/* Stretches of `most` rows, if that is set. */
	int most, last_rows; /* of the last so far */
	int64_t *stretch;    /* owned; [stretches]: the first game of each */
	int64_t stretches, stretch_cap;
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
	free(h->stretch);
	lessons_maker_free(h->maker);
	free(h);
}

void history_cut(struct history *h)
{
	h->cut = true;
}

void history_set_stretch(struct history *h, int rows)
{
	assert(rows > 0 && !h->count);
	h->most = rows;
}

/* The game that was just added goes on with the last stretch, or begins one. */
static void add_to_stretch(struct history *h, const struct history_game *g)
{
	int rows = lessons_rows(g->lessons);

	if (h->stretches && !g->cut && h->last_rows + rows <= h->most) {
		h->last_rows += rows;
		return;
	}
	if (h->stretches == h->stretch_cap) {
		h->stretch_cap = h->stretch_cap ? 2 * h->stretch_cap : 64;
		h->stretch =
			mem_realloc(h->stretch, (size_t)h->stretch_cap *
							sizeof(*h->stretch));
	}
	h->stretch[h->stretches++] = h->count - 1;
	h->last_rows = rows;
}

static void take(struct history *h, struct lessons *l, int64_t stage)
{
	assert(!h->count || stage >= h->games[h->count - 1].stage);
	if (h->count == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 256;
		h->games = mem_realloc(h->games,
				       (size_t)h->cap * sizeof(*h->games));
	}
	h->games[h->count++] = (struct history_game){l, stage, h->cut};
	h->cut = false;
	if (h->most)
		add_to_stretch(h, &h->games[h->count - 1]);
}

void history_add_plain(struct history *h, int64_t stage, const game_move *moves,
		       int count, int opening, int players, float result)
{
	take(h,
	     lessons_make_plain(h->maker, moves, count, opening, players,
				result),
	     stage);
}

enum err_code history_add(struct history *h, int64_t stage,
			  const game_move *moves, int count, float result,
			  const void *targets, size_t targets_len,
			  struct err *e)
{
	struct lessons *l;
	enum err_code rc = lessons_make(h->maker, moves, count, result, targets,
					targets_len, &l, e);

	if (!rc)
		take(h, l, stage);
	return rc;
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

/* --- stretches ----------------------------------------------------------- */

static int64_t stretches_held(const void *self)
{
	const struct history *h = self;

	assert(h->most);
	return h->stretches;
}

/* How many games from `first` on make one sequence of at most `most` rows, none
 * of them after `end`; how many rows these are.  At least one game. */
static int64_t stretch_from(const struct history *h, int64_t first, int64_t end,
			    int most, int *sum)
{
	int64_t n = 1;

	*sum = rows(h, first);
	for (; first + n < end && !h->games[first + n].cut; n++) {
		int more = rows(h, first + n);

		if (*sum + more > most)
			break;
		*sum += more;
	}
	return n;
}

static int64_t stretch_end(const struct history *h, int64_t item)
{
	return item + 1 < h->stretches ? h->stretch[item + 1] : h->count;
}

static int stretches_rows(const void *self, int64_t item)
{
	const struct history *h = self;
	int sum;

	stretch_from(h, h->stretch[item], stretch_end(h, item), h->most, &sum);
	return sum;
}

/* `n` games, as stretch_from() counted them. */
static void read_stretch(const struct history *h, int64_t first, int64_t n,
			 int sum, int sym, struct dataset_room *out)
{
	int row = dataset_room_add(out, sum, h->games[first].stage);
	struct lessons_before before = {.any = false};

	for (int64_t i = first; i < first + n; i++) {
		const struct history_game *g = &h->games[i];

		if (i > first)
			before.gap = g->stage - g[-1].stage;
		lessons_read_game(h->game, g->lessons, &before, sym, &out->rows,
				  row);
		row += lessons_rows(g->lessons);
		before.any = true;
		before.result = lessons_result(g->lessons);
	}
}

static void stretches_draw(const void *self, int64_t window,
			   const struct dataset_chance *chance,
			   struct dataset_room *out)
{
	const struct history *h = self;
	int64_t oldest =
		window < h->stretches ? h->stretch[h->stretches - window] : 0;

	assert(window > 0 && h->count - oldest <= UINT32_MAX);
	for (uint64_t i = 0;; i++) {
		int left = dataset_room_left(out), sum;
		int most = h->most < left ? h->most : left, sym;
		struct rng rng;
		int64_t item, n;

		rng_init(&rng, chance->seed, RNG_BATCH, chance->step,
			 chance->first + i);
		item = oldest + rng_below(&rng, (uint32_t)(h->count - oldest));
		sym = (int)rng_below(&rng, (uint32_t)h->game->symmetries);
		if (i && rows(h, item) > left)
			return;
		n = stretch_from(h, item, h->count, most, &sum);
		read_stretch(h, item, n, sum, sym, out);
		/* It may have been cut short; more of these teach little. */
		if (most < h->most || !dataset_room_left(out))
			return;
	}
}

static void stretches_get(const void *self, int64_t item,
			  struct dataset_room *out)
{
	const struct history *h = self;
	int64_t first = h->stretch[item];
	int sum;
	int64_t n = stretch_from(h, first, stretch_end(h, item), h->most, &sum);

	read_stretch(h, first, n, sum, 0, out);
}

struct dataset history_stretches(const struct history *h)
{
	return (struct dataset){
		.held = stretches_held,
		.rows = stretches_rows,
		.draw = stretches_draw,
		.get = stretches_get,
		.self = h,
	};
}
