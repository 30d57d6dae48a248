/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/searcher.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/kind.h"
#include "core/agent/net_eval.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/fleet.h"

/* The agent that searches. */

#define FIELD(kind, name, field, min, max, fallback, help)                   \
	{                                                                    \
		name, kind, offsetof(struct searcher_conf, field), min, max, \
			fallback, NULL, help                                 \
	}

static const struct conf_spec searcher_spec[] = {
	FIELD(CONF_INT, "sims", simulations, 1, 1000000, "200",
	      "simulations a move"),
	FIELD(CONF_INT, "batch", batch, 0, 256, "0",
	      "leaves evaluated at once; 0: 8 with a network, 1 without or in "
	      "many games at a time"),
	FIELD(CONF_FLOAT, "c_puct", c_puct, 0, 100, "1.25",
	      "exploration constant"),
	FIELD(CONF_FLOAT, "fpu", fpu, 0, 10, "0.2",
	      "first-play urgency: how much worse unseen moves are held to be"),
	FIELD(CONF_FLOAT, "lcb", lcb, 0, 100, "5",
	      "plays the best by Q minus this many standard errors; 0: by "
	      "visits"),
	FIELD(CONF_FLOAT, "prior_temperature", prior_temperature, 0.1, 10, "1",
	      "above 1 the network's priors are flattened"),
	FIELD(CONF_INT, "symmetries", symmetries, 1, 8, "1",
	      "views of the board that are averaged, at most all there are"),
	FIELD(CONF_FLOAT, "noise", noise, 0, 1, "0",
	      "Dirichlet share at the root; under gumbel, its scale"),
	FIELD(CONF_FLOAT, "temperature", temperature, 0, 100, "0",
	      "0 plays the best move, 1 in proportion to the visits"),
	FIELD(CONF_BOOL, "gumbel", gumbel, 0, 0, "no",
	      "sequential halving at the root, as in training"),
	FIELD(CONF_INT, "moves", gumbel_moves, 1, 1000, "16",
	      "moves that gumbel considers at first"),
	FIELD(CONF_BOOL, "reuse", reuse, 0, 0, "yes",
	      "keep the tree from move to move of a game"),
	FIELD(CONF_INT, "rollouts", rollouts, 1, 10000, "1",
	      "random games to value a leaf, for mcts:rollout"),
	FIELD(CONF_INT, "memory", memory, 1, 65536, "256",
	      "largest tree, in MB"),
	{0},
};

/* As many noise units as the lab's training uses (Silver et al. 2018 use 10 /
 * legal moves). */
static const float NOISE_ALPHA = 10;

/* Seconds between two reports of a live view. */
static const double REPORT_SECONDS = 0.1;

struct mcts_config searcher_config(const struct agent *a)
{
	const struct searcher_conf *conf = a->conf;
	const struct searcher *s = a->self;
	struct mcts_config c = MCTS_CONFIG_DEFAULT;

	c.simulations = a->limits.simulations ? a->limits.simulations
					      : conf->simulations;
	c.root = conf->gumbel && !a->limits.only_count ? MCTS_ROOT_GUMBEL
						       : MCTS_ROOT_PUCT;
	c.solve = !a->limits.only_count;
	c.c_puct = conf->c_puct;
	c.fpu = conf->fpu;
	c.lcb = conf->lcb;
	c.noise_share = conf->noise;
	c.noise_alpha = !conf->gumbel && conf->noise > 0 ? NOISE_ALPHA : 0;
	c.gumbel_moves = conf->gumbel_moves;
	c.gumbel_noise = conf->noise;
	c.batch = s->mind.batch;
	c.memory_cap = (size_t)conf->memory << 20;
	c.seed = rng_mix(a->seed, a->game);
	return c;
}

size_t searcher_tree_cap(const struct agent *a, int searches)
{
	struct mcts_config c = searcher_config(a);
	size_t most = mcts_tree_cap(a->g, c.simulations, searches);

	return most < c.memory_cap ? most : c.memory_cap;
}

enum { PATH_MAX_PLIES = 64 };

/* Searches that a tree kept from turn to turn has room for, where there are
 * many trees. */
enum { TREE_SEARCHES = 4 };

static bool is_legal(struct agent *a, const void *state, game_move m)
{
	int n = a->g->rules->legal(a->g, state, a->legal);

	for (int i = 0; i < n; i++)
		if (a->legal[i] == m)
			return true;
	return false;
}

/* From after our last move to `state` by the line of play, with one turn of
 * each other player; -1: the line says otherwise. */
static int path_of_line(struct agent *a, const void *state, game_move *path)
{
	const struct searcher_game *m = a->kept;
	const struct game *g = a->g;
	int n = 0, turns = 0;

	memcpy(a->child, m->state, g->state_size);
	for (int ply = m->ply + 1; ply < a->ply; ply++) {
		int who = g->rules->to_act(g, a->child);

		if (who == GAME_OVER || n == PATH_MAX_PLIES ||
		    (who >= 0 && ++turns >= g->player_count) ||
		    !is_legal(a, a->child, a->line[ply]))
			return -1;
		g->rules->apply(g, a->child, a->line[ply]);
		path[n++] = a->line[ply];
	}
	return memcmp(a->child, state, g->state_size) ? -1 : n;
}

/* The same without a line: the reply that leads there. */
static int path_of_reply(struct agent *a, const void *state, game_move *path)
{
	const struct searcher_game *m = a->kept;
	const struct game *g = a->g;
	int n;

	if (m->ply + 2 != a->ply || g->rules->to_act(g, m->state) < 0)
		return -1;
	n = g->rules->legal(g, m->state, a->legal);
	for (int i = 0; i < n; i++) {
		memcpy(a->child, m->state, g->state_size);
		g->rules->apply(g, a->child, a->legal[i]);
		if (!memcmp(a->child, state, g->state_size)) {
			path[0] = a->legal[i];
			return 1;
		}
	}
	return -1;
}

/* The moves from where the tree stands to `state`; -1: it does not lead there.
 * Only within one game, from our last turn to this one: what an agent thinks
 * must follow from the game alone, not from what it did before it. */
static int find_path(struct agent *a, const void *state, game_move *path)
{
	const struct searcher_game *m = a->kept;
	int first = m->own != GAME_NO_MOVE, n;

	if (!m->valid || m->seed != a->seed || m->game != a->game ||
	    m->ply >= a->ply)
		return -1;
	if (first)
		path[0] = m->own;
	n = a->line && a->line_count == a->ply
		    ? path_of_line(a, state, path + first)
		    : path_of_reply(a, state, path + first);
	return n < 0 ? n : first + n;
}

/* The tree is taken when it is needed: many agents are only opened.  How large
 * it may grow is decided by the first search of a game, so it follows from the
 * settings alone. */
static struct mcts *new_tree(const struct agent *a, const struct mcts_config *c)
{
	struct mcts_config first = *c;

	if (agent_in_company(a))
		first.memory_cap = searcher_tree_cap(a, TREE_SEARCHES);
	return mcts_new(a->g, &first);
}

void searcher_begin(struct agent *a, const void *state,
		    const struct mcts_config *c)
{
	struct searcher_game *m = a->kept;
	game_move path[1 + PATH_MAX_PLIES];
	int plies = find_path(a, state, path);

	if (!m->mcts)
		m->mcts = new_tree(a, c);
	mcts_configure(m->mcts, c);
	mcts_only(m->mcts, a->only, a->limits.only_count);
	if (a->limits.only_count || plies < 0)
		mcts_start(m->mcts, state, (uint64_t)a->ply);
	else
		mcts_advance_line(m->mcts, path, plies, state,
				  (uint64_t)a->ply);
}

/* Leave the tree at the position after our move, where a player acts there. */
static void remember(struct agent *a, const void *state, game_move move)
{
	const struct searcher_conf *c = a->conf;
	struct searcher_game *m = a->kept;
	int who;

	m->valid = c->reuse && !a->limits.only_count && !c->gumbel &&
		   !(c->noise > 0);
	if (!m->valid)
		return;
	if (!m->state)
		m->state = mem_zalloc(1, a->g->state_size);
	m->seed = a->seed;
	m->game = a->game;
	m->ply = a->ply;
	m->own = GAME_NO_MOVE;
	memcpy(m->state, state, a->g->state_size);
	a->g->rules->apply(a->g, m->state, move);
	who = a->g->rules->to_act(a->g, m->state);
	if (who == GAME_OVER)
		m->valid = false;
	else if (who == GAME_CHANCE)
		m->own = move;
	else
		mcts_advance(m->mcts, move, m->state, (uint64_t)a->ply);
}

void searcher_take(struct thought *out, struct mcts *search)
{
	struct mcts_result r;

	mcts_result(search, &r);
	assert(r.count == out->count);
	for (int i = 0; i < r.count; i++) {
		struct agent_move *m = &out->moves[i];

		m->move = r.moves[i].move;
		m->visits = r.moves[i].visits;
		m->prior = r.moves[i].prior;
		m->policy = r.moves[i].policy;
		m->q = r.moves[i].q;
		m->value = r.moves[i].value;
		memcpy(m->wdl, r.moves[i].wdl, sizeof(m->wdl));
	}
	out->move = r.moves[r.best].move;
	out->has_value = true;
	memcpy(out->wdl, r.wdl, sizeof(out->wdl));
	out->simulations = r.simulations;
}

static void take_result(struct agent *a, const void *state, struct thought *out)
{
	const struct searcher_game *m = a->kept;
	struct searcher *s = a->self;

	searcher_take(out, m->mcts);
	thought_lines(out, a, m->mcts);
	mind_show_lines(&s->mind, a, state, out);
}

/* In steps of about a tenth of a second.  A step ends between two batches, so
 * the tree is the one that nobody watched. */
static void run_watched(struct agent *a, const void *state, int simulations,
			const atomic_bool *cancel, struct thought *so_far)
{
	struct searcher *s = a->self;
	struct mcts *mcts = ((struct searcher_game *)a->kept)->mcts;
	double last = clock_seconds();
	int step = s->mind.batch;

	for (;;) {
		int before = mcts_simulations(mcts);
		enum mcts_stop stop =
			mcts_run_some(mcts, &s->mind.evaluator, step, cancel);
		double now = clock_seconds();

		if (stop == MCTS_CANCELLED) {
			take_result(a, state, so_far);
			a->report(a->report_ctx, so_far);
		}
		if (stop != MCTS_DONE || mcts_simulations(mcts) >= simulations)
			return;
		if (now - last < REPORT_SECONDS / 2 && step < 1 << 20)
			step *= 2;
		else if (now - last > REPORT_SECONDS * 2 && step > 1)
			step /= 2;
		assert(mcts_simulations(mcts) > before);
		take_result(a, state, so_far);
		a->report(a->report_ctx, so_far);
		last = now;
	}
}

void searcher_end(struct agent *a, const void *state, struct rng *r,
		  const atomic_bool *cancel, struct thought *out)
{
	const struct searcher_conf *c = a->conf;
	struct searcher_game *m = a->kept;

	take_result(a, state, out);
	if (a->keep_trace && !a->limits.no_trace)
		out->trace = mcts_trace(m->mcts);
	if (c->temperature > 0)
		thought_choose(out, a, c->temperature, r);
	/* Whoever cancels a search waits for it: it ends here. */
	m->valid = false;
	if (!cancel || !atomic_load(cancel))
		remember(a, state, out->move);
}

static void mcts_think(struct agent *a, const void *state, struct rng *r,
		       const atomic_bool *cancel, struct thought *out)
{
	struct mcts_config c = searcher_config(a);
	struct searcher *s = a->self;
	struct searcher_game *m = a->kept;

	mind_show(&s->mind, a, state, out);
	mind_keep_leads(&s->mind, a);
	searcher_begin(a, state, &c);
	if (a->report)
		run_watched(a, state, c.simulations, cancel, out);
	else
		mcts_run(m->mcts, &s->mind.evaluator, cancel);
	searcher_end(a, state, r, cancel, out);
}

/*
 * Rows of the network's calls: more make them no quicker.  What the network
 * said is kept from call to call, since games of a match share their openings
 * and a turn comes back to what those before it looked at; a match of 64 games
 * with 60 to 100 simulations gains next to nothing from more than a quarter of
 * this.
 */
enum { FLEET_ROWS = 32, FLEET_CACHE_BYTES = 16 << 20 };

struct fleet *searcher_fleet(struct agent *a, struct evaluator *ev)
{
	struct searcher *s = a->self;

	if (!s->fleet) {
		s->fleet = fleet_new(a->g, FLEET_ROWS, FLEET_CACHE_BYTES);
		s->wide = mind_network(&s->mind, a->g, FLEET_ROWS);
	}
	*ev = net_eval_evaluator(s->wide);
	return s->fleet;
}

static enum err_code mcts_open(struct agent *a, struct err *e)
{
	const struct searcher_conf *c = a->conf;
	const struct mind_conf mc = {
		.batch = c->batch,
		.symmetries = c->symmetries,
		.prior_temperature = c->prior_temperature,
		.rollouts = c->rollouts,
	};
	struct searcher *s = a->self;
	enum err_code code = mind_open(&s->mind, a, &mc, e);

	if (!s->mind.net || c->batch > 1)
		a->company = AGENT_IN_TURN;
	return code;
}

static void mcts_close(struct agent *a)
{
	struct searcher *s = a->self;

	fleet_free(s->fleet);
	net_eval_free(s->wide);
	mind_close(&s->mind);
}

static void release_game(void *kept)
{
	struct searcher_game *m = kept;

	mcts_free(m->mcts);
	free(m->state);
}

const struct agent_kind agent_kind_mcts = {
	.name = "mcts",
	.form = "mcts:RUN/STEP,sims=N",
	.help = "tree search; mcts:uniform and mcts:rollout need no network",
	.mind = AGENT_EVALUATOR,
	.company = AGENT_TOGETHER,
	.conf = searcher_spec,
	.conf_size = sizeof(struct searcher_conf),
	.self_size = sizeof(struct searcher),
	.kept_size = sizeof(struct searcher_game),
	.release_kept = release_game,
	.open = mcts_open,
	.close = mcts_close,
	.think = mcts_think,
	.think_many = searcher_many,
	.together = searcher_together,
};
