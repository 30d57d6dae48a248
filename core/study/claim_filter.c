/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/claim_filter.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/stat.h"
#include "core/learn/life.h"
#include "core/rate/tally.h"
#include "core/study/claim_int.h"
#include "core/study/claim_score.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

void claim_filter_best(const double *gain, int n, int keep, bool *kept)
{
	memset(kept, 0, (size_t)n * sizeof(*kept));
	for (int k = 0; k < keep; k++) {
		int best = -1;

		for (int i = 0; i < n; i++)
			if (!kept[i] && (best < 0 || gain[i] > gain[best]))
				best = i;
		kept[best] = true;
	}
}

/* The last network before the cut against the first. */
static enum err_code measure(const struct claim_run *x, const struct life *l,
			     double *out, struct err *e)
{
	struct kept_net first, last;
	struct claim_net named = {.name = "m", .net = &last};
	struct claim_player p = {
		.spec = "policy:m/0",
		.nets = &named,
		.net_count = 1,
		.x = (double)x->seed,
	};
	struct claim_scoring s = {.x = x, .p = &p};
	struct claim_opponent o = {
		.spec = "policy:other/0",
		.pairs = x->c->curve_pairs,
		.measure = "improved",
	};
	struct claim_met met;
	enum err_code rc;

	claim_stage_net(l, 0, &first);
	claim_stage_net(l, life_grid(l)->before - 1, &last);
	o.net = first.plan;
	rc = claim_scoring_open(&s, e);
	if (!rc)
		rc = claim_scoring_meet(&s, &o, &met, e);
	if (!rc)
		*out = tally_elo(&met.tally).elo;
	claim_scoring_close(&s);
	kept_net_release(&first);
	kept_net_release(&last);
	return rc;
}

enum err_code claim_filter(const struct claim_run *x, bool *kept, struct err *e)
{
	int n = x->c->train;
	int keep = (int)ceil((double)x->c->filter_share * n);
	double *gain = mem_zalloc((size_t)n, sizeof(*gain));
	enum err_code rc = ERR_OK;

	for (int i = 0; i < n && !rc; i++) {
		struct claim_run of = *x;
		struct life *l;

		of.seed = CLAIM_TRAIN + (uint64_t)i;
		rc = claim_life(&of, of.seed, false, &l, e);
		if (!rc)
			rc = measure(&of, l, &gain[i], e);
		life_free(l);
	}
	if (!rc)
		claim_filter_best(gain, n, keep < 1 ? 1 : keep, kept);
	free(gain);
	return rc;
}
