/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/replay.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/lessons.h"
#include "core/net/batch.h"

/* A ring of places says which positions are held; a game goes with the last of
 * its positions. */
struct replay_game {
	struct lessons *lessons; /* owned */
	int held;                /* places that point here */
};

struct place {
	struct replay_game *game;
	uint32_t lesson; /* offset */
};

struct replay {
	const struct game *game; /* borrowed */
	int64_t capacity, total;
	struct place *ring;          /* owned; [capacity] */
	struct lessons_maker *maker; /* owned */
};

struct replay *replay_new(const struct game *g, int64_t capacity,
			  float search_share)
{
	struct replay *r = mem_zalloc(1, sizeof(*r));

	assert(capacity > 0);
	r->game = g;
	r->capacity = capacity;
	r->ring = mem_alloc((size_t)capacity * sizeof(*r->ring));
	r->maker = lessons_maker_new(g, search_share);
	return r;
}

void replay_score_caps(struct replay *r, float share)
{
	lessons_maker_score_caps(r->maker, share);
}

static struct place *place_at(const struct replay *r, int64_t number)
{
	return &r->ring[number % r->capacity];
}

static void forget(struct place *p)
{
	if (--p->game->held)
		return;
	lessons_free(p->game->lessons);
	free(p->game);
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	for (int64_t i = r->total - replay_held(r); i < r->total; i++)
		forget(place_at(r, i));
	free(r->ring);
	lessons_maker_free(r->maker);
	free(r);
}

/* Takes `l`. */
static void add(struct replay *r, struct lessons *l)
{
	int count = lessons_count(l);
	struct replay_game *game;
	size_t at = 0;

	if (!count) {
		lessons_free(l);
		return;
	}
	game = mem_zalloc(1, sizeof(*game));
	*game = (struct replay_game){l, count};
	for (int i = 0; i < count; i++) {
		struct place *p = place_at(r, r->total);

		if (r->total >= r->capacity)
			forget(p);
		*p = (struct place){game, (uint32_t)at};
		at = lessons_next(l, at);
		r->total++;
	}
}

enum err_code replay_add(struct replay *r, const game_move *moves, int count,
			 float result, const void *targets, size_t targets_len,
			 struct err *e)
{
	struct lessons *l;
	enum err_code rc = lessons_make(r->maker, moves, count, result, targets,
					targets_len, &l, e);

	if (!rc)
		add(r, l);
	return rc;
}

void replay_add_plain(struct replay *r, const game_move *moves, int count,
		      int opening, int players, float result)
{
	add(r, lessons_make_plain(r->maker, moves, count, opening, players,
				  result));
}

int64_t replay_total(const struct replay *r)
{
	return r->total;
}

int64_t replay_held(const struct replay *r)
{
	return r->total < r->capacity ? r->total : r->capacity;
}

/* --- reading ------------------------------------------------------------- */

static void read_place(const struct replay *r, int64_t number, int sym,
		       struct dataset_room *out)
{
	const struct place *p = place_at(r, number);
	struct net_row row =
		net_rows_at(&out->rows, dataset_room_add(out, 1, -1));

	lessons_read(r->game, p->game->lessons, p->lesson, sym, &row);
}

static int64_t held(const void *self)
{
	return replay_held(self);
}

static int one_row(const void *self, int64_t item)
{
	(void)self;
	(void)item;
	return 1;
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct replay *r = self;

	if (window > replay_held(r))
		window = replay_held(r);
	assert(window > 0 && window <= UINT32_MAX);
	for (uint64_t i = 0; dataset_room_left(out); i++) {
		struct rng rng;
		int64_t back;
		int sym;

		rng_init(&rng, chance->seed, RNG_BATCH, chance->step,
			 chance->first + i);
		back = rng_below(&rng, (uint32_t)window);
		sym = (int)rng_below(&rng, (uint32_t)r->game->symmetries);
		read_place(r, r->total - 1 - back, sym, out);
	}
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	const struct replay *r = self;

	assert(item >= 0 && item < replay_held(r));
	read_place(r, r->total - replay_held(r) + item, 0, out);
}

struct dataset replay_dataset(const struct replay *r)
{
	return (struct dataset){
		.held = held,
		.rows = one_row,
		.draw = draw,
		.get = get,
		.self = r,
	};
}
