/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/adapt.h"
#include "core/learn/dataset.h"
#include "core/learn/life.h"
#include "core/learn/lives_data.h"
#include "core/learn/recipe.h"
#include "core/learn/targets.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/dream.h"
#include "core/study/kept_net.h"
#include "core/study/ledger_tell.h"
#include "core/study/study.h"

/*
 * B-tune: the imitator plays itself by the rules, and is trained now and then
 * on what it played, its own moves and how the games ended (dynamic evaluation:
 * Krause et al. 2018, arXiv:1709.07432).  Its weights change, so it has a badge
 * of its own.
 *
 * A move that was drawn from a policy teaches that policy nothing on average:
 * the expected gradient of its logarithm is zero.  What can be learned is how
 * games end, and, where only the winner's moves are shown, which moves win.
 */

enum {
	TOGETHER = 2,   /* sequences of a shard */
	PROBE_EVERY = 8 /* rounds of the ledger */
};
/* Games after which it is scored, as far as the settings go. */
static const int scored_after[] = {64, 512, 4096};

struct tuning {
	const struct claim_run *x;
	bool won;            /* shows the winner's moves alone */
	struct kept_net net; /* as it is now; owned */
	struct adapt *adapt; /* owned */
	struct tale *tales;  /* owned; [lanes]: what was read, then played */
	int *read;           /* owned; [lanes]: so many were read */
	int played;          /* of each lane */
};

static int lanes_of(const struct claim_run *x)
{
	return x->c->sim_lanes;
}

/* --- what it learns from ------------------------------------------------- */

/* The moves that were chosen, by whom they are shown of. */
static void write_targets(const struct tuning *t, const struct agent_past *p,
			  struct targets_writer *w)
{
	const struct game *g = t->x->g;
	size_t moves = (size_t)g->move_count;
	game_move *legal = mem_zalloc(moves, sizeof(*legal));
	float *policy = mem_floats(moves);
	void *state = game_state_new(g, 0);

	targets_begin(w);
	for (int i = 0; i < p->count; i++) {
		int n = g->rules->legal(g, state, legal);
		int player = g->rules->to_act(g, state);
		bool lost = player ? p->result > 0 : p->result < 0;

		for (int k = 0; k < n; k++)
			policy[k] = legal[k] == p->moves[i];
		if (i < p->opening || (t->won && lost))
			targets_skip(w);
		else
			targets_ply(w, n, policy, NULL);
		g->rules->apply(g, state, p->moves[i]);
	}
	free(state);
	free(policy);
	free(legal);
}

static enum err_code show_game(const struct tuning *t,
			       const struct agent_past *p,
			       struct lives_data *out, struct err *e)
{
	struct targets_writer w;
	enum err_code rc;

	write_targets(t, p, &w);
	rc = lives_data_add(out, p->moves, p->count, p->result, w.out.data,
			    w.out.len, e);
	buf_release(&w.out);
	return rc;
}

/* The last rounds, each as a stage of a life. */
static enum err_code show_rounds(const struct tuning *t, struct lives_data *out,
				 struct err *e)
{
	int round = t->x->c->tune_round, first = t->played - round * 8;
	enum err_code rc = ERR_OK;

	lives_data_begin(out);
	for (int n = first > 0 ? first : 0; n < t->played && !rc; n += round) {
		lives_data_stage(out);
		for (int i = 0; i < round * lanes_of(t->x) && !rc; i++) {
			int lane = i / round;
			const struct tale *tale = &t->tales[lane];
			int at = t->read[lane] + n + i % round;

			rc = show_game(t, &tale->games[at], out, e);
		}
	}
	return rc;
}

static enum err_code learn(struct tuning *t, struct err *e)
{
	const struct claim_conf *c = t->x->c;
	struct lives_data *lives = lives_data_new(t->x->g, 1);
	struct lives_view v = claim_view(c, lives);
	struct dataset data = lives_view_dataset(&v);
	enum err_code rc = show_rounds(t, lives, e);

	v.stages = 0;
	if (!rc && t->played / c->tune_round % PROBE_EVERY == 1)
		adapt_probe(t->adapt, 0, &data);
	if (!rc) {
		adapt_learn(t->adapt, 0, &data, c->tune_steps, c->tune_rate,
			    study_pool(t->x->r));
		kept_net_set(&t->net, adapt_net(t->adapt),
			     adapt_weights(t->adapt));
	}
	lives_data_free(lives);
	return rc;
}

/* --- what it plays ------------------------------------------------------- */

/* The last games of a lane, as many as it reads again.  Borrowed. */
static struct tale last_of(const struct tuning *t, int lane)
{
	const struct tale *all = &t->tales[lane];
	int first = tale_last(all, all->count, t->x->c->dream_tail);

	return (struct tale){all->games + first, all->count - first, 0};
}

static void play(struct tuning *t)
{
	const struct claim_conf *c = t->x->c;
	int lanes = lanes_of(t->x);
	struct tale *tails = mem_zalloc((size_t)lanes, sizeof(*tails));
	struct dream *d;

	for (int i = 0; i < lanes; i++)
		tails[i] = last_of(t, i);
	d = dream_new(&(struct dream_config){
		.game = t->x->g,
		.plan = t->net.plan,
		.lanes = lanes,
		.tails = tails,
		.per_stage = c->dream_games,
		.stride = c->dream_stride,
		.temperature = c->dream_temperature,
		.opening_share = claim_openings(c),
		.opening_plies = c->opening_plies,
		.result = DREAM_RULES,
		.seed = rng_mix(rng_mix(t->x->seed, CLAIM_TUNE),
				(uint64_t)t->played),
	});
	dream_play(d, c->tune_round, study_pool(t->x->r));
	for (int i = 0; i < lanes; i++)
		for (int n = 0; n < c->tune_round; n++) {
			const struct tale *now = dream_tale(d, i);

			tale_add(&t->tales[i], &now->games[tails[i].count + n]);
		}
	t->played += c->tune_round;
	dream_free(d);
	free(tails);
}

static enum err_code score(struct tuning *t, bool last, struct err *e)
{
	int lanes = lanes_of(t->x);
	struct claim_tail *tails = mem_zalloc((size_t)lanes, sizeof(*tails));
	struct claim_net named = {.name = "m", .net = &t->net};
	struct claim_player p = {
		.nets = &named,
		.net_count = 1,
		.tails = tails,
		.tail_count = lanes,
		.x = t->played * lanes,
		.brief = !last,
	};
	char *spec = mem_printf("seq:m/0,context=tail,fixed=yes,temperature=%g",
				(double)t->x->c->play_temperature);
	enum err_code rc;

	for (int i = 0; i < lanes; i++) {
		struct tale read = last_of(t, i);

		tails[i] = (struct claim_tail){read.games, read.count};
	}
	p.spec = spec;
	rc = claim_score(t->x, &p, e);
	free(spec);
	free(tails);
	return rc;
}

/* --- all of it ----------------------------------------------------------- */

static struct adapt *begin(const struct claim_run *x,
			   const struct kept_net *net)
{
	struct recipe r;

	conf_defaults(recipe_spec, &r);
	r.shard = TOGETHER * x->c->watch_context;
	r.batch = r.shard * ((x->c->tune_sequences + TOGETHER - 1) / TOGETHER);
	r.beta2 = 0.98f;
	r.weight_decay = 0;
	r.clip = 1;
	r.average = 1;
	return adapt_new(&(struct adapt_config){
		.net = &net->config,
		.recipe = &r,
		.from = net->weights,
		.seed = rng_mix(x->seed, CLAIM_TUNE),
		.objectives = 1,
	});
}

/* Is it time for a point of the curve, and not for the last one? */
static bool due(const struct tuning *t, int before)
{
	int lanes = lanes_of(t->x);

	for (size_t i = 0; i < sizeof(scored_after) / sizeof(*scored_after);
	     i++)
		if (before * lanes < scored_after[i] &&
		    t->played * lanes >= scored_after[i])
			return t->played * lanes < t->x->c->tune_games;
	return false;
}

static enum err_code go_on(struct tuning *t, struct err *e)
{
	int wanted = t->x->c->tune_games, lanes = lanes_of(t->x);
	enum err_code rc = ERR_OK;

	while (!rc && t->played * lanes < wanted) {
		int before = t->played;

		study_progress(t->x->r, before * lanes, wanted,
			       "plays, and learns from it: game %d of %d",
			       before * lanes, wanted);
		if (!study_goes_on(t->x->r))
			return err_set(e, ERR_CANCELLED, "stopped");
		play(t);
		rc = learn(t, e);
		if (!rc && due(t, before))
			rc = score(t, false, e);
	}
	return rc ? rc : score(t, true, e);
}

static void tell(const struct tuning *t)
{
	const struct claim_run *x = t->x;

	study_measure(x->r, "steps", 0, (double)adapt_steps(t->adapt, 0),
		      (double)NAN, (double)NAN, 0);
	study_facts(x->r, (int64_t)net_memory_bytes(&t->net.config, 1),
		    net_flops(&t->net.config), t->played * lanes_of(x));
	ledger_tell(adapt_ledger(t->adapt, 0), "none", x->r);
	claim_keep_net(x, &t->net, t->played * lanes_of(x));
}

/* The last games before the cut, as `strict` reads them. */
static enum err_code read_tails(const struct claim_run *x, struct tale *tails,
				struct err *e)
{
	struct lives_data *lives = lives_data_new(x->g, 1);
	struct life *l;
	enum err_code rc = claim_life(x, x->seed, false, &l, e);

	if (!rc)
		rc = lives_data_add_life(lives, l, e);
	if (!rc)
		claim_tails(x, lives, x->c->before - 1, false, lanes_of(x),
			    tails);
	life_free(l);
	lives_data_free(lives);
	return rc;
}

enum err_code claim_tune(const struct claim_run *x, struct err *e)
{
	size_t lanes = (size_t)lanes_of(x);
	struct tuning t = {
		.x = x,
		.won = !strcmp(x->arm->name, "tune-won"),
		.tales = mem_zalloc(lanes, sizeof(*t.tales)),
		.read = mem_zalloc(lanes, sizeof(*t.read)),
	};
	enum err_code rc =
		kept_net_find(x->r, x->g, "net-strict", "network", &t.net, e);

	if (!rc)
		rc = read_tails(x, t.tales, e);
	if (!rc) {
		for (size_t i = 0; i < lanes; i++)
			t.read[i] = t.tales[i].count;
		t.adapt = begin(x, &t.net);
		rc = go_on(&t, e);
	}
	if (!rc)
		tell(&t);
	for (size_t i = 0; i < lanes; i++)
		tale_release(&t.tales[i]);
	free(t.tales);
	free(t.read);
	adapt_free(t.adapt);
	kept_net_release(&t.net);
	return rc;
}
