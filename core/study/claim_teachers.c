/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/learn/life.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

/* What is scored of the teacher itself, and the zero that all is held against:
 * the ends of the scale, and the curve between them. */

enum err_code claim_snapshot(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0};
	enum err_code rc =
		kept_net_find(x->r, x->g, "teacher", "network", &net, e);

	if (!rc)
		rc = claim_score_net(x, &net, e);
	kept_net_release(&net);
	return rc;
}

enum err_code claim_zero(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0};
	enum err_code rc =
		kept_net_find(x->r, x->g, "offline", "network", &net, e);

	if (!rc)
		rc = claim_score_zero(x, &net, e);
	kept_net_release(&net);
	return rc;
}

/* The strength of the networks of all stages, by games. */
static enum err_code measure_curve(const struct claim_run *x,
				   const struct life *l, struct err *e)
{
	enum err_code rc = ERR_OK;
	int64_t games = -1;

	for (int i = 0; i < life_stages(l) && !rc; i++) {
		struct life_stage s = life_stage(l, i);
		struct kept_net net;

		if (s.games == games)
			continue; /* the same network */
		games = s.games;
		claim_stage_net(l, i, &net);
		rc = claim_score_stage(x, &net, (double)games, e);
		kept_net_release(&net);
	}
	return rc;
}

enum err_code claim_continued(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0};
	struct life *l;
	enum err_code rc = claim_past(x, &l, e);

	if (rc)
		return rc;
	claim_stage_net(l, life_stages(l) - 1, &net);
	claim_keep_net(x, &net, life_stage(l, life_stages(l) - 1).games);
	rc = claim_score_top(x, &net, e);
	if (!rc)
		rc = measure_curve(x, l, e);
	kept_net_release(&net);
	life_free(l);
	return rc;
}
