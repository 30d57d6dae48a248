/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/self_play.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/targets.h"
#include "core/net/batch.h"
#include "core/net/net.h"
#include "core/search/evaluator.h"
#include "core/search/fleet.h"
#include "core/search/mcts.h"

struct slot {
	int64_t number;   /* of the game at hand */
	void *state;      /* owned */
	game_move *moves; /* owned; [max_plies] */
	int count, opening;
	struct targets_writer targets;
	struct mcts *search; /* owned; the fleet has it too */
	int left;            /* moves to play in this call */
};

/* Finished games wait here until all groups are done. */
struct finished {
	struct self_play_game game; /* pointers owned by this record */
	int left, slot; /* the slot's moves left to play, and its number */
};

struct group {
	struct self_play *sp;      /* borrowed: whose group this is */
	struct slot *slots;        /* owned; [recipe.slots] */
	struct mcts **searches;    /* owned; [recipe.slots]: the slots' */
	struct fleet *fleet;       /* owned; forgets between calls */
	struct net_work *work;     /* owned; of the plan at hand */
	bool tells;                /* its thread calls `tick` */
	float *weights;            /* owned; [move_count] scratch */
	game_move *legal;          /* owned; [move_count] scratch */
	struct finished *finished; /* owned; [finished_count] */
	size_t finished_count, finished_cap;
	struct self_play_figures figures;
};

struct self_play {
	const struct game *game; /* borrowed */
	struct recipe recipe;
	uint64_t seed;
	struct group *groups; /* owned; [recipe.groups] */
	struct self_play_figures figures;
	/* the call at hand */
	const struct net_plan *plan;
	int plies;
	atomic_bool cancelled;
	bool (*tick)(void *ctx);
	void *ctx;
};

static int slot_count(const struct self_play *sp)
{
	return sp->recipe.groups * sp->recipe.slots;
}

static bool is_over(const struct self_play *sp, const struct slot *s)
{
	return sp->game->rules->to_act(sp->game, s->state) == GAME_OVER;
}

/* Let chance play until it is somebody's turn, or the end. */
static void settle(struct self_play *sp, struct group *gr, struct slot *s)
{
	const struct game_rules *rules = sp->game->rules;

	while (rules->to_act(sp->game, s->state) == GAME_CHANCE) {
		struct rng rng;
		game_move m;

		rng_init(&rng, sp->seed, RNG_CHANCE, (uint64_t)s->number,
			 (uint64_t)s->count);
		m = game_chance_move(sp->game, s->state, &rng, gr->legal);
		rules->apply(sp->game, s->state, m);
		targets_skip(&s->targets);
		s->moves[s->count++] = m;
	}
}

/* Of the game's moves, how many are random at first. */
static int opening_plies(const struct recipe *r, struct rng *rng)
{
	int most = r->opening_plies, plies;

	if (rng_float(rng) >= r->opening_share)
		return 0;
	plies = 1 + (int)rng_below(rng, (uint32_t)(most ? most : 1));
	return plies < most ? plies : most;
}

static void restart(struct self_play *sp, struct slot *s)
{
	sp->game->rules->start(sp->game, s->state,
			       rng_mix(sp->seed, (uint64_t)s->number));
	s->count = 0;
}

/* Begin game `number` in a slot, perhaps with random moves. */
static void begin_game(struct self_play *sp, struct group *gr, struct slot *s,
		       int64_t number)
{
	struct rng rng;

	s->number = number;
	targets_begin(&s->targets);
	restart(sp, s);
	rng_init(&rng, sp->seed, RNG_OPENING, (uint64_t)number, 0);
	/* An opening that ended the game: play it properly. */
	if (!game_opening(sp->game, s->state, opening_plies(&sp->recipe, &rng),
			  &rng, s->moves, &s->count))
		restart(sp, s);
	for (int i = 0; i < s->count; i++)
		targets_skip(&s->targets);
	s->opening = s->count;
	settle(sp, gr, s);
	assert(!is_over(sp, s));
}

struct self_play *self_play_new(const struct game *g, const struct recipe *r,
				uint64_t seed)
{
	struct self_play *sp = mem_zalloc(1, sizeof(*sp));
	size_t rows = (size_t)r->slots;
	struct mcts_config search;

	sp->game = g;
	sp->recipe = *r;
	sp->seed = seed;
	recipe_search(r, seed, &search);
	search.memory_cap = mcts_tree_cap(g, r->simulations, 1);
	sp->groups = mem_zalloc((size_t)r->groups, sizeof(*sp->groups));
	for (int i = 0; i < r->groups; i++) {
		struct group *gr = &sp->groups[i];

		gr->slots = mem_zalloc(rows, sizeof(*gr->slots));
		gr->sp = sp;
		gr->searches = mem_zalloc(rows, sizeof(*gr->searches));
		gr->fleet =
			fleet_new(g, r->slots,
				  ((size_t)r->cache << 20) / (size_t)r->groups);
		gr->weights = mem_floats((size_t)g->move_count);
		gr->legal =
			mem_zalloc((size_t)g->move_count, sizeof(*gr->legal));
		for (int k = 0; k < r->slots; k++) {
			struct slot *s = &gr->slots[k];

			s->state = mem_zalloc(1, g->state_size);
			s->moves = mem_zalloc((size_t)g->max_plies,
					      sizeof(*s->moves));
			s->search = gr->searches[k] = mcts_new(g, &search);
			begin_game(sp, gr, s, (int64_t)i * r->slots + k);
		}
	}
	return sp;
}

static void drop_finished(struct group *gr)
{
	for (size_t i = 0; i < gr->finished_count; i++) {
		union {
			const void *in;
			void *out;
		} moves = {gr->finished[i].game.moves},
		  targets = {gr->finished[i].game.targets};

		free(moves.out);
		free(targets.out);
	}
	gr->finished_count = 0;
}

void self_play_free(struct self_play *sp)
{
	if (!sp)
		return;
	for (int i = 0; i < sp->recipe.groups; i++) {
		struct group *gr = &sp->groups[i];

		drop_finished(gr);
		free(gr->finished);
		for (int k = 0; k < sp->recipe.slots; k++) {
			struct slot *s = &gr->slots[k];

			free(s->state);
			free(s->moves);
			buf_release(&s->targets.out);
			mcts_free(s->search);
		}
		free(gr->slots);
		net_work_free(gr->work);
		fleet_free(gr->fleet);
		free(gr->searches);
		free(gr->weights);
		free(gr->legal);
	}
	free(sp->groups);
	free(sp);
}

void self_play_reseed(struct self_play *sp, uint64_t seed)
{
	sp->seed = seed;
}

static struct finished *add_finished(struct group *gr)
{
	if (gr->finished_count == gr->finished_cap) {
		gr->finished_cap = gr->finished_cap ? 2 * gr->finished_cap : 16;
		gr->finished = mem_realloc(
			gr->finished, gr->finished_cap * sizeof(*gr->finished));
	}
	return &gr->finished[gr->finished_count++];
}

/* As if all slots played move by move together: which of them the cache let
 * run ahead does not show. */
static int in_order(const void *a, const void *b)
{
	const struct finished *x = a, *y = b;

	if (x->left != y->left)
		return x->left > y->left ? -1 : 1;
	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static void finish_game(struct self_play *sp, struct group *gr, struct slot *s)
{
	const struct game_rules *rules = sp->game->rules;
	struct finished *f = add_finished(gr);
	float value[GAME_MAX_PLAYERS];
	game_move *moves;
	size_t len;

	rules->score(sp->game, s->state, value);
	moves = mem_zalloc((size_t)s->count, sizeof(*moves));
	memcpy(moves, s->moves, (size_t)s->count * sizeof(*moves));
	f->game.number = s->number;
	f->game.moves = moves;
	f->game.count = s->count;
	f->game.opening = s->opening;
	f->game.result = value[0];
	f->game.targets = buf_detach(&s->targets.out, &len);
	f->game.targets_len = len;
	f->left = s->left;
	f->slot = (int)(s - gr->slots);

	gr->figures.games++;
	gr->figures.plies += s->count;
	gr->figures.first_score += 0.5 + 0.5 * (double)value[0];
	if (rules->points)
		gr->figures.points += rules->points(sp->game, s->state);
	buf_release(&s->targets.out);
	begin_game(sp, gr, s, s->number + slot_count(sp));
}

static void add_search_figures(struct self_play_figures *f,
			       const struct mcts_result *r)
{
	int prior_best = 0;

	f->positions++;
	f->simulations += r->simulations;
	for (int i = 0; i < r->count; i++) {
		double p = (double)r->moves[i].prior;
		double t = (double)r->moves[i].policy;

		if (p > 0)
			f->entropy -= p * log(p);
		if (t > 0) {
			f->search_entropy -= t * log(t);
			f->kl += t * (log(t) - log(fmax(p, 1e-12)));
		}
		if (r->moves[i].prior > r->moves[prior_best].prior)
			prior_best = i;
	}
	f->best_changed += r->best != prior_best;
}

/* Play the move that the search chose and note what it teaches. */
static void play_move(struct self_play *sp, struct group *gr, struct slot *s)
{
	struct mcts_result r;
	game_move m;

	mcts_result(s->search, &r);
	for (int i = 0; i < r.count; i++)
		gr->weights[i] = r.moves[i].policy;
	targets_ply(&s->targets, r.count, gr->weights, r.wdl);
	add_search_figures(&gr->figures, &r);
	m = r.moves[r.best].move;
	sp->game->rules->apply(sp->game, s->state, m);
	s->moves[s->count++] = m;
	settle(sp, gr, s);
	if (is_over(sp, s))
		finish_game(sp, gr, s);
}

void self_play_search(const struct recipe *r, uint64_t seed, int64_t number,
		      int ply, struct mcts_config *out)
{
	recipe_search(r, rng_mix(seed, (uint64_t)number), out);
	out->gumbel_noise = ply < r->explore_plies ? 1.0f : 0.0f;
}

static void begin_search(struct self_play *sp, struct slot *s)
{
	struct mcts_config search;

	self_play_search(&sp->recipe, sp->seed, s->number, s->count, &search);
	mcts_configure(s->search, &search);
	mcts_start(s->search, s->state, (uint64_t)s->count);
}

/* The search of slot `i` is over: play, and search on where moves are left. */
static bool search_ended(void *ctx, int i, enum mcts_stop stop)
{
	struct group *gr = ctx;
	struct slot *s = &gr->slots[i];

	(void)stop; /* a full tree and a proof teach as well */
	play_move(gr->sp, gr, s);
	if (!--s->left)
		return false;
	begin_search(gr->sp, s);
	return true;
}

static bool goes_on(void *ctx)
{
	struct group *gr = ctx;
	struct self_play *sp = gr->sp;

	if (gr->tells && sp->tick && !sp->tick(sp->ctx))
		atomic_store(&sp->cancelled, true);
	return !atomic_load(&sp->cancelled);
}

static void ask_network(void *self, const struct game *g, int n, const float *x,
			float *policy, float *wdl)
{
	struct group *gr = self;
	struct net_batch batch = {.sequences = n, .x = x};
	float *out[NET_HEADS] = {[NET_POLICY] = policy, [NET_VALUE] = wdl};

	(void)g;
	net_infer(gr->sp->plan, gr->work, NULL, &batch, out);
}

static void take_fleet_figures(struct group *gr)
{
	struct fleet_figures f;

	fleet_take_figures(gr->fleet, &f);
	gr->figures.leaves += f.leaves;
	gr->figures.rows += f.rows;
	gr->figures.batches += f.batches;
	gr->figures.net_seconds += f.seconds;
}

static void play_group(void *ctx, int number, int worker)
{
	struct self_play *sp = ctx;
	struct group *gr = &sp->groups[number];
	const struct evaluator network = {
		.name = "network",
		.max_batch = sp->recipe.slots,
		.evaluate_encoded = ask_network,
		.self = gr,
	};
	const struct fleet_calls calls = {search_ended, goes_on, gr};
	double before = clock_thread_seconds();

	if (atomic_load(&sp->cancelled))
		return;
	if (!gr->work)
		gr->work = net_work_new(sp->plan, sp->recipe.slots);
	fleet_forget(gr->fleet);
	gr->tells = worker == 0;
	for (int k = 0; k < sp->recipe.slots; k++) {
		gr->slots[k].left = sp->plies;
		begin_search(sp, &gr->slots[k]);
	}
	fleet_run(gr->fleet, &network, gr->searches, sp->recipe.slots, &calls);
	take_fleet_figures(gr);
	gr->figures.busy_seconds += clock_thread_seconds() - before;
}

static void add_figures(struct self_play_figures *to,
			const struct self_play_figures *from)
{
	to->positions += from->positions;
	to->simulations += from->simulations;
	to->games += from->games;
	to->plies += from->plies;
	to->first_score += from->first_score;
	to->points += from->points;
	to->kl += from->kl;
	to->entropy += from->entropy;
	to->search_entropy += from->search_entropy;
	to->best_changed += from->best_changed;
	to->leaves += from->leaves;
	to->rows += from->rows;
	to->batches += from->batches;
	to->net_seconds += from->net_seconds;
	to->busy_seconds += from->busy_seconds;
}

enum err_code
self_play_advance(struct self_play *sp, const struct net_plan *plan, int plies,
		  struct pool *pool,
		  void (*done)(void *ctx, const struct self_play_game *game),
		  bool (*tick)(void *ctx), void *ctx)
{
	assert(plies >= 1);
	sp->plan = plan;
	sp->plies = plies;
	sp->tick = tick;
	sp->ctx = ctx;
	atomic_store(&sp->cancelled, false);
	pool_run(pool, sp->recipe.groups, play_group, sp);
	for (int i = 0; i < sp->recipe.groups; i++) {
		struct group *gr = &sp->groups[i];

		if (gr->finished_count)
			qsort(gr->finished, gr->finished_count,
			      sizeof(*gr->finished), in_order);
		for (size_t f = 0;
		     f < gr->finished_count && !atomic_load(&sp->cancelled);
		     f++)
			done(ctx, &gr->finished[f].game);
		drop_finished(gr);
		add_figures(&sp->figures, &gr->figures);
		memset(&gr->figures, 0, sizeof(gr->figures));
	}
	return atomic_load(&sp->cancelled) ? ERR_CANCELLED : ERR_OK;
}

void self_play_take_figures(struct self_play *sp, struct self_play_figures *out)
{
	*out = sp->figures;
	memset(&sp->figures, 0, sizeof(sp->figures));
}

void self_play_save(const struct self_play *sp, struct buf *out)
{
	buf_u32(out, (uint32_t)slot_count(sp));
	for (int i = 0; i < slot_count(sp); i++) {
		const struct slot *s = &sp->groups[i / sp->recipe.slots]
						.slots[i % sp->recipe.slots];

		buf_u64(out, (uint64_t)s->number);
		buf_u32(out, (uint32_t)s->opening);
		buf_u32(out, (uint32_t)s->count);
		for (int k = 0; k < s->count; k++)
			buf_u16(out, s->moves[k]);
		buf_u32(out, (uint32_t)s->targets.out.len);
		buf_add(out, s->targets.out.data, s->targets.out.len);
	}
}

/* No run numbers its games further. */
static const int64_t MOST_GAMES = (int64_t)1 << 50;

static enum err_code load_slot(struct self_play *sp, struct group *gr,
			       struct slot *s, struct reader *r, struct err *e)
{
	const struct game_rules *rules = sp->game->rules;
	const void *targets;
	size_t len;

	s->number = reader_count(r, MOST_GAMES);
	s->opening = (int)reader_u32(r);
	s->count = (int)reader_u32(r);
	if (r->failed || s->count < 0 || s->count > sp->game->max_plies ||
	    s->opening < 0 || s->opening > s->count)
		return err_set(e, ERR_FORMAT, "a saved game is damaged");
	rules->start(sp->game, s->state,
		     rng_mix(sp->seed, (uint64_t)s->number));
	for (int k = 0; k < s->count; k++) {
		game_move m = reader_u16(r);
		bool legal = false;
		int n;

		if (r->failed || is_over(sp, s))
			return err_set(e, ERR_FORMAT,
				       "a saved game is damaged");
		n = rules->legal(sp->game, s->state, gr->legal);
		for (int i = 0; i < n; i++)
			legal |= gr->legal[i] == m;
		if (!legal)
			return err_set(e, ERR_FORMAT,
				       "a saved game holds an illegal move");
		rules->apply(sp->game, s->state, m);
		s->moves[k] = m;
	}
	len = reader_u32(r);
	targets = reader_bytes(r, len);
	if (!targets || sp->game->rules->to_act(sp->game, s->state) < 0)
		return err_set(e, ERR_FORMAT, "a saved game is damaged");
	buf_clear(&s->targets.out);
	buf_add(&s->targets.out, targets, len);
	return ERR_OK;
}

enum err_code self_play_load(struct self_play *sp, struct reader *r,
			     struct err *e)
{
	uint32_t n = reader_u32(r);

	if (r->failed || n != (uint32_t)slot_count(sp))
		return err_set(e, ERR_FORMAT,
			       "%u saved games where the recipe has %d slots",
			       n, slot_count(sp));
	for (int i = 0; i < slot_count(sp); i++) {
		struct group *gr = &sp->groups[i / sp->recipe.slots];
		enum err_code rc = load_slot(
			sp, gr, &gr->slots[i % sp->recipe.slots], r, e);

		if (rc)
			return rc;
	}
	return ERR_OK;
}
