/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/lives_data.h"
#include "core/study/claim_int.h"
#include "core/study/dream.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

/*
 * Hindcasts: net-strict is asked at a quarter of the cut's games, at half of
 * them and at the cut.  It reads the games before that and dreams on, and is
 * held against the best that learns offline from what is before that: at the
 * cut, D_c.  So are the teacher's real networks of all later stages.  A small
 * success, of a short way, shows here; of the earlier two the imitator has seen
 * other lives go on.
 *
 *	hind/CUT/imitator	Elo, at games dreamed
 *	hind/CUT/teacher	Elo, at the teacher's games
 */

enum { CUTS = 3 };

struct hindcast {
	const struct life *life;
	int stage;            /* the last before the cut */
	struct kept_net zero; /* who learns from what is before that */
	char imitator[32], teacher[32];
};

static enum err_code meet_zero(const struct claim_run *x,
			       const struct claim_player *p, void *ctx,
			       struct err *e)
{
	const struct hindcast *h = ctx;

	return claim_meet(x, p, &h->zero, x->c->curve_pairs, h->imitator, e);
}

static enum err_code ask_imitator(const struct claim_run *x,
				  const struct kept_net *net,
				  struct hindcast *h, struct err *e)
{
	int lanes = x->c->dream_lanes;
	struct tale *tails = mem_zalloc((size_t)lanes, sizeof(*tails));
	struct lives_data *lives = lives_data_new(x->g, 1);
	struct claim_reader r = {
		.net = net,
		.arm = "net-strict",
		.tails = tails,
		.lanes = lanes,
		.games = x->c->dreamed,
		.judged = (int)claim_judged_at(x->c, CLAIM_AT_DREAMED),
		.result = DREAM_OWN,
	};
	struct dream *d = NULL;
	enum err_code rc = lives_data_add_life(lives, h->life, e);

	if (!rc) {
		claim_tails(x, lives, h->stage, false, lanes, tails);
		rc = claim_go_on(x, &r, meet_zero, h, &d, e);
	}
	dream_free(d);
	for (int i = 0; i < lanes; i++)
		tale_release(&tails[i]);
	free(tails);
	lives_data_free(lives);
	return rc;
}

static enum err_code ask_teacher(const struct claim_run *x, struct hindcast *h,
				 struct err *e)
{
	enum err_code rc = ERR_OK;
	int64_t games = -1;

	for (int s = h->stage; s < life_stages(h->life) && !rc; s++) {
		struct claim_net n = {.name = "t"};
		struct claim_player p = {
			.spec = "policy:t/0", .nets = &n, .net_count = 1};
		struct kept_net net;

		if (life_stage(h->life, s).games == games)
			continue; /* the same network */
		games = life_stage(h->life, s).games;
		claim_stage_net(h->life, s, &net);
		n.net = &net;
		p.x = (double)games;
		rc = claim_meet(x, &p, &h->zero, x->c->curve_pairs, h->teacher,
				e);
		kept_net_release(&net);
	}
	return rc;
}

/* The stage whose games are nearest to a share of the cut's. */
static int stage_of(const struct life *l, double share)
{
	int at = life_grid(l)->before - 1;
	double want = share * (double)life_grid_games(life_grid(l), at);

	while (at > 1 &&
	       (double)life_grid_games(life_grid(l), at - 1) > want * 0.9)
		at--;
	return at;
}

static enum err_code ask_at(const struct claim_run *x,
			    const struct kept_net *net, struct hindcast *h,
			    int share, struct err *e)
{
	enum err_code rc;

	h->stage = stage_of(h->life, 1.0 / share);
	snprintf(h->imitator, sizeof(h->imitator), "hind/%d/imitator",
		 x->c->cut / share);
	snprintf(h->teacher, sizeof(h->teacher), "hind/%d/teacher",
		 x->c->cut / share);
	rc = share > 1 ? claim_offline_at(x, h->stage, &h->zero, e)
		       : kept_net_find(x->r, x->g, "offline", "network",
				       &h->zero, e);
	if (!rc)
		rc = ask_imitator(x, net, h, e);
	if (!rc)
		rc = ask_teacher(x, h, e);
	kept_net_release(&h->zero);
	return rc;
}

enum err_code claim_hindcast(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {.weights = NULL};
	struct life *l = NULL;
	enum err_code rc =
		kept_net_find(x->r, x->g, "net-strict", "network", &net, e);

	if (!rc)
		rc = claim_life(x, x->seed, true, &l, e);
	for (int i = 0, share = 1; i < CUTS && !rc; i++, share *= 2) {
		struct hindcast h = {.life = l};

		rc = ask_at(x, &net, &h, share, e);
	}
	life_free(l);
	kept_net_release(&net);
	return rc;
}
