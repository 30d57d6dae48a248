/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/lives_data.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/lessons.h"
#include "core/learn/life.h"
#include "core/learn/self_play.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"

/* Games, stages and lives are each a run of the one before: `first` of each
 * stage and life, and one more at the end. */
struct lives_data {
	const struct game *game;     /* borrowed */
	struct lessons_maker *maker; /* owned */
	struct lessons **games;      /* owned, and what they point to */
	int *stages;                 /* owned; [stage_count + 1], its game */
	int *lives;                  /* owned; [count + 1], its stage */
	int game_count, game_cap, stage_count, stage_cap, count, cap;
	int64_t rows; /* of all games */
};

struct lives_data *lives_data_new(const struct game *g, float search_share)
{
	struct lives_data *l = mem_zalloc(1, sizeof(*l));

	l->game = g;
	l->maker = lessons_maker_new(g, search_share);
	return l;
}

void lives_data_free(struct lives_data *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->game_count; i++)
		lessons_free(l->games[i]);
	free(l->games);
	free(l->stages);
	free(l->lives);
	lessons_maker_free(l->maker);
	free(l);
}

static void *grow(void *p, int need, int *cap, size_t size)
{
	if (need <= *cap)
		return p;
	*cap = *cap ? 2 * *cap : 64;
	return mem_realloc(p, (size_t)*cap * size);
}

void lives_data_begin(struct lives_data *l)
{
	l->lives = grow(l->lives, l->count + 2, &l->cap, sizeof(*l->lives));
	l->lives[l->count++] = l->stage_count;
	l->lives[l->count] = l->stage_count;
}

void lives_data_stage(struct lives_data *l)
{
	assert(l->count);
	l->stages = grow(l->stages, l->stage_count + 2, &l->stage_cap,
			 sizeof(*l->stages));
	l->stages[l->stage_count++] = l->game_count;
	l->stages[l->stage_count] = l->game_count;
	l->lives[l->count] = l->stage_count;
}

enum err_code lives_data_add(struct lives_data *l, const game_move *moves,
			     int count, float result, const void *targets,
			     size_t targets_len, struct err *e)
{
	struct lessons *game;
	enum err_code rc = lessons_make(l->maker, moves, count, result, targets,
					targets_len, &game, e);

	if (rc)
		return rc;
	assert(l->count && l->lives[l->count] > l->lives[l->count - 1]);
	l->games = grow(l->games, l->game_count + 1, &l->game_cap,
			sizeof(*l->games));
	l->games[l->game_count++] = game;
	l->stages[l->stage_count] = l->game_count;
	l->rows += lessons_rows(game);
	return ERR_OK;
}

enum err_code lives_data_add_life(struct lives_data *l, const struct life *life,
				  struct err *e)
{
	enum err_code rc = ERR_OK;

	lives_data_begin(l);
	for (int s = 0; s < life_stages(life) && !rc; s++) {
		int games = life_stage(life, s).game_count;

		lives_data_stage(l);
		for (int i = 0; i < games && !rc; i++) {
			struct self_play_game g = life_game(life, s, i);

			rc = lives_data_add(l, g.moves, g.count, g.result,
					    g.targets, g.targets_len, e);
		}
	}
	return rc;
}

int lives_data_count(const struct lives_data *l)
{
	return l->count;
}

int lives_data_stages(const struct lives_data *l, int life)
{
	assert(life >= 0 && life < l->count);
	return l->lives[life + 1] - l->lives[life];
}

int lives_data_games(const struct lives_data *l, int life, int stage)
{
	const int *at = &l->stages[l->lives[life] + stage];

	assert(stage >= 0 && stage < lives_data_stages(l, life));
	return at[1] - at[0];
}

static const struct lessons *lessons_of(const struct lives_data *l, int life,
					int stage, int game)
{
	assert(game >= 0 && game < lives_data_games(l, life, stage));
	return l->games[l->stages[l->lives[life] + stage] + game];
}

struct lives_game lives_data_game(const struct lives_data *l, int life,
				  int stage, int game)
{
	const struct lessons *one = lessons_of(l, life, stage, game);
	struct lives_game out = {.result = lessons_result(one)};

	out.moves = lessons_moves(one, &out.count);
	return out;
}

/* --- sequences -----------------------------------------------------------
 */

/* Stages of a life that are shown. */
static int shown(const struct lives_view *v, int life)
{
	int all = lives_data_stages(v->lives, life);

	return v->stages && v->stages < all ? v->stages : all;
}

static bool picked(const struct lives_sequence *s, int from, int game)
{
	for (int i = from; i < s->count; i++)
		if (s->games[i].game == game)
			return true;
	return false;
}

/* Up to `want` different games of a stage, after those of the sequence, as long
 * as they fit in `rows`.  False: one did not. */
static bool add_stage(const struct lives_view *v, struct lives_sequence *s,
		      int stage, int gap, int want, int rows, struct rng *rng)
{
	int all = lives_data_games(v->lives, s->life, stage), from = s->count;

	want = want < all ? want : all;
	for (int i = 0; i < want; i++) {
		int game = (int)rng_below(rng, (uint32_t)all), more;

		while (picked(s, from, game))
			game = (game + 1) % all;
		more = lessons_rows(lessons_of(v->lives, s->life, stage, game));
		if (s->count == LIVES_GAMES || s->rows + more > rows)
			return false;
		s->games[s->count] =
			(struct lives_pick){s->life, stage, game, 0};
		if (s->count == from && from)
			s->games[s->count].gap = gap;
		s->count++;
		s->rows += more;
	}
	return true;
}

/* Of the games from..to - 1 the last ones first. */
static void turn(struct lives_pick *games, int from, int to)
{
	for (to--; from < to; from++, to--) {
		struct lives_pick one = games[from];

		games[from] = games[to];
		games[to] = one;
	}
}

/* Stages in another order, the games of each as they were.  Whichever stage is
 * next, it says that it is `stride` later. */
static void reorder(struct lives_sequence *s, bool any, int stride,
		    struct rng *rng)
{
	struct lives_pick old[LIVES_GAMES];
	int begin[LIVES_GAMES], n = 0, count = 0;

	for (int i = 0; i < s->count; i++) {
		old[i] = s->games[i];
		if (!i || old[i].stage != old[i - 1].stage)
			begin[n++] = i;
	}
	for (int left = n; left > 0; left--) {
		int at = any ? (int)rng_below(rng, (uint32_t)left) : left - 1;
		int i = begin[at], stage = old[i].stage;

		old[i].gap = count ? stride : 0;
		while (i < s->count && old[i].stage == stage)
			s->games[count++] = old[i++];
		begin[at] = begin[left - 1];
	}
}

static int draw_stride(const struct lives_view *v, struct rng *rng)
{
	uint32_t n = 0;

	while (n < LIVES_STRIDES && v->strides[n])
		n++;
	return n ? v->strides[rng_below(rng, n)] : 1;
}

/* Any first stage from which a full sequence goes on, so that few are short;
 * one beyond either end counts as the end, or its stages would be seen less
 * often than those in the middle. */
static int draw_first(const struct lives_view *v, int end, int stride,
		      struct rng *rng)
{
	const struct lives_data *l = v->lives;
	double game = (double)l->rows / (l->game_count ? l->game_count : 1);
	double stage = game * 0.5 * (v->games_low + v->games_high);
	int fit = (int)(v->rows / (stage > 1 ? stage : 1));
	int most, first;

	fit = fit < 1 ? 1 : fit;
	most = end - (fit - 1) * stride;
	if (most <= 1)
		return (int)rng_below(rng,
				      (uint32_t)(stride < end ? stride : end));
	first = (int)rng_below(rng, (uint32_t)(most + fit)) - fit / 2;
	for (int i = 1; i < v->late; i++) {
		int other =
			(int)rng_below(rng, (uint32_t)(most + fit)) - fit / 2;

		first = other > first ? other : first;
	}
	return first < 0 ? 0 : first < most ? first : most - 1;
}

void lives_view_draw(const struct lives_view *v, int first, int count,
		     const struct dataset_chance *chance,
		     struct lives_sequence *out)
{
	int end, stride, stage;
	struct rng rng;

	assert(v->games_low >= 1 && v->games_high >= v->games_low);
	rng_init(&rng, chance->seed, RNG_BATCH, chance->step, chance->first);
	out->count = out->rows = 0;
	out->life = first + (int)rng_below(&rng, (uint32_t)count);
	out->sym = (int)rng_below(&rng, (uint32_t)v->lives->game->symmetries);
	end = shown(v, out->life);
	if (v->order == LIVES_LAST) {
		add_stage(v, out, end - 1, 0, LIVES_GAMES, v->rows, &rng);
		return;
	}
	stride = draw_stride(v, &rng);
	for (stage = draw_first(v, end, stride, &rng); stage < end;
	     stage += stride) {
		int more = v->games_high - v->games_low + 1;
		int want = v->games_low + (int)rng_below(&rng, (uint32_t)more);

		if (!add_stage(v, out, stage, stride, want, v->rows, &rng))
			break;
	}
	if (v->order != LIVES_TRUE)
		reorder(out, v->order == LIVES_SHUFFLED, stride, &rng);
}

/* From the last stage back, each stage turned, and then all of it: so the
 * earliest stage is the one that is cut short. */
void lives_view_tail(const struct lives_view *v, const struct lives_tail *t,
		     const struct dataset_chance *chance,
		     struct lives_sequence *out)
{
	bool last = v->order == LIVES_LAST;
	int stage = t->last, want = last ? LIVES_GAMES : t->games;
	struct rng rng;

	assert(t->last < lives_data_stages(v->lives, t->life));
	rng_init(&rng, chance->seed, RNG_BATCH, chance->step, chance->first);
	*out = (struct lives_sequence){.life = t->life};
	while (stage >= 0 && add_stage(v, out, stage, 0, want, t->rows, &rng) &&
	       !last)
		stage -= t->stride;
	turn(out->games, 0, out->count);
	for (int i = 1; i < out->count; i++)
		out->games[i].gap =
			out->games[i].stage - out->games[i - 1].stage;
}

/* Rows from..to - 1 of the room say nothing of how games end. */
static void mask(struct dataset_room *room, int from, int to)
{
	for (int i = from; i < to; i++) {
		struct net_row row = net_rows_at(&room->rows, i);

		if (row.ids)
			row.ids[NET_ID_RESULT] = NET_NO_RESULT;
		if (row.weight[NET_RESULT])
			*row.weight[NET_RESULT] = 0;
		if (row.weight[NET_VALUE])
			*row.weight[NET_VALUE] = 0;
	}
}

void lives_view_read(const struct lives_view *v, const struct lives_sequence *s,
		     struct dataset_room *room)
{
	struct lessons_before before = {.any = false};
	int first, row;

	assert(s->count > 0);
	first = row = dataset_room_add(room, s->rows, s->games[0].stage);
	for (int i = 0; i < s->count; i++) {
		const struct lives_pick *p = &s->games[i];
		const struct lessons *l =
			lessons_of(v->lives, p->life, p->stage, p->game);

		before.gap = p->gap;
		lessons_read_game(v->lives->game, l, &before, s->sym,
				  &room->rows, row);
		row += lessons_rows(l);
		before.any = true;
		before.result = lessons_result(l);
	}
	if (v->masked)
		mask(room, first, row);
}

/* --- as items ------------------------------------------------------------
 */

static int64_t held(const void *self)
{
	const struct lives_view *v = self;

	return (int64_t)v->lives->count * v->per_life;
}

/* Chance of its own for each: the same whoever asks. */
static void item_draw(const struct lives_view *v, int64_t item,
		      struct lives_sequence *out)
{
	struct dataset_chance chance = {.step = (uint64_t)item};

	lives_view_draw(v, (int)(item / v->per_life), 1, &chance, out);
}

static int rows(const void *self, int64_t item)
{
	struct lives_sequence s;

	item_draw(self, item, &s);
	return s.rows;
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	struct lives_sequence s;

	item_draw(self, item, &s);
	lives_view_read(self, &s, out);
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct lives_view *v = self;
	int64_t lives = (window + v->per_life - 1) / v->per_life;
	int count = lives < v->lives->count ? (int)lives : v->lives->count;

	assert(count > 0);
	for (uint64_t i = 0; !i || dataset_room_left(out) >= v->rows; i++) {
		struct dataset_chance one = *chance;
		struct lives_sequence s;

		one.first += i;
		lives_view_draw(v, v->lives->count - count, count, &one, &s);
		lives_view_read(v, &s, out);
	}
}

struct dataset lives_view_dataset(const struct lives_view *v)
{
	assert(v->per_life >= 1 && v->rows >= v->lives->game->max_plies);
	return (struct dataset){
		.held = held,
		.rows = rows,
		.draw = draw,
		.get = get,
		.self = v,
	};
}
