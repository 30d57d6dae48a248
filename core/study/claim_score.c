/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/claim_score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/net/net.h"
#include "core/rate/regret.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/plan.h"
#include "core/study/study.h"

/* How strong a player is: whom it meets, and what is said of that. */

enum { SHOWN_GAMES = 4 };

/* --- what else is measured ----------------------------------------------- */

/* The teacher's end at the next seed. */
static enum err_code meet_next(struct claim_scoring *s, struct err *e)
{
	const struct study_plan *p = study_planned(s->x->r);
	struct claim_met met;

	for (int i = 0; i < p->seed_count; i++)
		if (p->seeds[i] == s->x->seed && p->seed_count > 1)
			return claim_scoring_meet_arm(
				s, "continued",
				p->seeds[(i + 1) % p->seed_count],
				s->x->c->panel_pairs, "panel/next", &met, e);
	return ERR_OK;
}

static enum err_code meet_panel(struct claim_scoring *s, bool next,
				struct err *e)
{
	const struct claim_conf *c = s->x->c;
	char *search = mem_printf("mcts:rollout,sims=%d", c->rollouts);
	const struct claim_opponent panel[] = {
		{"tactical", NULL, c->panel_pairs, "panel/tactical"},
		{search, NULL, c->panel_pairs, "panel/rollout"},
	};
	enum err_code rc = ERR_OK;
	struct claim_met met;

	for (size_t i = 0; i < ARRAY_LEN(panel) && !rc && c->panel_pairs; i++)
		rc = claim_scoring_meet(s, &panel[i], &met, e);
	if (!rc && c->panel_pairs && next)
		rc = meet_next(s, e);
	free(search);
	return rc;
}

static bool regret_goes_on(void *ctx)
{
	return study_goes_on(ctx);
}

static enum err_code measure_regret(struct claim_scoring *s, struct err *e)
{
	struct regret_result r;
	enum err_code rc;

	if (!s->regret)
		return ERR_OK;
	rc = regret_judge(s->regret, study_pool(s->x->r), regret_goes_on,
			  s->x->r, &r, e);
	if (!rc)
		study_measure(s->x->r, "regret", s->p->x, r.lost.mean,
			      r.lost.low, r.lost.high, r.moves);
	return rc;
}

/* --- a player ------------------------------------------------------------ */

/* Against D_c, and how its moves in these games are. */
static enum err_code score_zero(struct claim_scoring *s, struct claim_met *met,
				struct err *e)
{
	const struct claim_run *x = s->x;
	const struct claim_conf *c = x->c;
	enum err_code rc;

	if (c->regret_moves && regret_knows(x->g))
		s->regret = regret_new(x->g, c->regret_ply, c->regret_moves);
	s->shown = SHOWN_GAMES;
	rc = claim_scoring_meet_arm(s, "offline", x->seed, c->pairs, "elo", met,
				    e);
	if (!rc)
		rc = measure_regret(s, e);
	regret_free(s->regret);
	s->regret = NULL;
	return rc;
}

/* Which of the scale's ends it meets: not itself. */
struct ends {
	bool zero, top;
};

static enum err_code score_whole(struct claim_scoring *s, struct ends ends,
				 struct err *e)
{
	const struct claim_run *x = s->x;
	struct claim_met zero = {0}, end = {0};
	enum err_code rc = ends.zero ? score_zero(s, &zero, e) : ERR_OK;

	s->shown = ends.top ? SHOWN_GAMES : 0;
	if (!rc && ends.top)
		rc = claim_scoring_meet_arm(s, "continued", x->seed,
					    x->c->pairs, "top", &end, e);
	if (!rc)
		rc = meet_panel(s, ends.top, e);
	if (rc)
		return rc;
	study_overlap(x->r, zero.scored + end.scored, zero.known + end.known);
	claim_scoring_tell(s);
	return ERR_OK;
}

enum err_code claim_score(const struct claim_run *x,
			  const struct claim_player *p, struct err *e)
{
	struct claim_scoring s = {.x = x, .p = p};
	enum err_code rc = claim_scoring_open(&s, e);
	struct claim_met met;

	if (!rc && p->brief)
		rc = claim_scoring_meet_arm(
			&s, "offline", x->seed, x->c->curve_pairs,
			p->measure ? p->measure : "elo", &met, e);
	else if (!rc)
		rc = score_whole(&s, (struct ends){true, !p->zero_alone}, e);
	claim_scoring_close(&s);
	return rc;
}

/* One network's raw policy. */
static void plain_player(struct claim_player *p, struct claim_net *n,
			 const struct kept_net *net)
{
	*n = (struct claim_net){.name = "m", .net = net};
	*p = (struct claim_player){
		.spec = "policy:m/0", .nets = n, .net_count = 1};
}

enum err_code claim_score_net(const struct claim_run *x,
			      const struct kept_net *net, struct err *e)
{
	struct claim_net n;
	struct claim_player p;

	plain_player(&p, &n, net);
	study_facts(x->r, 0, net_flops(&net->config), 0);
	return claim_score(x, &p, e);
}

static enum err_code score_end(const struct claim_run *x,
			       const struct kept_net *net, struct ends ends,
			       int64_t games, struct err *e)
{
	struct claim_net n;
	struct claim_player p;
	struct claim_scoring s = {.x = x, .p = &p};
	enum err_code rc;

	plain_player(&p, &n, net);
	study_facts(x->r, 0, net_flops(&net->config), games);
	rc = claim_scoring_open(&s, e);
	if (!rc)
		rc = score_whole(&s, ends, e);
	claim_scoring_close(&s);
	return rc;
}

enum err_code claim_score_top(const struct claim_run *x,
			      const struct kept_net *net, struct err *e)
{
	return score_end(x, net, (struct ends){.zero = true}, x->c->games, e);
}

enum err_code claim_score_zero(const struct claim_run *x,
			       const struct kept_net *net, struct err *e)
{
	return score_end(x, net, (struct ends){.top = true}, x->c->cut, e);
}

enum err_code claim_score_stage(const struct claim_run *x,
				const struct kept_net *net, double games,
				struct err *e)
{
	struct claim_net n;
	struct claim_player p;
	struct claim_scoring s = {.x = x, .p = &p};
	struct claim_met met;
	enum err_code rc;

	plain_player(&p, &n, net);
	p.x = games;
	rc = claim_scoring_open(&s, e);
	if (!rc)
		rc = claim_scoring_meet_arm(&s, "offline", x->seed,
					    x->c->curve_pairs, "curve", &met,
					    e);
	claim_scoring_close(&s);
	return rc;
}

enum err_code claim_meet(const struct claim_run *x,
			 const struct claim_player *p,
			 const struct kept_net *other, int pairs,
			 const char *measure, struct err *e)
{
	const struct claim_opponent o = {
		.spec = "policy:other/0",
		.net = other->plan,
		.pairs = pairs,
		.measure = measure,
	};
	struct claim_scoring s = {.x = x, .p = p};
	struct claim_met met;
	enum err_code rc = claim_scoring_open(&s, e);

	if (!rc)
		rc = claim_scoring_meet(&s, &o, &met, e);
	claim_scoring_close(&s);
	return rc;
}
