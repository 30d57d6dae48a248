/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/life_study.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/rng.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/study/offline.h"
#include "core/study/own_games.h"

/* Beside the claim's chances. */
enum { STUDENT_GAMES = 101, STUDENT_LEARNS };

/* Those of the claim by their names, the rest as it has them. */
static void to_claim(const struct life_study_conf *c, struct claim_conf *out)
{
	conf_defaults(claim_spec, out);
	out->rows = c->rows;
	out->cols = c->cols;
	out->line = c->line;
	memcpy(out->lives, c->lives, sizeof(out->lives));
	out->filters = c->filters;
	out->blocks = c->blocks;
	out->simulations = c->simulations;
	out->rate = c->rate;
	out->games = c->games;
	out->cut = c->cut;
	out->before = c->before;
	out->after = c->after;
	out->per_stage = c->per_stage;
	/* As `history` makes a set unless it is told otherwise. */
	out->replay_temperature = 0.25f;
	out->replay_share = 0;
	out->zero_filters = c->zero_filters;
	out->zero_blocks = c->zero_blocks;
	out->zero_votes = c->zero_votes;
	out->zero_epochs = c->zero_epochs;
	out->zero_last = c->zero_last;
	out->opening_plies = c->opening_plies;
	out->pairs = c->pairs;
	out->curve_pairs = c->curve_pairs;
	out->panel_pairs = 0;
	out->regret_moves = 0;
}

enum err_code life_study_begin(struct life_study *s, struct study_run *r,
			       const struct study_arm *a, uint64_t seed,
			       struct err *e)
{
	memset(s, 0, sizeof(*s));
	s->c = study_conf(r);
	to_claim(s->c, &s->claim);
	s->x = (struct claim_run){
		.r = r, .c = &s->claim, .g = &s->game, .arm = a, .seed = seed};
	return claim_game(&s->claim, &s->game, e);
}

enum err_code life_study_net(const struct life_study *s, const char *arm,
			     struct kept_net *out, struct err *e)
{
	return kept_net_find(s->x.r, &s->game, arm, "network", out, e);
}

enum err_code life_study_score(const struct life_study *s,
			       const struct kept_net *net, double games,
			       bool last, struct err *e)
{
	const struct claim_net named = {.name = "m", .net = net};
	const struct claim_player p = {
		.spec = "policy:m/0",
		.nets = &named,
		.net_count = 1,
		.x = games,
		.brief = !last,
		.zero_alone = true,
	};
	enum err_code rc = claim_score(&s->x, &p, e);

	if (!rc && last)
		claim_keep_net(&s->x, net, (int64_t)games);
	return rc;
}

/* --- the teacher's end --------------------------------------------------- */

static enum err_code continued(const struct life_study *s, struct err *e)
{
	struct kept_net net = {0};
	struct life *l;
	enum err_code rc = claim_past(&s->x, &l, e);

	if (rc)
		return rc;
	claim_stage_net(l, life_stages(l) - 1, &net);
	claim_keep_net(&s->x, &net, s->c->games);
	rc = claim_score_top(&s->x, &net, e);
	kept_net_release(&net);
	life_free(l);
	return rc;
}

/* --- the student --------------------------------------------------------- */

struct study_hall {
	const struct life_study *s;
	struct offline *from;
};

static enum err_code take(void *ctx, const struct self_play_game *g,
			  struct err *e)
{
	struct study_hall *h = ctx;

	return offline_add(h->from, g, false, e);
}

static bool goes_on(void *ctx)
{
	struct study_hall *h = ctx;

	return study_goes_on(h->s->x.r);
}

static bool learning_goes_on(void *ctx, int64_t step, int64_t steps)
{
	struct study_hall *h = ctx;

	study_progress(h->s->x.r, (double)step, (double)steps,
		       "the student learns");
	return study_goes_on(h->s->x.r);
}

static enum err_code play_for_student(struct study_hall *h,
				      const struct kept_net *teacher,
				      uint64_t chance, struct err *e)
{
	const struct own_games games = {
		.game = &h->s->game,
		.plan = teacher->plan,
		.label = OWN_POLICY,
		.temperature = 1,
		.opening_share = 1,
		.opening_plies = h->s->c->student_plies,
		.seed = rng_mix(chance, STUDENT_GAMES),
	};

	return own_games_play(&games, 0, h->s->c->student_games,
			      study_pool(h->s->x.r), take, goes_on, h, e);
}

static enum err_code learn_from(struct study_hall *h,
				const struct kept_net *teacher, uint64_t chance,
				struct offline_net *out, struct err *e)
{
	const struct life_study_conf *c = h->s->c;
	struct recipe r;
	const struct offline_work work = {
		.recipe = &r,
		.seed = rng_mix(chance, STUDENT_LEARNS),
		.pool = study_pool(h->s->x.r),
		.goes_on = learning_goes_on,
		.ctx = h,
	};
	enum err_code rc;

	conf_defaults(recipe_spec, &r);
	r.filters = c->filters;
	r.blocks = c->blocks;
	r.epochs = c->student_epochs;
	r.rate = c->student_rate;
	r.rate_end = r.rate / 20;
	r.search_share = 1; /* the teacher's values */
	h->from = offline_new(&h->s->game, &r,
			      (int64_t)c->student_games * h->s->game.max_plies);
	rc = play_for_student(h, teacher, chance, e);
	if (!rc)
		rc = offline_learn(h->from, &work, out, e);
	offline_free(h->from);
	return rc;
}

static enum err_code copy(const struct life_study *s,
			  const struct kept_net *teacher, uint64_t chance,
			  struct offline_net *out, struct err *e)
{
	struct study_hall h = {.s = s};

	memset(out, 0, sizeof(*out));
	return learn_from(&h, teacher, chance, out, e);
}

enum err_code life_study_copy(const struct life_study *s,
			      const struct kept_net *teacher, uint64_t chance,
			      struct kept_net *out, struct err *e)
{
	struct offline_net made;
	enum err_code rc =
		copy(s, teacher, rng_mix(s->x.seed, chance), &made, e);

	*out = made.net;
	return rc;
}

static enum err_code student(const struct life_study *s, struct err *e)
{
	struct kept_net teacher = {0};
	struct offline_net made = {0};
	enum err_code rc = life_study_net(s, "teacher", &teacher, e);

	if (!rc)
		rc = copy(s, &teacher, s->x.seed, &made, e);
	if (!rc) {
		study_measure(s->x.r, "kl", 0, made.measured.kl, (double)NAN,
			      (double)NAN, made.measured.positions);
		study_measure(s->x.r, "agree", 0, made.measured.agree,
			      (double)NAN, (double)NAN,
			      made.measured.positions);
		study_facts(s->x.r, 0, net_flops(&made.net.config),
			    s->c->student_games);
		rc = life_study_score(s, &made.net, 0, true, e);
	}
	kept_net_release(&teacher);
	kept_net_release(&made.net);
	return rc;
}

/* --- all of them --------------------------------------------------------- */

bool life_study_arms(const struct life_study *s, enum err_code *rc,
		     struct err *e)
{
	const char *arm = s->x.arm->name;

	if (!strcmp(arm, "teacher"))
		*rc = claim_teacher(&s->x, e);
	else if (!strcmp(arm, "offline"))
		*rc = claim_offline(&s->x, e);
	else if (!strcmp(arm, "continued"))
		*rc = continued(s, e);
	else if (!strcmp(arm, "student"))
		*rc = student(s, e);
	else
		return false;
	return true;
}
