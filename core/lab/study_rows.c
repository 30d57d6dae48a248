/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/study_keep.h"
#include "core/study/verdict.h"

struct study_figure study_rows_figure(const char *arm,
				      const struct store_measure *m)
{
	return (struct study_figure){
		.arm = arm,
		.name = m->name,
		.seed = m->seed,
		.x = m->x,
		.value = m->value,
		.low = m->low,
		.high = m->high,
		.n = m->n,
	};
}

static void add_figures(struct study_rows *r, const char *arm,
			const struct store_measure *rows, size_t count)
{
	if (r->figure_count + count > r->figure_room) {
		r->figure_room = 2 * (r->figure_count + count);
		r->figures = mem_realloc(r->figures,
					 r->figure_room * sizeof(*r->figures));
	}
	for (size_t i = 0; i < count; i++)
		r->figures[r->figure_count++] =
			study_rows_figure(arm, &rows[i]);
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

/* What of bytes that may be any - from a file, say - is text: one line, or
 * lines. */
static const char *text_of(struct store_bag *bag, const char *data, size_t len,
			   size_t most, bool lines)
{
	size_t n = 0;
	char *text = store_bag_alloc(bag, (len < most ? len : most) + 1);

	while (n < len && n < most &&
	       ((data[n] >= ' ' && data[n] <= '~') ||
		(lines && data[n] == '\n'))) {
		text[n] = data[n];
		n++;
	}
	text[n] = '\0';
	return text;
}

/* What a trial kept under this name, as text; NULL: nothing. */
static enum store_status read_text(struct study_rows *r, struct store *s,
				   const struct store_trial *t,
				   const char *name, size_t most, bool lines,
				   const char **out)
{
	const void *data;
	size_t len;
	enum store_status st = store_kept_load(s, &r->bag, t->arm_id, t->seed,
					       name, &data, &len);

	*out = st ? NULL : text_of(&r->bag, data, len, most, lines);
	return st == STORE_NOTFOUND ? STORE_OK : st;
}

static enum store_status read_texts(struct study_rows *r, struct store *s)
{
	enum { PROGRAM = 200, CHAIN = 1 << 16 };
	size_t room = (r->trial_count + 1) * sizeof(*r->programs);
	enum store_status st = STORE_OK;

	r->programs = store_bag_alloc(&r->bag, room);
	r->chains = store_bag_alloc(&r->bag, room);
	memset(r->programs, 0, room);
	memset(r->chains, 0, room);
	for (size_t i = 0; !st && i < r->trial_count; i++) {
		const struct store_trial *t = &r->trials[i];

		if (strcmp(t->status, "done"))
			continue;
		st = read_text(r, s, t, STUDY_PROGRAM, PROGRAM, false,
			       &r->programs[i]);
		if (!st)
			st = read_text(r, s, t, STUDY_CHAIN, CHAIN, true,
				       &r->chains[i]);
	}
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
	if (!st)
		st = read_texts(r, s);
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

bool study_trial_idle(const struct store_trial *t)
{
	return !strcmp(t->status, "done") && !t->measured && !t->games &&
	       !t->state_bytes && isnan(t->flops_per_move) && !t->scored &&
	       !t->weights_before;
}

const char *study_rows_program(const struct study_rows *r, int n, int *count)
{
	for (size_t i = 0; i < r->trial_count; i++) {
		const char *program = r->programs[i];
		bool seen = !program;

		for (size_t k = 0; k < i && !seen; k++)
			seen = r->programs[k] &&
			       !strcmp(r->programs[k], program);
		if (seen || n-- > 0)
			continue;
		*count = 0;
		for (size_t k = i; k < r->trial_count; k++)
			*count += r->programs[k] &&
				  !strcmp(r->programs[k], program);
		return program;
	}
	return NULL;
}

const char *study_rows_status(const struct study_rows *r,
			      const struct store_trial *t)
{
	if (!r->at_work && !strcmp(t->status, "running"))
		return "stopped";
	return t->status;
}
