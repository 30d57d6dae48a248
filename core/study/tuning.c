/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/tuning.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/learn/adapt.h"
#include "core/learn/dataset.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/ledger_tell.h"
#include "core/study/study.h"

enum { OWN, STREAM, OBJECTIVES };

enum {
	PLAYED = 111, /* chance, by what it is for */
	LEARNED,
	RETOLD,
	MIXED,
	POOLED,
	OF_COPY = 1000,    /* times its number */
	PROBE_EVERY = 4,   /* rounds of the ledger */
	STREAM_STAGES = 4, /* of the teacher that are seen at once */
	SCORED_EARLY = 8,  /* after so small a share of the games */
	SCORED_HALF = 2,
};

/* What a position's value is learned from: of own games how they end, of the
 * teacher's half of that and half of what it said. */
static const float OWN_VALUE = 0, STREAM_VALUE = 0.5f;

struct tuning {
	const struct life_study *s;
	const struct tuning_conf *c;
	const struct tuning_way *way;
	struct adapt *adapt;            /* owned */
	struct replay *played, *stream; /* owned */
	struct life *life;              /* owned; NULL: none is needed */
	int *order;                     /* owned: stages past the cut */
	int shown;                      /* of them */
	int games, all;                 /* played, and to be played */
	struct kept_net net;            /* owned: as it is now */
};

/* --- own games ----------------------------------------------------------- */

static enum err_code add(struct replay *to, const struct self_play_game *g,
			 struct err *e)
{
	return replay_add(to, g->moves, g->count, g->result, g->targets,
			  g->targets_len, e);
}

static enum err_code take(void *ctx, const struct self_play_game *g,
			  struct err *e)
{
	struct tuning *t = ctx;
	const struct own_retelling how = {
		.how = t->way->how,
		.temperature = t->c->sharp,
		.seed = rng_mix(t->s->x.seed, RETOLD),
	};
	struct targets_writer w;
	enum err_code rc = ERR_OK;

	if (t->way->pool)
		rc = add(t->way->pool, g, e);
	if (rc)
		return rc;
	if (!t->way->retold)
		return add(t->played, g, e);
	rc = own_games_retell(&t->s->game, g, &how, &w, e);
	if (!rc)
		rc = replay_add(t->played, g->moves, g->count, g->result,
				w.out.data, w.out.len, e);
	buf_release(&w.out);
	return rc;
}

static bool goes_on(void *ctx)
{
	struct tuning *t = ctx;

	return study_goes_on(t->s->x.r);
}

/* The network as it is, but that its value head gives every result the same
 * chance. */
static void make_blind(const struct kept_net *net, struct kept_net *out)
{
	struct net_block blocks[NET_MAX_BLOCKS];
	int n = net_blocks(&net->config, blocks);
	size_t bytes = net_param_count(&net->config) * sizeof(*net->weights);
	float *weights = memcpy(mem_alloc(bytes), net->weights, bytes);

	for (int i = 0; i < n; i++)
		if (!strcmp(blocks[i].part, "value"))
			memset(weights + blocks[i].from, 0,
			       blocks[i].count * sizeof(*weights));
	kept_net_set(out, &net->config, weights);
	free(weights);
}

static enum err_code play(struct tuning *t, int count, struct err *e)
{
	struct kept_net blind = {0};
	struct own_games games = {
		.game = &t->s->game,
		.plan = t->net.plan,
		.label = t->way->label,
		.simulations = t->c->searched,
		.temperature = t->c->play_temperature,
		.opening_share = t->c->opening_share,
		.opening_plies = t->c->life.opening_plies,
		.seed = rng_mix(t->s->x.seed, PLAYED + OF_COPY * t->way->copy),
	};
	enum err_code rc;

	if (t->way->own <= 0)
		return ERR_OK;
	if (t->way->blind) {
		make_blind(&t->net, &blind);
		games.plan = blind.plan;
	}
	rc = own_games_play(&games, t->games, count, study_pool(t->s->x.r),
			    take, goes_on, t, e);
	kept_net_release(&blind);
	return rc;
}

/* --- the teacher's games ------------------------------------------------- */

static enum err_code show_old(struct tuning *t, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int64_t i = 0; i < life_own_games(t->life) && !rc; i++) {
		struct self_play_game g = life_own_game(t->life, i);

		rc = add(t->stream, &g, e);
	}
	return rc;
}

/* As many stages as the teacher came to in as many games, one at least. */
static enum err_code show_later(struct tuning *t, struct err *e)
{
	int before = t->c->life.before, after = t->c->life.after;
	enum err_code rc = ERR_OK;

	while (!rc && t->shown < after &&
	       (!t->shown || life_stage(t->life, before + t->shown).games <=
				     t->c->life.cut + t->games)) {
		int stage = t->order[t->shown++];

		for (int i = 0;
		     i < life_stage(t->life, stage).game_count && !rc; i++) {
			struct self_play_game g = life_game(t->life, stage, i);

			rc = add(t->stream, &g, e);
		}
	}
	return rc;
}

static enum err_code show(struct tuning *t, struct err *e)
{
	if (t->way->of == TUNING_NONE)
		return ERR_OK;
	if (t->way->of == TUNING_OLD)
		return replay_held(t->stream) ? ERR_OK : show_old(t, e);
	return show_later(t, e);
}

/* Stages past the cut in the order in which they are shown. */
static void make_order(struct tuning *t)
{
	int before = t->c->life.before, after = t->c->life.after;
	struct rng r;

	t->order = mem_zalloc((size_t)after, sizeof(*t->order));
	for (int i = 0; i < after; i++)
		t->order[i] = before + i;
	rng_init(&r, rng_mix(t->s->x.seed, MIXED), RNG_STUDY, 0, 0);
	for (int i = after - 1; i > 0 && t->way->of == TUNING_SHUFFLED; i--) {
		int k = (int)rng_below(&r, (uint32_t)i + 1), swapped;

		swapped = t->order[i];
		t->order[i] = t->order[k];
		t->order[k] = swapped;
	}
}

static enum err_code open_stream(struct tuning *t, struct err *e)
{
	bool past = t->way->of == TUNING_LATER || t->way->of == TUNING_SHUFFLED;
	int64_t games = t->c->life.cut + (int64_t)t->c->life.per_stage;
	int64_t room = (past ? STREAM_STAGES * (int64_t)t->c->life.per_stage
			     : 2 * games) *
		       t->s->game.max_plies;

	t->stream = replay_new(&t->s->game, room, STREAM_VALUE);
	if (t->way->of == TUNING_NONE)
		return ERR_OK;
	make_order(t);
	return claim_life(&t->s->x, t->s->x.seed, past, &t->life, e);
}

/* --- learning ------------------------------------------------------------ */

static struct adapt *begin(const struct tuning *t)
{
	struct recipe r;

	conf_defaults(recipe_spec, &r);
	return adapt_new(&(struct adapt_config){
		.net = &t->net.config,
		.recipe = &r,
		.from = t->net.weights,
		.seed = rng_mix(t->s->x.seed, LEARNED + OF_COPY * t->way->copy),
		.heads_alone = t->way->heads_alone,
		.objectives = OBJECTIVES,
	});
}

static void learn(struct tuning *t, int round, int played)
{
	struct dataset own = replay_dataset(t->played);
	struct dataset stream = replay_dataset(t->stream);
	const struct adapt_part parts[OBJECTIVES] = {
		[OWN] = {&own, t->way->own},
		[STREAM] = {&stream, t->way->stream},
	};

	for (int i = 0; i < OBJECTIVES && round % PROBE_EVERY == 0; i++)
		if (parts[i].share > 0)
			adapt_probe(t->adapt, i, parts[i].data);
	/* A short round is worth as much fewer steps. */
	adapt_intersperse(t->adapt, parts,
			  (t->c->steps * played + t->c->round - 1) /
				  t->c->round,
			  t->c->tune_rate, study_pool(t->s->x.r));
	kept_net_set(&t->net, adapt_net(t->adapt), adapt_weights(t->adapt));
}

/* Is it time for a point of the curve, and not for the last one? */
static bool due(const struct tuning *t, int before)
{
	static const int shares[] = {SCORED_EARLY, SCORED_HALF};

	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		int at = t->all / shares[i];

		if (before < at && t->games >= at)
			return t->games < t->all;
	}
	return false;
}

static enum err_code go_on(struct tuning *t, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int round = 0; t->games < t->all && !rc; round++) {
		int before = t->games, left = t->all - before;
		int count = left < t->c->round ? left : t->c->round;

		study_progress(t->s->x.r, before, t->all, "%s: game %d of %d",
			       t->way->arm, before, t->all);
		if (!study_goes_on(t->s->x.r))
			return err_set(e, ERR_CANCELLED, "stopped");
		rc = play(t, count, e);
		t->games += count;
		if (!rc)
			rc = show(t, e);
		if (!rc)
			learn(t, round, count);
		if (!rc && !t->way->copy && due(t, before))
			rc = life_study_score(t->s, &t->net, t->games, false,
					      e);
	}
	if (rc || t->way->copy)
		return rc;
	return life_study_score(t->s, &t->net, t->games, true, e);
}

static void tell(const struct tuning *t)
{
	struct study_run *r = t->s->x.r;

	ledger_tell_of(adapt_ledger(t->adapt, OWN), "own", r);
	ledger_tell_of(adapt_ledger(t->adapt, STREAM), "imitation", r);
	study_facts(r, 0, net_flops(&t->net.config),
		    t->way->own > 0 ? t->games : 0);
}

enum err_code tuning_run(const struct life_study *s,
			 const struct tuning_way *way, struct kept_net *out,
			 struct err *e)
{
	struct tuning t = {.s = s, .c = study_conf(s->x.r), .way = way};
	enum err_code rc = life_study_net(
		s, way->start ? way->start : "student", &t.net, e);

	assert(way->stream <= 0 || way->of != TUNING_NONE);
	t.all = way->games ? way->games : t.c->tuned;
	if (!rc)
		rc = open_stream(&t, e);
	if (!rc) {
		t.played = replay_new(&s->game, t.c->window, OWN_VALUE);
		t.adapt = begin(&t);
		rc = go_on(&t, e);
	}
	if (!rc && !way->copy)
		tell(&t);
	adapt_free(t.adapt);
	replay_free(t.played);
	replay_free(t.stream);
	life_free(t.life);
	free(t.order);
	*out = t.net;
	return rc;
}

enum err_code tuning_learn(const struct life_study *s,
			   const struct replay *from, int steps,
			   struct kept_net *out, struct err *e)
{
	const struct tuning_conf *c = study_conf(s->x.r);
	struct dataset data = replay_dataset(from);
	struct recipe r;
	struct adapt *a;
	enum err_code rc = life_study_net(s, "student", out, e);

	if (rc)
		return rc;
	conf_defaults(recipe_spec, &r);
	a = adapt_new(&(struct adapt_config){
		.net = &out->config,
		.recipe = &r,
		.from = out->weights,
		.seed = rng_mix(s->x.seed, POOLED),
		.objectives = 1,
	});
	adapt_probe(a, 0, &data);
	for (int i = 0; i < steps && !rc; i++) {
		if (!study_goes_on(s->x.r))
			rc = err_set(e, ERR_CANCELLED, "stopped");
		else
			adapt_learn(a, 0, &data, 1, c->tune_rate,
				    study_pool(s->x.r));
	}
	if (!rc) {
		kept_net_set(out, adapt_net(a), adapt_weights(a));
		ledger_tell_of(adapt_ledger(a, 0), "own", s->x.r);
	}
	adapt_free(a);
	return rc;
}
