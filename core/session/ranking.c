/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/ranking.h"

#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/lab/rate_lab.h"

void ranking_release(struct ranking *r)
{
	refit_drop(r->refit);
	rate_table_release(&r->fit);
	memset(r, 0, sizeof(*r));
}

void ranking_set_anchor(struct ranking *r, const char *spec)
{
	snprintf(r->anchor, sizeof(r->anchor), "%s", spec);
	r->matches = -1;
	/* what is being kept is kept, and shown by its own anchor never */
	refit_drop(r->refit);
	r->refit = NULL;
}

bool ranking_is_behind(const struct ranking *r, const struct standings *s)
{
	if (s->game < 0 || !s->matches || r->refit)
		return false;
	return strcmp(r->game, s->games[s->game]) || r->matches != s->matches ||
	       r->games != s->games_played;
}

enum err_code ranking_begin(struct ranking *r, const struct standings *s,
			    const char *lab_path, bool keep,
			    void (*wake)(void *ctx), void *ctx, struct err *e)
{
	const char *game = s->games[s->game];

	snprintf(r->game, sizeof(r->game), "%s", game);
	r->matches = s->matches;
	r->games = s->games_played;
	r->keeps = keep;
	return refit_start(&r->refit, lab_path, game, r->anchor, keep, wake,
			   ctx, e);
}

bool ranking_ended(const struct ranking *r)
{
	return r->refit && refit_ended(r->refit);
}

enum err_code ranking_take(struct ranking *r, struct err *e)
{
	struct rate_table fit;
	enum err_code rc = refit_take(r->refit, &fit, e);

	r->refit = NULL;
	if (rc)
		return rc;
	rate_table_release(&r->fit);
	r->fit = fit;
	return ERR_OK;
}
