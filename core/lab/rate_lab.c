/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/rate_lab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/rate_fit.h"
#include "core/rate/fit.h"
#include "store/store.h"

struct place {
	bool guess; /* not linked, while others are */
	double elo;
	int player;
};

/* Equals by name, so that a table never depends on chance. */
static int by_elo(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->guess != y->guess)
		return x->guess - y->guess;
	if (x->elo < y->elo || x->elo > y->elo)
		return x->elo < y->elo ? 1 : -1;
	return x->player - y->player;
}

static int by_deviations(const void *a, const void *b)
{
	const struct rate_residual *p = a, *q = b;
	double x = fabs(p->deviations), y = fabs(q->deviations);

	if (x < y || x > y)
		return x < y ? 1 : -1;
	return p->first != q->first ? strcmp(p->first, q->first)
				    : strcmp(p->second, q->second);
}

static void fill_residuals(struct rate_table *t, const struct rate_fit *f)
{
	t->residuals = store_bag_alloc(&t->bag, ((size_t)f->pair_count + 1) *
							sizeof(*t->residuals));
	for (int k = 0; k < f->pair_count; k++) {
		const struct fit_residual *r = &f->fit.residuals[k];
		const struct fit_pair *q = &f->pairs[k];
		bool turn = r->elo < 0; /* the stronger one first */
		double sign = turn ? -1 : 1;

		if (isnan(r->deviations))
			continue;
		t->residuals[t->residual_count++] = (struct rate_residual){
			.first = f->names[turn ? q->j : q->i],
			.second = f->names[turn ? q->i : q->j],
			.games = f->pair_games[k],
			.score = turn ? 1 - r->score : r->score,
			.expected = turn ? 1 - r->expected : r->expected,
			.elo = sign * r->elo,
			.direct = sign * r->direct,
			.deviations = sign * r->deviations,
		};
	}
	qsort(t->residuals, t->residual_count, sizeof(*t->residuals),
	      by_deviations);
	for (size_t k = 0; k < t->residual_count; k++) {
		struct rate_residual *r = &t->residuals[k];

		r->first = store_bag_strdup(&t->bag, r->first);
		r->second = store_bag_strdup(&t->bag, r->second);
	}
}

/* Of rows, not of players. */
static void fill_gains(struct rate_table *t, const struct rate_fit *f,
		       const struct place *places)
{
	struct rate_gain *by_player = mem_zalloc(t->count, sizeof(*by_player));
	int *row = mem_zalloc(t->count, sizeof(*row));

	rate_fit_gains(f, by_player);
	for (size_t i = 0; i < t->count; i++)
		row[places[i].player] = (int)i;
	t->gains = store_bag_alloc(&t->bag, t->count * sizeof(*t->gains));
	for (size_t i = 0; i < t->count; i++) {
		struct rate_gain g = by_player[places[i].player];

		g.before = g.before < 0 ? -1 : row[g.before];
		t->gains[i] = g;
	}
	free(by_player);
	free(row);
}

static void fill_rows(struct rate_table *t, const struct rate_fit *f,
		      const char *game)
{
	size_t n = (size_t)f->count;
	struct place *places = mem_zalloc(n, sizeof(*places));
	const struct fit *fit = &f->fit;

	t->count = n;
	t->rows = store_bag_alloc(&t->bag, n * sizeof(*t->rows));
	t->above = store_bag_alloc(&t->bag, n * sizeof(*t->above));
	t->spread = store_bag_alloc(&t->bag, n * sizeof(*t->spread));
	for (size_t i = 0; i < n; i++)
		places[i] = (struct place){
			.guess =
				fit->anchor != FIT_NO_ANCHOR && !fit->linked[i],
			.elo = fit->elo[i],
			.player = (int)i,
		};
	qsort(places, n, sizeof(*places), by_elo);
	for (size_t i = 0; i < n; i++) {
		int who = places[i].player;

		t->rows[i] = rate_fit_row(f, who, game);
		t->rows[i].agent = store_bag_strdup(&t->bag, f->names[who]);
		t->rows[i].game = store_bag_strdup(&t->bag, game);
		t->spread[i] = fit->spread[who];
		t->above[i] = i + 1 < n ? fit_superiority(fit, who,
							  places[i + 1].player)
					: (double)NAN;
	}
	fill_gains(t, f, places);
	free(places);
}

/* By the anchor that was asked for; the random agent else. */
static enum err_code fill_table(struct rate_table *t, struct rate_fit *f,
				const char *game, const char *anchor,
				struct err *e)
{
	int at = f->zero;

	if (anchor)
		at = rate_fit_find(f, anchor);
	if (anchor && at < 0)
		return err_set(e, ERR_NOTFOUND, "%s has met nobody in %s",
			       anchor, game);
	if (!f->made)
		return ERR_OK;
	if (at != f->fit.anchor)
		fit_anchor(&f->fit, at);
	t->mean = f->fit.mean;
	t->zero = f->zero == FIT_NO_ANCHOR ? t->mean : f->fit.elo[f->zero];
	t->anchor = at == FIT_NO_ANCHOR
			    ? NULL
			    : store_bag_strdup(&t->bag, f->names[at]);
	fill_rows(t, f, game);
	fill_residuals(t, f);
	return ERR_OK;
}

/* *kept: or the matches are others by now. */
static enum err_code keep_fit(struct store *s, struct rate_fit *f,
			      const char *game, const struct rate_options *o,
			      bool last, bool *kept, struct err *e)
{
	enum err_code rc = lab_error(s, lab_begin(s, o->goes_on, o->ctx), e);

	if (rc)
		return rc;
	rc = rate_fit_holds(f, s, game, kept, e);
	*kept |= last;
	if (!rc && *kept)
		rc = rate_fit_keep(f, s, game, e);
	if (!rc && *kept)
		return lab_error(s, store_commit(s), e);
	store_rollback(s);
	return rc;
}

enum err_code rate_lab(struct lab *lab, const char *game,
		       const struct rate_options *options,
		       struct rate_table *out, struct err *e)
{
	static const struct rate_options none = {.anchor = NULL};
	const struct rate_options *o = options ? options : &none;
	struct store *s = lab_store(lab);
	bool kept = false;
	enum err_code rc = ERR_OK;

	memset(out, 0, sizeof(*out));
	for (int tries = 1; !kept && !rc; tries++) {
		struct rate_fit f;

		rc = rate_fit_make(&f, s, game, NULL, 0, o->goes_on, o->ctx, e);
		kept = store_readonly(s) || !f.made;
		if (!rc && !kept)
			rc = keep_fit(s, &f, game, o, tries == RATE_FITS_MOST,
				      &kept, e);
		if (!rc && kept)
			rc = fill_table(out, &f, game, o->anchor, e);
		rate_fit_release(&f);
	}
	if (rc)
		rate_table_release(out);
	return rc;
}

void rate_table_release(struct rate_table *t)
{
	store_bag_release(&t->bag);
	memset(t, 0, sizeof(*t));
}
