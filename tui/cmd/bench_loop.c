/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/bench_loop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/search/eval_cache.h"

/* The networks and searches of the recipes that come with the program; a group
 * alone, since groups share nothing. */
#define BODY "filters=64,blocks=5,groups=1,"
#define CHESS "opening_share=0.5,opening_plies=12,cap_lead=1,lead_weight=0.2,"

const struct loop_figure loop_figures[] = {
	{"loop-c4", "64x5, 32 simulations", "connect4",
	 BODY "opening_share=0.5,opening_plies=12,cache=16", 32},
	{"loop-c4-small", "32x4, 32 simulations", "connect4",
	 "groups=1,cache=16", 32},
	{"loop-go9", "64x5, 32 simulations", "go:size=9",
	 BODY "pool_blocks=2,opening_plies=6,reuse=3,cache=16", 90},
	{"loop-chess", "64x5, 32 simulations", "chess:plies=120",
	 BODY CHESS "reuse=3,cache=16", 110},
	{NULL, NULL, NULL, NULL, 0},
};

/* Positions to learn from, and states to ask the rules about. */
enum { POSITIONS = 256, SMALL_SLOTS = 4, SMALL_BATCH = 8 };

struct loop {
	struct game g;
	struct recipe r;
	struct pool *pool;
	struct learner *learner;
	struct replay *replay;
	void *states; /* owned; [POSITIONS], along random games */
};

static void begin(struct loop *l, const struct loop_figure *f, bool small)
{
	struct err e = ERR_INIT;
	struct net_config net;

	*l = (struct loop){.pool = pool_new(1)};
	conf_defaults(recipe_spec, &l->r);
	if (game_init(&l->g, f->game, &e) ||
	    conf_read_list(recipe_spec, &l->r, f->recipe, f->name, &e))
		assert(!"a figure's game or recipe does not parse");
	if (small) {
		l->r.slots = SMALL_SLOTS;
		l->r.plies = 1;
		l->r.batch = l->r.shard = SMALL_BATCH;
	}
	recipe_net(&l->r, &l->g, &net);
	l->learner = learner_new(&net, &l->r, 1);
	l->replay = replay_new(&l->g, POSITIONS, l->r.search_share);
	l->states = mem_zalloc(POSITIONS, l->g.state_size);
}

static void end(struct loop *l)
{
	free(l->states);
	replay_free(l->replay);
	learner_free(l->learner);
	pool_free(l->pool);
}

/* Random games: what they teach takes as long to learn as anything else. */
static void fill_replay(struct loop *l)
{
	const struct game_rules *rules = l->g.rules;
	game_move *line = mem_alloc((size_t)l->g.max_plies * sizeof(*line));
	game_move *legal = mem_alloc((size_t)l->g.move_count * sizeof(*legal));
	void *s = game_state_new(&l->g, 0);
	unsigned char *to = l->states;
	struct rng r;

	rng_init(&r, 1, RNG_TEST, 0, 0);
	while (replay_total(l->replay) < POSITIONS) {
		int n = 0;

		rules->start(&l->g, s, 0);
		while (rules->to_act(&l->g, s) >= 0) {
			if (replay_total(l->replay) + n < POSITIONS)
				memcpy(to + (size_t)(replay_total(l->replay) +
						     n) *
						       l->g.state_size,
				       s, l->g.state_size);
			line[n] = game_random_move(&l->g, s, &r, legal);
			rules->apply(&l->g, s, line[n++]);
		}
		replay_add_plain(l->replay, line, n, 0, 3, 0);
	}
	free(line);
	free(legal);
	free(s);
}

/* Of one leaf, by the processor. */
static double rules_seconds(const struct loop *l, double seconds)
{
	const struct game *g = &l->g;
	size_t inputs = (size_t)g->planes * (size_t)g->rows * (size_t)g->cols;
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	float *x = mem_floats(inputs);
	const unsigned char *from = l->states;
	double start = clock_thread_seconds(), took;
	uint64_t sum = 0;
	int64_t n = 0;

	do {
		for (int i = 0; i < POSITIONS; i++) {
			const void *s = from + (size_t)i * g->state_size;

			g->rules->encode(g, s, x);
			sum += eval_cache_key(x, inputs, legal,
					      g->rules->legal(g, s, legal))
				       .a;
		}
		n += POSITIONS;
		took = clock_thread_seconds() - start;
	} while (took < seconds);
	free(x);
	free(legal);
	return sum ? took / (double)n : 0;
}

static void no_game(void *ctx, const struct self_play_game *g)
{
	(void)ctx;
	(void)g;
}

static void play(const struct loop *l, double seconds,
		 struct self_play_figures *out)
{
	struct net_plan *plan = net_plan_new(learner_net(l->learner),
					     learner_average(l->learner));
	struct self_play *sp = self_play_new(&l->g, &l->r, 1);
	double start = clock_thread_seconds();

	do {
		if (self_play_advance(sp, plan, l->r.plies, l->pool, no_game,
				      NULL, NULL))
			assert(!"nobody asked to stop");
	} while (clock_thread_seconds() - start < seconds);
	self_play_take_figures(sp, out);
	self_play_free(sp);
	net_plan_free(plan);
}

/* Of one step. */
static double step_seconds(const struct loop *l, double seconds)
{
	struct dataset data = replay_dataset(l->replay);
	double start, took;
	int n = 0;

	learner_step(l->learner, &data, POSITIONS, l->r.rate, l->pool);
	start = clock_thread_seconds();
	do {
		learner_step(l->learner, &data, POSITIONS, l->r.rate, l->pool);
		n++;
		took = clock_thread_seconds() - start;
	} while (took < seconds);
	return took / n;
}

void loop_figure_times(const struct loop_figure *f, double seconds,
		       struct loop_times *out)
{
	struct self_play_figures p;
	double leaves, rules;
	struct loop l;

	begin(&l, f, seconds < 0.5);
	fill_replay(&l);
	rules = rules_seconds(&l, seconds / 10);
	play(&l, seconds, &p);
	leaves = (double)p.leaves / (double)p.positions;
	out->network = 1e6 * p.net_seconds / (double)p.positions;
	out->rules = 1e6 * rules * leaves;
	out->tree = 1e6 * p.busy_seconds / (double)p.positions - out->network -
		    out->rules;
	out->known = 1 - (double)p.rows / (double)p.leaves;
	out->batch = (double)p.rows / (double)p.batches;
	out->training = 1e6 * step_seconds(&l, seconds / 2) *
			(double)l.r.reuse / l.r.batch;
	end(&l);
}

static double sum_of(const struct loop_times *t)
{
	return t->network + t->rules + t->tree + t->training;
}

/* Of self-play. */
static double network_share(const struct loop_times *t)
{
	return t->network / (t->network + t->rules + t->tree);
}

double loop_rate(const struct loop_times *t)
{
	return 1e6 / sum_of(t);
}

double loop_games(const struct loop_figure *f, const struct loop_times *t)
{
	return loop_rate(t) / f->plies;
}

void loop_add_head(struct buf *out)
{
	buf_printf(out, "\n%-17s%9s%9s%9s%9s%9s%9s%8s\n", "microseconds",
		   "network", "tree", "rules", "training", "games/s", "network",
		   "known");
}

void loop_add_text(struct buf *out, const struct loop_figure *f,
		   const struct loop_times *t)
{
	buf_printf(out, "%-17s%9.0f%9.1f%9.1f%9.0f%9.2f%8.0f%%%7.0f%%\n",
		   f->name, t->network, t->tree, t->rules, t->training,
		   loop_games(f, t), 100 * network_share(t), 100 * t->known);
}

static void add_number(struct json *j, const char *key, double value)
{
	json_key(j, key);
	json_double(j, value);
}

void loop_add_json(struct json *j, const struct loop_figure *f,
		   const struct loop_times *t)
{
	json_key(j, "game");
	json_string(j, f->game);
	json_key(j, "recipe");
	json_string(j, f->recipe);
	add_number(j, "network_us", t->network);
	add_number(j, "tree_us", t->tree);
	add_number(j, "rules_us", t->rules);
	add_number(j, "training_us", t->training);
	add_number(j, "games", loop_games(f, t));
	add_number(j, "game_plies", f->plies);
	add_number(j, "network_share", network_share(t));
	add_number(j, "training_share", t->training / sum_of(t));
	add_number(j, "known_share", t->known);
	add_number(j, "rows", t->batch);
}
