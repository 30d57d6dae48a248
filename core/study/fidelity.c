/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/fidelity.h"

#include <math.h>

#include "core/base/conf.h"
#include "core/base/rng.h"
#include "core/learn/learner.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/life_study.h"
#include "core/study/offline.h"
#include "core/study/own_games.h"
#include "core/study/study.h"

enum { ASKED = 121 }; /* chance of the games in which it is asked */

struct asking {
	const struct life_study *s;
	const struct fidelity *f;
	struct offline *said; /* owned: the teacher's words on own games */
	struct kept_net then; /* owned: the teacher, after as many games */
};

static enum err_code take(void *ctx, const struct self_play_game *g,
			  struct err *e)
{
	struct asking *a = ctx;
	const struct net_plan *then = a->then.plan;

	return offline_add_labelled(a->said, g, &then, 1, 1, true, e);
}

static bool goes_on(void *ctx)
{
	struct asking *a = ctx;

	return study_goes_on(a->s->x.r);
}

static enum err_code find_teacher(struct asking *a, struct err *e)
{
	const struct life_study *s = a->s;
	int64_t most = s->c->cut + (int64_t)a->f->games;
	int stage = s->c->before;
	struct life *l;
	enum err_code rc = claim_life(&s->x, s->x.seed, true, &l, e);

	if (rc)
		return rc;
	while (stage + 1 < life_stages(l) &&
	       life_stage(l, stage + 1).games <= most)
		stage++;
	claim_stage_net(l, stage, &a->then);
	life_free(l);
	return ERR_OK;
}

enum err_code fidelity_measure(const struct life_study *s,
			       const struct tuning_conf *c,
			       const struct kept_net *net,
			       const struct fidelity *f, struct err *e)
{
	struct asking a = {.s = s, .f = f};
	const struct own_games games = {
		.game = &s->game,
		.plan = net->plan,
		.label = OWN_MOVE,
		.temperature = c->play_temperature,
		.opening_share = c->opening_share,
		.opening_plies = s->c->opening_plies,
		.seed = rng_mix(s->x.seed, ASKED),
	};
	struct learner_held_out how;
	struct recipe r;
	enum err_code rc = find_teacher(&a, e);

	if (rc)
		return rc;
	conf_defaults(recipe_spec, &r);
	a.said = offline_new(&s->game, &r,
			     (int64_t)f->asked * s->game.max_plies);
	rc = own_games_play(&games, 0, f->asked, study_pool(s->x.r), take,
			    goes_on, &a, e);
	if (!rc) {
		offline_measure(a.said, &net->config, net->weights,
				study_pool(s->x.r), &how);
		study_measure(s->x.r, "kl", f->x, how.kl, (double)NAN,
			      (double)NAN, how.positions);
		study_measure(s->x.r, "agree", f->x, how.agree, (double)NAN,
			      (double)NAN, how.positions);
	}
	offline_free(a.said);
	kept_net_release(&a.then);
	return rc;
}
