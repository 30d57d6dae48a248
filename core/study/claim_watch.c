/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/ledger.h"
#include "core/learn/life.h"
#include "core/learn/lives_data.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/ledger_tell.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/tuition.h"

/*
 * The imitators that watch: networks that read games of a life in order, and
 * are trained to say which moves its learner plays next and how its games end.
 * Each arm differs from `net-strict` in one thing: what it is shown, or how it
 * remembers.
 */

struct watcher {
	const char *arm;
	enum lives_order order;
	bool masked, whole; /* whole: past the cut, too */
	const char *body;
};

static const struct watcher watchers[] = {
	{"net-strict", LIVES_TRUE, false, false, "transformer"},
	{"net-shuffled", LIVES_SHUFFLED, false, false, "transformer"},
	{"net-reversed", LIVES_REVERSED, false, false, "transformer"},
	{"net-last", LIVES_LAST, false, false, "transformer"},
	{"net-masked", LIVES_TRUE, true, false, "transformer"},
	{"net-whole", LIVES_TRUE, false, true, "transformer"},
	{"net-gru", LIVES_TRUE, false, false, "gru"},
	{"net-linear", LIVES_TRUE, false, false, "linear"},
	{"net-fast", LIVES_TRUE, false, false, "fast"},
};

enum {
	HELD_OUT = 16, /* sequences of each life that the loss is measured on */
	TOGETHER = 1,  /* sequences of a shard: a thread takes one */
};

static const struct watcher *watcher_of(const char *arm)
{
	for (size_t i = 0; i < ARRAY_LEN(watchers); i++)
		if (!strcmp(watchers[i].arm, arm))
			return &watchers[i];
	assert(!"an arm that watches is in no table");
	return NULL;
}

static enum err_code make_net(const struct claim_run *x, const char *body,
			      struct net_config *out, struct err *e)
{
	const struct claim_conf *c = x->c;
	enum err_code rc;
	struct buf text;

	buf_init(&text);
	buf_printf(&text, "%s:width=%d,layers=%d,result=yes", body,
		   c->watch_width, c->watch_layers);
	if (strcmp(body, "gru") != 0)
		buf_printf(&text, ",heads=%d", c->watch_heads);
	if (!strcmp(body, "transformer"))
		buf_printf(&text, ",context=%d", c->watch_context);
	if (c->watch_filters)
		buf_printf(&text, ",board=conv,filters=%d,blocks=%d",
			   c->watch_filters, c->watch_blocks);
	memset(out, 0, sizeof(*out));
	net_config_game(out, x->g);
	rc = net_config_parse(out, text.data, e);
	buf_release(&text);
	return rc;
}

struct lives_view claim_view(const struct claim_conf *c,
			     const struct lives_data *lives)
{
	return (struct lives_view){
		.lives = lives,
		.rows = c->watch_context,
		.stages = c->before,
		.strides = {1, 2, 4},
		.games_low = 2,
		.games_high = 4,
		.late = c->watch_late,
		.per_life = HELD_OUT,
	};
}

/* Only those to be shown whole are read past their cut at all. */
static enum err_code read_lives(const struct claim_run *x,
				const uint64_t *seeds, int count, bool whole,
				struct lives_data *out, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < count && !rc; i++) {
		struct life *l;

		rc = claim_life(x, seeds[i], whole, &l, e);
		if (rc)
			break;
		rc = lives_data_add_life(out, l, e);
		life_free(l);
	}
	return rc;
}

static enum err_code read_train(const struct claim_run *x, bool whole,
				struct lives_data *out, struct err *e)
{
	size_t n = (size_t)claim_lives(x->c, whole);
	uint64_t *seeds = mem_alloc(n * sizeof(*seeds));
	enum err_code rc;

	for (size_t i = 0; i < n; i++)
		seeds[i] = CLAIM_TRAIN + i;
	rc = read_lives(x, seeds, (int)n, whole, out, e);
	free(seeds);
	return rc;
}

static enum err_code read_unseen(const struct claim_run *x,
				 struct lives_data *out, struct err *e)
{
	const struct study_plan *p = study_planned(x->r);

	return read_lives(x, p->seeds, p->seed_count, false, out, e);
}

enum err_code claim_seen_and_unseen(const struct claim_run *x,
				    struct lives_data *out, struct err *e)
{
	enum err_code rc = read_train(x, false, out, e);

	return rc ? rc : read_unseen(x, out, e);
}

/* --- training ------------------------------------------------------------ */

static void measure(const struct claim_run *x, const char *name, double value,
		    int64_t n)
{
	study_measure(x->r, name, 0, value, (double)NAN, (double)NAN, n);
}

/* On lives that nobody trained on, up to their cut, in true order. */
static enum err_code measure_unseen(const struct claim_run *x,
				    const struct watcher *w,
				    const struct kept_net *net, struct err *e)
{
	struct learner_held_out out;
	struct lives_data *lives = lives_data_new(x->g, 1);
	struct lives_view v;
	struct dataset data;
	enum err_code rc = read_unseen(x, lives, e);

	if (!rc) {
		v = claim_view(x->c, lives);
		v.masked = w->masked;
		data = lives_view_dataset(&v);
		learner_measure_net(&net->config, net->weights, &data,
				    study_pool(x->r), &out);
		measure(x, "unseen/policy", out.policy, out.positions);
		measure(x, "unseen/kl", out.kl, out.positions);
		measure(x, "unseen/agree", out.agree, out.positions);
	}
	lives_data_free(lives);
	return rc;
}

static int64_t games_shown(const struct lives_view *v)
{
	int64_t sum = 0;

	for (int l = 0; l < lives_data_count(v->lives); l++) {
		int all = lives_data_stages(v->lives, l);
		int end = v->stages && v->stages < all ? v->stages : all;
		int first = v->order == LIVES_LAST ? end - 1 : 0;

		for (int s = first; s < end; s++)
			sum += lives_data_games(v->lives, l, s);
	}
	return sum;
}

static enum err_code train(const struct claim_run *x,
			   const struct lives_view *v, struct kept_net *net,
			   struct err *e)
{
	const struct claim_conf *c = x->c;
	struct dataset data = lives_view_dataset(v);
	int batch = c->watch_sequences * v->rows;
	bool cut = v->stages && c->watch_cut_tokens > 0;
	float tokens = cut ? c->watch_cut_tokens : c->watch_tokens;
	double steps = ceil((double)tokens * 1e6 / batch);
	struct tuition t = {
		.net = &net->config,
		.data = &data,
		.batch = batch,
		.shard = TOGETHER * v->rows,
		.steps = (uint64_t)steps,
		.warmup = (uint64_t)c->watch_warmup,
		.rate = c->watch_rate,
		.seed = rng_mix(CLAIM_IMITATOR, 0),
		.loss = "loss.policy",
		.measure = "loss",
		.resumes = true,
	};
	enum err_code rc;

	t.ledger = tuition_ledger(&t);
	rc = tuition_run(&t, x->r, net->weights, e);
	if (!rc)
		ledger_tell(t.ledger, "none", x->r);
	ledger_free(t.ledger);
	return rc;
}

enum err_code claim_watch(const struct claim_run *x, struct err *e)
{
	const struct watcher *w = watcher_of(x->arm->name);
	struct kept_net net = {.weights = NULL};
	struct lives_data *lives = lives_data_new(x->g, 1);
	struct net_config config;
	struct lives_view v;
	enum err_code rc = make_net(x, w->body, &config, e);

	if (!rc)
		rc = read_train(x, w->whole, lives, e);
	if (!rc) {
		v = claim_view(x->c, lives);
		v.order = w->order;
		v.masked = w->masked;
		v.stages = w->whole ? 0 : x->c->before;
		net.config = config;
		net.weights = mem_floats(net_param_count(&config));
		rc = train(x, &v, &net, e);
	}
	if (!rc)
		rc = measure_unseen(x, w, &net, e);
	if (!rc) {
		study_facts(x->r, (int64_t)net_memory_bytes(&config, 1),
			    net_flops(&config), games_shown(&v));
		claim_keep_net(x, &net, games_shown(&v));
	}
	kept_net_release(&net);
	lives_data_free(lives);
	return rc;
}
