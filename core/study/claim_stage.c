/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/learn/dataset.h"
#include "core/learn/lessons.h"
#include "core/learn/life.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/claim_views.h"
#include "core/study/kept_net.h"
#include "core/study/staged.h"
#include "core/study/study.h"
#include "core/study/tuition.h"
#include "core/study/views.h"

/*
 * A model that was told the stage of everything it saw, and is asked for stages
 * that it did not see: the simplest way to ask for more.  It learns what the
 * snapshots of lives say; with `stage_searched` also what D_c learns from, the
 * searches of self-play, but of all lives, which is more than the claim's
 * imitator may see.
 */

enum { BATCH = 256, SHARD = 128, WARMUP = 50 };

static enum err_code model_net(const struct claim_run *x,
			       struct net_config *out, struct err *e)
{
	char text[80];

	if (x->c->before < 2)
		return err_set(e, ERR_USAGE,
			       "before = %d: a stage is told by two or more",
			       x->c->before);
	snprintf(text, sizeof(text), "tower:filters=%d,blocks=%d",
		 x->c->stage_filters, x->c->stage_blocks);
	return staged_net(x->g, text, out, e);
}

static enum claim_seen seen_by(const char *model)
{
	return strcmp(model, "net-filtered") ? CLAIM_SEEN_CUT : CLAIM_SEEN_BEST;
}

/* Whose model an arm is scored by. */
static const char *model_of(const struct claim_run *x)
{
	return strcmp(x->arm->name, "filtered") ? "net-stage" : "net-filtered";
}

/* Games of self-play of the lives that are trained on, up to their cuts. */
struct pile {
	struct lessons_maker *maker;
	struct staged_game *games; /* owned */
	int count, room;
};

static void pile_release(struct pile *p)
{
	for (int i = 0; i < p->count; i++)
		lessons_free(p->games[i].lessons);
	free(p->games);
	lessons_maker_free(p->maker);
}

/* Where in the grid, 0 its first stage and 1 the cut, a game ended that was
 * number n. */
static float stage_of(const struct life_grid *g, int64_t n)
{
	double first = log((double)life_grid_games(g, 0));
	double at = (log((double)n) - first) / (log((double)g->cut) - first);

	return (float)fmin(fmax(at, 0), 1);
}

static enum err_code add_life(struct pile *p, const struct life *l,
			      struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int64_t i = 0; i < life_own_games(l) && !rc; i++) {
		struct self_play_game g = life_own_game(l, i);
		struct staged_game *to;

		if (p->count == p->room) {
			p->room = p->room ? 2 * p->room : 1024;
			p->games = mem_realloc(
				p->games, (size_t)p->room * sizeof(*p->games));
		}
		to = &p->games[p->count];
		rc = lessons_make(p->maker, g.moves, g.count, g.result,
				  g.targets, g.targets_len, &to->lessons, e);
		if (rc)
			break;
		to->stage = stage_of(life_grid(l), i + 1);
		if (lessons_count(to->lessons))
			p->count++;
		else
			lessons_free(to->lessons);
	}
	return rc;
}

static enum err_code pile_up(const struct claim_run *x, struct pile *p,
			     struct err *e)
{
	enum err_code rc = ERR_OK;

	p->maker = lessons_maker_new(x->g, x->c->zero_search);
	for (int i = 0; i < x->c->train && !rc; i++) {
		struct life *l;

		rc = claim_life(x, CLAIM_TRAIN + (uint64_t)i, false, &l, e);
		if (!rc)
			rc = add_life(p, l, e);
		life_free(l);
	}
	return rc;
}

enum err_code claim_net_stage(const struct claim_run *x, struct err *e)
{
	const struct claim_conf *c = x->c;
	struct kept_net m = {0};
	struct views v = {0};
	struct pile pile = {0};
	struct staged_data d = {.views = &v, .stages = c->before};
	struct dataset data;
	struct net_config net;
	struct tuition t = {
		.net = &net,
		.data = &data,
		.batch = BATCH,
		.shard = SHARD,
		.steps =
			(uint64_t)ceilf(c->stage_samples * 1e6f / (float)BATCH),
		.warmup = WARMUP,
		.rate = c->stage_rate,
		.seed = CLAIM_IMITATOR,
		.loss = "loss.policy",
		.measure = "loss",
		.resumes = true,
	};
	float *params = NULL;
	enum err_code rc = model_net(x, &net, e);

	views_init(&v, x->g, c->before);
	if (!rc && c->stage_searched < 1)
		rc = claim_views_lives(x, seen_by(x->arm->name), &v, e);
	if (!rc && c->stage_searched > 0)
		rc = pile_up(x, &pile, e);
	if (!rc && !v.count && !pile.count)
		rc = err_set(e, ERR_USAGE,
			     "no life has a searched game before its cut");
	if (!rc) {
		d.searched = !v.count ? 1 : !pile.count ? 0 : c->stage_searched;
		d.games = pile.games;
		d.game_count = pile.count;
		data = staged_dataset(&d);
		params = mem_floats(net_param_count(&net));
		rc = tuition_run(&t, x->r, params, e);
	}
	if (!rc) {
		kept_net_set(&m, &net, params);
		kept_net_put(x->r, "network", &m);
		study_facts(x->r, 0, net_flops(&net),
			    (int64_t)c->train * c->cut);
		kept_net_release(&m);
	}
	free(params);
	views_release(&v);
	pile_release(&pile);
	return rc;
}

static enum err_code find_model(const struct claim_run *x, struct kept_net *m,
				struct err *e)
{
	struct net_config rows;
	const void *data;
	size_t len;
	enum err_code rc = model_net(x, &rows, e);

	if (!rc)
		rc = study_kept(x->r, model_of(x), "network", &data, &len, e);
	return rc ? rc : kept_net_load_as(m, &rows, data, len, e);
}

static enum err_code play(const struct claim_run *x, const struct kept_net *m,
			  double stage, double steer, double point, bool brief,
			  struct err *e)
{
	static const struct agent_kind *const kinds[] = {&staged_kind, NULL};
	struct claim_net net = {.name = "m", .arm = model_of(x), .net = m};
	char spec[80];
	struct claim_player p = {
		.spec = spec,
		.nets = &net,
		.net_count = 1,
		.kinds = kinds,
		.x = point,
		.brief = brief,
	};

	snprintf(spec, sizeof(spec), "stage:m/0,stage=%.3f,steer=%.3f", stage,
		 steer);
	return claim_score(x, &p, e);
}

/* Half as far, and all.  What is known at the cut is an arm of its own. */
static enum err_code score(const struct claim_run *x, double stage,
			   double steer, struct err *e)
{
	struct kept_net m = {0};
	enum err_code rc = find_model(x, &m, e);

	if (!rc)
		study_facts(x->r, 0, net_flops(&m.config), 0);
	for (int i = 1; i <= 2 && !rc; i++)
		rc = play(x, &m, 1 + (stage - 1) * i / 2, steer * i / 2, i,
			  i < 2, e);
	kept_net_release(&m);
	return rc;
}

enum err_code claim_stage(const struct claim_run *x, struct err *e)
{
	const struct claim_conf *c = x->c;
	double end = (double)(c->before + c->after - 1) / (c->before - 1);

	return score(x, c->stage_ask > 0 ? (double)c->stage_ask : end, 0, e);
}

enum err_code claim_steer(const struct claim_run *x, struct err *e)
{
	return score(x, 1, (double)x->c->stage_steer, e);
}

enum err_code claim_stage_cut(const struct claim_run *x, struct err *e)
{
	struct kept_net m = {0};
	enum err_code rc = find_model(x, &m, e);

	if (!rc) {
		study_facts(x->r, 0, net_flops(&m.config), 0);
		rc = play(x, &m, 1, 0, 0, false, e);
	}
	kept_net_release(&m);
	return rc;
}
