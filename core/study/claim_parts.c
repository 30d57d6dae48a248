/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/study/claim.h"
#include "core/study/claim_int.h"

const struct claim_part claim_parts[] = {
	{"ladder", claim_ladder, CLAIM_ONCE, CLAIM_SHOWN},
	{"histories", claim_histories, CLAIM_ONCE, CLAIM_SHOWN},
	{"teacher", claim_teacher, CLAIM_EACH, CLAIM_SHOWN},
	{"offline", claim_offline, CLAIM_EACH, CLAIM_SHOWN},
	{"commit", claim_commit, CLAIM_ONCE, CLAIM_SHOWN},
	{"continued", claim_continued, CLAIM_EACH, CLAIM_SHOWN},
	{"snapshot", claim_snapshot, CLAIM_SCORED, CLAIM_CONTROL},
	{.name = NULL},
};

void claim_judge_study(const struct study_measures *m,
		       struct study_judgement *out)
{
	claim_judge_parts(m, claim_parts, out);
}

const struct claim_part *claim_part_find(const char *arm)
{
	const struct claim_part *p = claim_parts;

	while (p->name && strcmp(p->name, arm))
		p++;
	assert(p->name);
	return p;
}
