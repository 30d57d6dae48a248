/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/study/verdict.h"

static void add_figures(struct study_rows *r, const char *arm,
			const struct store_measure *rows, size_t count)
{
	if (r->figure_count + count > r->figure_room) {
		r->figure_room = 2 * (r->figure_count + count);
		r->figures = mem_realloc(r->figures,
					 r->figure_room * sizeof(*r->figures));
	}
	for (size_t i = 0; i < count; i++)
		r->figures[r->figure_count++] = (struct study_figure){
			.arm = arm,
			.name = rows[i].name,
			.seed = rows[i].seed,
			.x = rows[i].x,
			.value = rows[i].value,
			.low = rows[i].low,
			.high = rows[i].high,
			.n = rows[i].n,
		};
}

static enum store_status read_figures(struct study_rows *r, struct store *s)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; !st && i < r->arm_count; i++) {
		struct store_measure *rows;
		size_t n;

		st = store_measure_list(s, &r->bag, r->arms[i].id, &rows, &n);
		if (!st)
			add_figures(r, r->arms[i].name, rows, n);
	}
	if (!st)
		study_figures_sort(r->figures, r->figure_count);
	return st;
}

static enum store_status read_job(struct study_rows *r, struct store *s)
{
	enum store_status st;

	if (!r->study.job_id)
		return STORE_OK;
	st = store_job_get(s, &r->bag, r->study.job_id, &r->job);
	r->at_work = !st && (r->job.life == STORE_LIFE_ALIVE ||
			     r->job.life == STORE_LIFE_FAR);
	return st;
}

enum err_code study_rows_read(struct study_rows *r, struct store *s,
			      const char *name, struct err *e)
{
	enum store_status st;
	int64_t id;

	memset(r, 0, sizeof(*r));
	st = store_study_find(s, &r->bag, name, &r->study);
	id = r->study.id;
	if (!st)
		st = store_arm_list(s, &r->bag, id, &r->arms, &r->arm_count);
	if (!st)
		st = store_trial_list(s, &r->bag, id, &r->trials,
				      &r->trial_count);
	if (!st)
		st = store_gate_list(s, &r->bag, id, &r->gates, &r->gate_count);
	if (!st)
		st = store_estimate_list(s, &r->bag, id, &r->estimates,
					 &r->estimate_count);
	if (!st)
		st = read_figures(r, s);
	if (!st)
		st = read_job(r, s);
	for (size_t i = 0; !st && i < r->trial_count; i++)
		r->done += !strcmp(r->trials[i].status, "done");
	return lab_error(s, st, e);
}

void study_rows_release(struct study_rows *r)
{
	store_bag_release(&r->bag);
	free(r->figures);
	memset(r, 0, sizeof(*r));
}

const struct store_arm *study_rows_arm(const struct study_rows *r, int64_t id)
{
	for (size_t i = 0; i < r->arm_count; i++)
		if (r->arms[i].id == id)
			return &r->arms[i];
	return NULL;
}

const char *study_rows_status(const struct study_rows *r,
			      const struct store_trial *t)
{
	if (!r->at_work && !strcmp(t->status, "running"))
		return "stopped";
	return t->status;
}
