/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/dream.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/net/head.h"
#include "core/net/stream.h"

/* Lanes that are asked about in one call, at most: half of them where there are
 * fewer, so that two threads have work. */
enum { TOGETHER = 8, MOST_MOVES = 2048 };

struct lane {
	struct tale tale; /* owned; read, then played */
	int tail;         /* games of it that were read */
	int number;

	/* The game in hand: one of the tale that is read, or a new one. */
	int reading;      /* number in the tale; tale.count: a new one */
	void *state;      /* owned */
	game_move *moves; /* owned; [max_plies] */
	int count, opening;
	struct net_game_row before; /* what its rows say of the one before */
	int stage;
	float wdl[3]; /* of its last position, by the player to act */
	int player;   /* there */
	struct rng rng;

	struct dream_count counted;
	float *outcomes; /* owned; of DREAM_PERMUTED: of the games so far */
};

/* Lanes that go on together, and what they do it with. */
struct group {
	struct net_stream *stream; /* owned */
	struct lane *lanes;        /* [count] of the dream's */
	int count;
	float *x, *policy, *result; /* owned */
	int *at;                    /* owned; [count] */
};

struct dream {
	struct dream_config c;
	struct lane *lanes; /* owned; [c.lanes] */
	struct group *groups;
	int group_count;
	int context; /* 0: no limit */
	size_t row, ids;
	int want; /* games of each lane */
};

/* --- tales ---------------------------------------------------------------
 */

void tale_add(struct tale *t, const struct agent_past *game)
{
	size_t size = (size_t)game->count * sizeof(*game->moves);
	game_move *moves = mem_alloc(size + 1);

	memcpy(moves, game->moves, size);
	if (t->count == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 32;
		t->games = mem_realloc(t->games,
				       (size_t)t->cap * sizeof(*t->games));
	}
	t->games[t->count] = *game;
	t->games[t->count++].moves = moves;
}

void tale_release(struct tale *t)
{
	for (int i = 0; i < t->count; i++)
		free((void *)(uintptr_t)t->games[i].moves);
	free(t->games);
	*t = (struct tale){NULL, 0, 0};
}

int tale_last(const struct tale *t, int count, int rows)
{
	int first = rows ? count : 0, sum = 0;

	while (first > 0 && sum + t->games[first - 1].count <= rows)
		sum += t->games[--first].count;
	return first;
}

/* --- a lane --------------------------------------------------------------
 */

static float outcome(const struct dream *d, const struct lane *l)
{
	float value[GAME_MAX_PLAYERS];

	d->c.game->rules->score(d->c.game, l->state, value);
	return value[0];
}

/* As a draw from what was said of the last position, of the first player. */
static float own_outcome(struct lane *l)
{
	float result = 1 - (float)rng_pick(&l->rng, l->wdl, 3);

	return l->player ? -result : result;
}

/* That of one of the games that the lane has played, of this one too. */
static float other_outcome(struct lane *l, float truly)
{
	int played = (int)l->counted.games;

	if (!(played & (played - 1)))
		l->outcomes = mem_realloc(l->outcomes,
					  (played ? 2 * (size_t)played : 1) *
						  sizeof(*l->outcomes));
	l->outcomes[played] = truly;
	return l->outcomes[rng_below(&l->rng, (uint32_t)played + 1)];
}

/* The next game of the tale, or a new one, from an empty board. */
static void begin_game(const struct dream *d, struct lane *l)
{
	const struct game *g = d->c.game;
	int played = l->tale.count - l->tail;

	g->rules->start(g, l->state, 0);
	l->count = l->opening = 0;
	if (l->reading < l->tale.count) {
		l->stage = (int)l->tale.games[l->reading].stage;
		return;
	}
	rng_init(&l->rng, d->c.seed, RNG_ROLLOUT, (uint64_t)l->number,
		 (uint64_t)played);
	if (rng_float(&l->rng) < d->c.opening_share)
		l->opening = (int)rng_below(&l->rng,
					    (uint32_t)d->c.opening_plies + 1);
	l->stage = l->tail ? (int)l->tale.games[l->tail - 1].stage : 0;
	if (l->tail)
		l->stage += d->c.stride * (1 + played / d->c.per_stage);
}

/* Where a new game could be too long for the context, the last ones are read
 * again. */
static void make_room(const struct dream *d, struct group *gr, int slot)
{
	struct lane *l = &gr->lanes[slot];
	int most = d->context - d->c.game->max_plies;
	int kept = net_stream_kept(d->context);

	if (!d->context || l->reading < l->tale.count ||
	    net_stream_length(gr->stream, slot) <= most)
		return;
	net_stream_reset(gr->stream, slot);
	l->before = (struct net_game_row){.before = false};
	l->reading =
		tale_last(&l->tale, l->tale.count, kept < most ? kept : most);
}

/* What the game that was read or played leaves to the next one. */
static void end_game(const struct dream *d, struct lane *l)
{
	float truly = outcome(d, l), told = truly;

	if (l->reading < l->tale.count) {
		told = l->tale.games[l->reading].result;
	} else {
		struct agent_past game = {l->moves, l->count, 0, l->stage,
					  l->opening};

		/* It may be over before they are. */
		if (game.opening > game.count)
			game.opening = game.count;
		if (d->c.result == DREAM_OWN)
			told = own_outcome(l);
		if (d->c.result == DREAM_PERMUTED)
			told = other_outcome(l, truly);
		game.result = told;
		tale_add(&l->tale, &game);
		l->counted.games++;
		l->counted.truly += told == truly;
	}
	l->before.before = true;
	l->before.result = told;
	l->before.gap = -l->stage; /* until the next one's is known */
	l->reading++;
}

/* The position in hand as a row. */
static void write_row(const struct dream *d, struct lane *l, float *x)
{
	const struct game *g = d->c.game;
	struct net_game_row row = l->before;

	l->player = row.player = g->rules->to_act(g, l->state);
	row.move = l->count ? l->moves[l->count - 1] : -1;
	if (row.before)
		row.gap += l->stage;
	g->rules->encode(g, l->state, x);
	net_game_ids(g->move_count, &row, x + d->ids);
	if (d->c.result == DREAM_UNTOLD)
		x[d->ids + NET_ID_RESULT] = NET_NO_RESULT;
	l->counted.rows++;
}

static game_move choose(const struct dream *d, struct lane *l,
			const float *logits)
{
	const struct game *g = d->c.game;
	game_move legal[MOST_MOVES];
	float weight[MOST_MOVES], top = -INFINITY;
	int n = g->rules->legal(g, l->state, legal), best = 0;
	bool random = l->count < l->opening;

	if (random)
		return legal[rng_below(&l->rng, (uint32_t)n)];
	for (int i = 0; i < n; i++)
		if (logits[legal[i]] > top)
			top = logits[legal[best = i]];
	if (d->c.temperature <= 0)
		return legal[best];
	for (int i = 0; i < n; i++)
		weight[i] = expf((logits[legal[i]] - top) / d->c.temperature);
	return legal[rng_pick(&l->rng, weight, n)];
}

/* The move that follows the row that was read. */
static void go_on(const struct dream *d, struct group *gr, int slot,
		  const float *policy, const float *result)
{
	const struct game *g = d->c.game;
	struct lane *l = &gr->lanes[slot];
	game_move m;

	memcpy(l->wdl, result, sizeof(l->wdl));
	if (l->reading < l->tale.count)
		m = l->tale.games[l->reading].moves[l->count];
	else
		m = choose(d, l, policy);
	l->moves[l->count++] = m;
	g->rules->apply(g, l->state, m);
	if (g->rules->to_act(g, l->state) != GAME_OVER)
		return;
	end_game(d, l);
	make_room(d, gr, slot);
	begin_game(d, l);
}

/* --- all of them ---------------------------------------------------------
 */

static bool wants_more(const struct dream *d, const struct lane *l)
{
	return l->tale.count - l->tail < d->want;
}

static void play_group(void *ctx, int number, int worker)
{
	struct dream *d = ctx;
	struct group *gr = &d->groups[number];
	int moves = d->c.game->move_count, n;
	float *out[NET_HEADS] = {
		[NET_POLICY] = gr->policy, [NET_RESULT] = gr->result};

	(void)worker;
	for (;;) {
		n = 0;
		for (int i = 0; i < gr->count; i++) {
			if (!wants_more(d, &gr->lanes[i]))
				continue;
			write_row(d, &gr->lanes[i], gr->x + n * d->row);
			gr->at[n++] = i;
		}
		if (!n)
			return;
		net_stream_push(gr->stream, n, gr->at, gr->x, out);
		for (int k = 0; k < n; k++)
			go_on(d, gr, gr->at[k], gr->policy + k * moves,
			      gr->result + k * 3);
	}
}

void dream_play(struct dream *d, int games, struct pool *pool)
{
	d->want = games;
	pool_run(pool, d->group_count, play_group, d);
}

static void init_lane(const struct dream *d, struct lane *l, int number)
{
	const struct tale *tail = &d->c.tails[number];

	l->number = number;
	for (int i = 0; i < tail->count; i++)
		tale_add(&l->tale, &tail->games[i]);
	l->tail = l->tale.count;
	l->state = mem_zalloc(1, d->c.game->state_size);
	l->moves =
		mem_zalloc((size_t)d->c.game->max_plies + 1, sizeof(*l->moves));
	begin_game(d, l);
}

static void init_group(const struct dream *d, struct group *gr, int first,
		       int most)
{
	int left = d->c.lanes - first;
	size_t n = (size_t)(left < most ? left : most);

	gr->lanes = &d->lanes[first];
	gr->count = (int)n;
	gr->stream = net_stream_new(d->c.plan, gr->count);
	gr->x = mem_floats(n * d->row);
	gr->policy = mem_floats(n * (size_t)d->c.game->move_count);
	gr->result = mem_floats(n * 3);
	gr->at = mem_zalloc(n, sizeof(*gr->at));
}

struct dream *dream_new(const struct dream_config *c)
{
	struct dream *d = mem_zalloc(1, sizeof(*d));
	const struct net_config *net = net_plan_config(c->plan);
	int half = (c->lanes + 1) / 2, each = half < TOGETHER ? half : TOGETHER;

	assert(c->lanes > 0 && c->per_stage > 0 && c->stride >= 0);
	assert(net_config_has(net, NET_RESULT) && c->game->player_count == 2);
	assert(c->game->move_count <= MOST_MOVES);
	assert(!net_config_context(net) ||
	       net_config_context(net) >= 2 * c->game->max_plies);
	d->c = *c;
	d->row = net_config_row(net);
	d->ids = d->row - (size_t)net_config_ids(net);
	d->context = net_config_context(net);
	d->lanes = mem_zalloc((size_t)c->lanes, sizeof(*d->lanes));
	d->group_count = (c->lanes + each - 1) / each;
	d->groups = mem_zalloc((size_t)d->group_count, sizeof(*d->groups));
	for (int i = 0; i < c->lanes; i++)
		init_lane(d, &d->lanes[i], i);
	for (int i = 0; i < d->group_count; i++)
		init_group(d, &d->groups[i], i * each, each);
	return d;
}

void dream_free(struct dream *d)
{
	if (!d)
		return;
	for (int i = 0; i < d->c.lanes; i++) {
		tale_release(&d->lanes[i].tale);
		free(d->lanes[i].state);
		free(d->lanes[i].moves);
		free(d->lanes[i].outcomes);
	}
	for (int i = 0; i < d->group_count; i++) {
		net_stream_free(d->groups[i].stream);
		free(d->groups[i].x);
		free(d->groups[i].policy);
		free(d->groups[i].result);
		free(d->groups[i].at);
	}
	free(d->lanes);
	free(d->groups);
	free(d);
}

const struct tale *dream_tale(const struct dream *d, int lane)
{
	assert(lane >= 0 && lane < d->c.lanes);
	return &d->lanes[lane].tale;
}

struct dream_count dream_counted(const struct dream *d)
{
	struct dream_count sum = {0, 0, 0};

	for (int i = 0; i < d->c.lanes; i++) {
		const struct dream_count *c = &d->lanes[i].counted;

		sum.games += c->games;
		sum.rows += c->rows;
		sum.truly += c->truly;
	}
	return sum;
}
