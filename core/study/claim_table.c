/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/claim_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/study/claim.h"
#include "core/study/claim_int.h"
#include "core/study/study.h"

void claim_table_fill(struct claim_judging *j, const struct study_measures *m,
		      const struct claim_part *parts,
		      struct study_judgement *out)
{
	size_t seeds = (size_t)m->seed_count, most = 0;

	*j = (struct claim_judging){.m = m, .out = out, .distance = INFINITY};
	while (parts[most].name)
		most++;
	j->arms = mem_zalloc(most, sizeof(*j->arms));
	j->at = mem_zalloc(most, sizeof(*j->at));
	j->figures = mem_zalloc(most, sizeof(*j->figures));
	j->elo = mem_zalloc(most * seeds, sizeof(*j->elo));
	j->top = mem_zalloc(seeds, sizeof(*j->top));
	study_values(m, "continued", "elo", 0, j->top);
	for (const struct claim_part *p = parts; p->name; p++) {
		double *elo = j->elo + (size_t)j->count * seeds;

		if (p->step != CLAIM_SCORED || claim_left_out(m->conf, p->name))
			continue;
		j->at[j->count] = claim_judged_at(m->conf, p->point);
		study_values(m, p->name, "elo", j->at[j->count], elo);
		j->arms[j->count++] = (struct claim_arm){p->name, p->role, elo};
	}
}

void claim_table_release(struct claim_judging *j)
{
	free(j->arms);
	free(j->at);
	free(j->figures);
	free(j->elo);
	free(j->top);
}

bool claim_tunes(const struct study_measures *m)
{
	return m->seeds[0] >= STUDY_DEVELOPMENT;
}

const struct claim_figures *claim_figures_of(const struct claim_judging *j,
					     const char *arm)
{
	for (int k = 0; k < j->count; k++)
		if (!strcmp(j->arms[k].name, arm))
			return &j->figures[k];
	return NULL;
}

void claim_note(struct claim_judging *j, bool failed, double distance,
		const char *text)
{
	if (j->failed || (!failed && !(distance < j->distance)))
		return;
	j->failed = failed;
	j->distance = distance;
	snprintf(j->nearest, sizeof(j->nearest), "%s", text);
}
