/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/again.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/net_eval.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/lab/again_int.h"
#include "core/lab/lab.h"
#include "core/learn/learner.h"
#include "core/learn/method.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/net/net.h"
#include "core/search/evaluator.h"
#include "core/search/mcts.h"
#include "store/game.h"
#include "store/run.h"

/* Bits of fraction of a float: a checkpoint with fewer is rounded. */
enum { WHOLE_BITS = 23 };

struct again {
	struct store *store;  /* borrowed */
	struct store_bag bag; /* of the rows */
	struct store_game row;
	struct store_run run;
	struct game game;
	struct recipe recipe;
	game_move *moves; /* owned; [plies] */
	int plies;
	void *state;    /* owned */
	int64_t *index; /* owned; [plies]: searches of the game before; -1 none
			 */
	float *policy;  /* owned; [move_count] scratch */
	struct again_past past;
	struct store_checkpoint *kept; /* in the bag, by step */
	size_t kept_count;
	/* The network of the last search. */
	int64_t plan_step;
	bool plan_whole;       /* as it played, and not rounded */
	struct net_plan *plan; /* owned */
};

static enum err_code is_searched(const struct again *a, struct err *e)
{
	struct method m;

	if (strcmp(a->row.purpose, "selfplay") || !a->row.number)
		return err_set(e, ERR_USAGE,
			       "game %lld is no game of self-play (%s): its "
			       "searches are stored with it or not at all",
			       (long long)a->row.id, a->row.purpose);
	if (!method_read(a->recipe.method, &m, NULL) && m.kind != METHOD_SEARCH)
		return err_set(e, ERR_USAGE,
			       "run %s plays without a search: there is none "
			       "to make again",
			       a->run.name);
	return ERR_OK;
}

static enum err_code read_recipe(struct again *a, struct err *e)
{
	conf_defaults(recipe_spec, &a->recipe);
	a->recipe.mask_illegal = false;
	return err_of_stored(e, conf_read(recipe_spec, &a->recipe,
					  a->run.config, a->run.name, e));
}

static enum err_code read_rows(struct again *a, int64_t game_id, struct err *e)
{
	enum store_status st =
		store_game_get(a->store, &a->bag, game_id, &a->row);

	if (st == STORE_OK && a->row.run_id)
		st = store_run_get(a->store, &a->bag, a->row.run_id, &a->run);
	if (st == STORE_OK && a->row.run_id)
		st = store_checkpoint_list(a->store, &a->bag, a->row.run_id,
					   &a->kept, &a->kept_count);
	return lab_error(a->store, st, e);
}

/* Which plies were searched, and their numbers among them. */
static enum err_code read_targets(struct again *a, struct err *e)
{
	enum err_code rc = lab_error(
		a->store,
		store_game_targets(a->store, &a->bag, a->row.id,
				   &a->row.targets, &a->row.targets_len),
		e);
	struct reader r;
	int64_t n = 0;

	if (!rc)
		rc = targets_open(&r, a->row.targets, a->row.targets_len, e);
	if (rc)
		return rc;
	a->index = mem_zalloc((size_t)a->plies + 1, sizeof(*a->index));
	for (int ply = 0; ply < a->plies; ply++) {
		struct target t;

		targets_next(&r, &t);
		a->index[ply] =
			t.count > 0 && t.count <= a->game.move_count ? n++ : -1;
	}
	return r.failed ? err_set(e, ERR_FORMAT, "its targets are cut short")
			: ERR_OK;
}

static enum err_code read_game(struct again *a, struct err *e)
{
	enum err_code rc =
		err_of_stored(e, game_init(&a->game, a->row.game, e));

	if (rc)
		return rc;
	a->moves = mem_zalloc((size_t)a->game.max_plies, sizeof(*a->moves));
	a->policy = mem_floats((size_t)a->game.move_count);
	a->state = game_state_new(&a->game, 0);
	rc = err_of_stored(e, game_play_text(&a->game, a->state, a->row.moves,
					     a->moves, &a->plies, e));
	return rc ? rc : read_targets(a, e);
}

enum err_code again_open(struct again **out, struct store *s, int64_t game_id,
			 const atomic_bool *cancel, struct err *e)
{
	struct again *a = mem_zalloc(1, sizeof(*a));
	enum err_code rc;

	a->store = s;
	rc = read_rows(a, game_id, e);
	if (!rc && a->row.run_id)
		rc = read_recipe(a, e);
	if (!rc)
		rc = is_searched(a, e);
	if (!rc) {
		rc = read_game(a, e);
		if (rc)
			err_prefix(e, "game %lld", (long long)game_id);
	}
	if (!rc)
		rc = again_past_read(&a->past, s, &a->recipe, &a->row, cancel,
				     e);
	*out = a;
	if (rc) {
		again_close(a);
		*out = NULL;
	}
	return rc;
}

void again_close(struct again *a)
{
	if (!a)
		return;
	net_plan_free(a->plan);
	again_past_release(&a->past);
	free(a->moves);
	free(a->state);
	free(a->index);
	free(a->policy);
	store_bag_release(&a->bag);
	free(a);
}

const struct game *again_game(const struct again *a)
{
	return &a->game;
}

int again_plies(const struct again *a)
{
	return a->plies;
}

/* As self-play starts them: a start may be drawn by the game's number. */
const void *again_state(struct again *a, int ply)
{
	const struct game_rules *rules = a->game.rules;

	assert(ply >= 0 && ply <= a->plies);
	rules->start(&a->game, a->state, rng_mix(a->run.seed, a->row.seed));
	for (int i = 0; i < ply; i++)
		rules->apply(&a->game, a->state, a->moves[i]);
	return a->state;
}

game_move again_move(const struct again *a, int ply)
{
	return a->moves[ply];
}

/* The stored record up to a ply, and its target. */
static struct target find_target(const struct again *a, int ply)
{
	struct target t = {0};
	struct reader r;

	if (targets_open(&r, a->row.targets, a->row.targets_len, NULL))
		return t;
	for (int i = 0; i <= ply; i++)
		targets_next(&r, &t);
	return t;
}

static float part(const unsigned char *p)
{
	return (float)(p[0] | p[1] << 8) / 65535.0f;
}

void again_target(struct again *a, int ply, struct again_target *out)
{
	struct target t = find_target(a, ply);

	*out = (struct again_target){
		.count = a->index[ply] < 0 ? 0 : t.count,
		.policy = a->policy,
		.wdl = {NAN, NAN, NAN},
	};
	for (int i = 0; i < out->count; i++)
		a->policy[i] = part(&t.policy[2 * i]);
	if (out->count && t.has_value) {
		out->wdl[0] = (float)t.win / 65535.0f;
		out->wdl[1] = (float)t.draw / 65535.0f;
		out->wdl[2] = fmaxf(0, 1 - out->wdl[0] - out->wdl[1]);
	}
}

/* ---- the network ---- */

/* The newest that had come no further, else the first. */
static const struct store_checkpoint *nearest(const struct again *a,
					      int64_t step)
{
	const struct store_checkpoint *best = a->kept;

	for (size_t i = 0; i < a->kept_count && a->kept[i].step <= step; i++)
		best = &a->kept[i];
	return best;
}

static enum err_code load_plan(struct again *a,
			       const struct store_checkpoint *at, struct err *e)
{
	struct net_config net;
	float *weights;
	enum err_code rc = lab_checkpoint_net(&a->run, at, &a->game, &net, e);

	if (!rc)
		rc = lab_load_weights(a->store, at, &weights, e);
	if (rc)
		return rc;
	a->plan = net_plan_new(&net, weights);
	a->plan_whole = a->recipe.checkpoint_bits >= WHOLE_BITS;
	free(weights);
	return ERR_OK;
}

/* What a run begins with follows from its seed, whatever a checkpoint keeps of
 * it. */
static void draw_plan(struct again *a)
{
	struct net_config net;
	struct learner *l;

	recipe_net(&a->recipe, &a->game, &net);
	l = learner_new(&net, &a->recipe, a->run.seed);
	a->plan = net_plan_new(&net, learner_average(l));
	a->plan_whole = true;
	learner_free(l);
}

static enum err_code need_plan(struct again *a, int64_t step, struct err *e)
{
	const struct store_checkpoint *at;

	if (!a->kept_count)
		return err_set(e, ERR_NOTFOUND,
			       "run %s has no checkpoint left that could "
			       "search",
			       a->run.name);
	at = nearest(a, step);
	if (a->plan && a->plan_step == at->step)
		return ERR_OK;
	net_plan_free(a->plan);
	a->plan = NULL;
	a->plan_step = at->step;
	if (at->step == 0 && !a->run.parent_checkpoint &&
	    !recipe_check_game(&a->recipe, &a->game, NULL)) {
		draw_plan(a);
		return ERR_OK;
	}
	return load_plan(a, at, e);
}

/* ---- the search ---- */

static const char *why(const struct again *a, const struct again_found *f)
{
	if (!f->sure)
		return "earlier games of the run were left out of this lab, so "
		       "that nobody knows which network moved";
	if (f->used != f->step)
		return "the network that moved was between two checkpoints and "
		       "was not kept";
	if (!a->plan_whole)
		return "the checkpoint keeps rounded weights, and the game was "
		       "played with whole ones";
	return f->same ? "" : "another build or processor rounds otherwise";
}

static void compare(const struct again *a, int ply, const struct mcts_result *r,
		    struct again_found *f)
{
	struct target t = find_target(a, ply);
	struct targets_writer w;
	struct target now = {0};
	struct reader reader;
	int best = 0, was = 0;
	float wdl[3] = {r->wdl[0], r->wdl[1], r->wdl[2]};

	for (int i = 0; i < r->count; i++)
		a->policy[i] = r->moves[i].policy;
	targets_begin(&w);
	targets_ply(&w, r->count, a->policy, wdl);
	if (t.count == r->count &&
	    !targets_open(&reader, w.out.data, w.out.len, NULL)) {
		targets_next(&reader, &now);
		f->same = !memcmp(now.policy, t.policy, 2 * (size_t)t.count) &&
			  now.win == t.win && now.draw == t.draw;
		for (int i = 0; i < t.count; i++) {
			double p = (double)part(&t.policy[2 * i]);
			double q = (double)part(&now.policy[2 * i]);

			f->apart = fmax(f->apart, fabs(p - q));
			if (part(&t.policy[2 * i]) > part(&t.policy[2 * was]))
				was = i;
			if (q > (double)part(&now.policy[2 * best]))
				best = i;
		}
		f->same_best = best == was;
	}
	buf_release(&w.out);
}

static void take_result(struct again *a, int ply, struct mcts *t,
			struct again_found *f)
{
	struct mcts_result r;

	mcts_result(t, &r);
	f->simulations = r.simulations;
	f->best = r.moves[r.best].move;
	for (int i = 0; i < 3; i++)
		f->wdl[i] = (double)r.wdl[i];
	compare(a, ply, &r, f);
	f->why = why(a, f);
	f->trace = mcts_trace(t);
}

static enum err_code run_search(struct again *a, int ply,
				const atomic_bool *cancel,
				struct again_found *f)
{
	struct net_eval *eval = net_eval_new(a->plan, &a->game, 1);
	struct evaluator ev = net_eval_evaluator(eval);
	struct mcts_config cfg;
	enum mcts_stop stop;
	struct mcts *t;

	self_play_search(&a->recipe, a->run.seed, (int64_t)a->row.seed, ply,
			 &cfg);
	/* The same cap: a tree that was full then is full now. */
	cfg.memory_cap = mcts_tree_cap(&a->game, a->recipe.simulations, 1);
	t = mcts_new(&a->game, &cfg);
	mcts_start(t, again_state(a, ply), (uint64_t)ply);
	stop = mcts_run(t, &ev, cancel);
	if (stop != MCTS_CANCELLED)
		take_result(a, ply, t, f);
	mcts_free(t);
	net_eval_free(eval);
	return stop == MCTS_CANCELLED ? ERR_CANCELLED : ERR_OK;
}

enum err_code again_search(struct again *a, int ply, const atomic_bool *cancel,
			   struct again_found *out, struct err *e)
{
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	if (ply < 0 || ply >= a->plies || a->index[ply] < 0)
		return err_set(e, ERR_USAGE,
			       "nobody searched at ply %d of game %lld: %s",
			       ply, (long long)a->row.id,
			       ply >= 0 && ply < a->plies
				       ? "its move was drawn"
				       : "no move was made there");
	out->sure = a->past.whole || a->row.step == 0;
	out->step = a->row.step;
	if (a->past.whole)
		out->step =
			again_past_step(&a->past, &a->recipe, a->index[ply]);
	rc = need_plan(a, out->step, e);
	if (rc)
		return rc;
	out->used = a->plan_step;
	return run_search(a, ply, cancel, out);
}

void again_found_release(struct again_found *f)
{
	trace_free(f->trace);
	f->trace = NULL;
}
