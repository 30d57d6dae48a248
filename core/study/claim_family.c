/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/study/claim_int.h"
#include "core/study/family.h"
#include "core/study/kept_net.h"
#include "core/study/many_lives.h"
#include "core/study/study.h"

/*
 * A parametrised family of learners, fitted to a life before its cut and run:
 * learning rate, times that a position is trained on, simulations of a search.
 * All else is known of the teacher.  That is running a learner, so it has a
 * badge of its own, and it is the way that the claim must be able to pass.
 *
 * The parameters are laid out around values that recipes usually have, not
 * around the teacher's.
 */

enum { USUAL_REUSE = 4, USUAL_SIMULATIONS = 16 };
static const double USUAL_RATE = 0.003;

static int member_count(const struct claim_conf *c)
{
	return c->family_rates * c->family_reuses * c->family_searches;
}

/* Value i of n, with this ratio between two and the middle one, or the later
 * of both, at `usual`. */
static double value_of(int i, int n, double ratio, double usual)
{
	return usual * pow(ratio, i - n / 2);
}

static void member_recipe(const struct claim_conf *c, int member,
			  struct recipe *out)
{
	int rate = member % c->family_rates;
	int reuse = member / c->family_rates % c->family_reuses;
	int search = member / c->family_rates / c->family_reuses;

	/* Of a seed that judges: the others' rates are not the teacher's. */
	claim_recipe(c, 1, out);
	out->rate = (float)value_of(rate, c->family_rates, M_SQRT2, USUAL_RATE);
	out->reuse = (float)value_of(reuse, c->family_reuses, 2, USUAL_REUSE);
	out->simulations =
		(int)value_of(search, c->family_searches, 2, USUAL_SIMULATIONS);
}

/* --- its members --------------------------------------------------------- */

static size_t seen_size(const struct claim_conf *c)
{
	return (size_t)c->before * FAMILY_SEEN;
}

/* Life k is life k % lives of a member. */
static void choose(void *ctx, int k, struct game *g, struct recipe *r,
		   struct life_config *out)
{
	const struct claim_run *x = ctx;

	*g = *x->g;
	member_recipe(x->c, k / x->c->family_lives, r);
	out->grid = claim_grid(x->c);
	out->seed = rng_mix(CLAIM_FAMILY, (uint64_t)k);
}

static enum err_code see(void *ctx, int k, const struct life *l, double *out,
			 struct err *e)
{
	const struct claim_run *x = ctx;

	(void)k, (void)e;
	family_see(l, x->c->before, out);
	return ERR_OK;
}

enum err_code claim_families(const struct claim_run *x, struct err *e)
{
	const struct claim_conf *c = x->c;
	struct claim_run self = *x;
	struct many_lives m = {
		.run = x->r,
		.what = "lives of the family",
		.count = member_count(c) * c->family_lives,
		.choose = choose,
		.see = see,
		.size = (int)seen_size(c),
		.ctx = &self,
	};
	size_t n = (size_t)m.count * seen_size(c);
	double *seen = mem_zalloc(n, sizeof(*seen));
	enum err_code rc = many_lives_see(&m, seen, e);
	struct buf b;

	if (!rc) {
		buf_init(&b);
		for (size_t i = 0; i < n; i++)
			buf_f64(&b, seen[i]);
		study_keep(x->r, "seen", b.data, b.len);
		study_measure(x->r, "members", 0, member_count(c), (double)NAN,
			      (double)NAN, m.count);
		buf_release(&b);
	}
	free(seen);
	return rc;
}

/* --- the likeliest ------------------------------------------------------- */

static enum err_code read_seen(const struct claim_run *x, double **out,
			       struct err *e)
{
	size_t n = (size_t)member_count(x->c) * (size_t)x->c->family_lives *
		   seen_size(x->c);
	struct reader r;
	const void *data;
	size_t len;
	enum err_code rc = study_kept(x->r, "families", "seen", &data, &len, e);

	*out = NULL;
	if (rc)
		return rc;
	reader_init(&r, data, len);
	*out = mem_zalloc(n, sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = reader_f64(&r);
	if (r.failed || r.pos != r.len)
		return err_set(e, ERR_FORMAT,
			       "what was kept of the family is not of so many "
			       "lives");
	return ERR_OK;
}

/* By how much the likelihood of the best is above that of the next that has
 * another rate. */
static double margin(const struct claim_conf *c, const double *likely, int best)
{
	double next = -INFINITY;

	for (int i = 0; i < member_count(c); i++)
		if (i % c->family_rates != best % c->family_rates)
			next = fmax(next, likely[i]);
	return likely[best] - next;
}

static enum err_code fit(const struct claim_run *x, struct recipe *out,
			 struct err *e)
{
	const struct claim_conf *c = x->c;
	double *likely = mem_zalloc((size_t)member_count(c), sizeof(*likely));
	double *mine = mem_zalloc(seen_size(c), sizeof(*mine));
	double *seen = NULL;
	struct life *l = NULL;
	enum err_code rc = claim_life(x, x->seed, false, &l, e);
	int best;

	if (!rc)
		rc = read_seen(x, &seen, e);
	if (!rc) {
		family_see(l, c->before, mine);
		best = family_fit(seen, member_count(c), c->family_lives,
				  (int)seen_size(c), mine, likely);
		member_recipe(c, best, out);
		study_measure(x->r, "rate", 0, (double)out->rate, (double)NAN,
			      (double)NAN, 0);
		study_measure(x->r, "reuse", 0, (double)out->reuse, (double)NAN,
			      (double)NAN, 0);
		study_measure(x->r, "simulations", 0, out->simulations,
			      (double)NAN, (double)NAN, 0);
		study_measure(x->r, "margin", 0, margin(c, likely, best),
			      (double)NAN, (double)NAN, 0);
	}
	life_free(l);
	free(seen);
	free(mine);
	free(likely);
	return rc;
}

enum err_code claim_family(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0};
	struct recipe r;
	enum err_code rc = fit(x, &r, e);

	if (!rc)
		rc = claim_live(x, &r, rng_mix(x->seed, CLAIM_FAMILY), NULL,
				x->c->games, &net, e);
	if (!rc) {
		claim_keep_net(x, &net, x->c->games);
		rc = claim_score_net(x, &net, e);
	}
	kept_net_release(&net);
	return rc;
}
