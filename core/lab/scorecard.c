/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/scorecard.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/study/answer.h"
#include "core/study/study.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

struct reading {
	struct store *s; /* NULL: no lab */
	struct store_bag *bag;
	struct store_study *studies;
	size_t study_count;
	struct scorecard *out;
	size_t room;
};

static void not_asked(struct score_cell *out)
{
	*out = (struct score_cell){
		.reply = study_reply_word(STUDY_NOT_ASKED),
		.value = (double)NAN,
		.low = (double)NAN,
		.high = (double)NAN,
		.bound = (double)NAN,
	};
}

static struct score_row *add(struct reading *r, const struct study_system *sys)
{
	struct scorecard *o = r->out;
	struct score_row *row;

	if (o->count == r->room) {
		size_t n = r->room ? 2 * r->room : 64;
		struct score_row *more =
			store_bag_alloc(r->bag, n * sizeof(*more));

		if (o->count)
			memcpy(more, o->rows, o->count * sizeof(*more));
		o->rows = more;
		r->room = n;
	}
	row = &o->rows[o->count++];
	row->id = (int64_t)o->count;
	row->system = sys->number;
	row->study = sys->study;
	row->title = sys->title;
	for (int q = 0; q < STUDY_QUESTIONS; q++)
		not_asked(&row->cells[q]);
	return row;
}

/* 3: it judges and was judged, 2: of some rungs alone, 1: it was judged, 0: not
 * even that. */
static int rank(const struct store_study *x)
{
	if (!x->verdict)
		return 0;
	if (!strcmp(x->size, "smoke") || !strstr(x->plan, "\ntest seeds:"))
		return 1;
	return strstr(x->plan, "\nrungs:") ? 2 : 3;
}

static const struct store_study *best_plan(const struct reading *r,
					   const char *kind)
{
	const struct store_study *best = NULL;

	for (size_t i = 0; i < r->study_count; i++) {
		const struct store_study *x = &r->studies[i];

		if (strcmp(x->kind, kind))
			continue;
		if (!best || rank(x) > rank(best) ||
		    (rank(x) == rank(best) &&
		     x->planned_ms >= best->planned_ms))
			best = x;
	}
	return best;
}

static const struct store_estimate *find(const struct store_estimate *all,
					 size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].name, name))
			return &all[i];
	return NULL;
}

void score_answer(const struct study *s, const char *arm, enum study_question q,
		  const struct store_estimate *all, size_t n,
		  struct score_cell *out)
{
	const struct store_estimate *x;
	struct buf name;
	double bound;

	not_asked(out);
	buf_init(&name);
	if (study_asked(s, arm, q, &name, &bound) &&
	    (x = find(all, n, name.data)) && !isnan(x->low)) {
		out->reply = study_reply_word(study_reply(x->low, bound));
		out->estimate = x->name;
		out->what = x->what;
		out->value = x->value;
		out->low = x->low;
		out->high = x->high;
		out->bound = bound;
	}
	buf_release(&name);
}

static enum store_status add_arms(struct reading *r,
				  const struct study_system *sys,
				  const struct study *s,
				  const struct store_study *plan)
{
	struct store_estimate *estimates;
	struct store_arm *arms;
	size_t n = 0, count = 0;
	enum store_status st =
		store_arm_list(r->s, r->bag, plan->id, &arms, &count);

	if (!st)
		st = store_estimate_list(r->s, r->bag, plan->id, &estimates,
					 &n);
	for (size_t i = 0; i < count && !st; i++) {
		struct score_row *row = add(r, sys);

		row->name = plan->name;
		row->arm = arms[i].name;
		row->role = arms[i].role;
		for (int q = 0; q < STUDY_QUESTIONS && s; q++)
			score_answer(s, row->arm, (enum study_question)q,
				     estimates, n, &row->cells[q]);
	}
	return st;
}

static enum store_status add_system(struct reading *r,
				    const struct study_system *sys)
{
	const struct study *s = study_of_system(sys);
	const struct store_study *plan = best_plan(r, sys->study);
	struct score_row *row = add(r, sys);

	if (!plan) {
		row->state = "not run";
		return STORE_OK;
	}
	row->name = plan->name;
	row->verdict = plan->verdict;
	row->reason = plan->reason;
	row->decided_ms = plan->decided_ms;
	row->state = plan->verdict ? plan->verdict : "not judged";
	return add_arms(r, sys, s, plan);
}

enum err_code scorecard_read(struct scorecard *out, struct store *s,
			     struct store_bag *bag, struct err *e)
{
	struct reading r = {.s = s, .bag = bag, .out = out};
	enum store_status st = STORE_OK;

	*out = (struct scorecard){.count = 0};
	if (s)
		st = store_study_list(s, bag, &r.studies, &r.study_count);
	for (const struct study_system *x = study_systems; x->number && !st;
	     x++)
		st = add_system(&r, x);
	return st ? lab_error(s, st, e) : ERR_OK;
}

void score_cell_text(const struct score_cell *c, int width, struct buf *out)
{
	char text[80];
	int n;

	if (!c->estimate) {
		buf_puts(out, width && width < 9 ? "-" : c->reply);
		return;
	}
	n = snprintf(text, sizeof(text), "%s %.3g [%.3g, %.3g]", c->reply,
		     c->value, c->low, c->high);
	if (width && n > width)
		n = snprintf(text, sizeof(text), "%s %.3g", c->reply, c->value);
	if (width && n > width)
		snprintf(text, sizeof(text), "%s", c->reply);
	buf_puts(out, text);
}
