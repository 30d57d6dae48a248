/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_lab.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/program.h"
#include "core/lab/study_rows.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

static bool changed(const struct store_trial *t)
{
	const char *before = t->weights_before ? t->weights_before : "";
	const char *after = t->weights_after ? t->weights_after : "";

	return strcmp(before, after) != 0;
}

/* Trials and judge should be of one program, for the plan's hash does not cover
 * what is compiled; it is told, and no gate. */
static void look_at_programs(const struct study_rows *r,
			     struct study_conduct *c)
{
	struct buf own;
	int count = 0;

	buf_init(&own);
	lab_program(&own);
	while (study_rows_program(r, c->programs, &count))
		c->programs++;
	c->same_program = c->programs == 1 && count == r->done &&
			  !strcmp(study_rows_program(r, 0, &count), own.data);
	buf_release(&own);
}

static struct study_conduct look_at(const struct study_rows *r,
				    const struct study_plan *p)
{
	struct study_conduct c = {.trials = (int)r->trial_count};

	for (size_t i = 0; i < r->trial_count; i++) {
		const struct store_trial *t = &r->trials[i];
		bool seen = false;

		c.other_plan += strcmp(t->plan_sha256, p->hash) != 0;
		c.changed += changed(t);
		c.scored += t->scored;
		c.trained_on += t->trained_on;
		for (size_t k = 0; k < i && !seen; k++)
			seen = r->trials[k].processor && t->processor &&
			       !strcmp(r->trials[k].processor, t->processor);
		c.processors += !seen;
	}
	look_at_programs(r, &c);
	return c;
}

static enum store_status write(struct store *s, int64_t id,
			       const struct study_judgement *j)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; i < j->gate_count && !st; i++) {
		struct store_gate g = {
			.name = j->gates[i].name,
			.rule = j->gates[i].rule,
			.passed = j->gates[i].passed,
			.value = j->gates[i].value,
			.bound = j->gates[i].bound,
			.said = j->gates[i].text,
		};

		st = store_gate_set(s, id, (int)i, &g);
	}
	for (size_t i = 0; i < j->estimate_count && !st; i++) {
		struct store_estimate x = {
			.name = j->estimates[i].name,
			.what = j->estimates[i].what,
			.value = j->estimates[i].value,
			.low = j->estimates[i].low,
			.high = j->estimates[i].high,
			.n = j->estimates[i].n,
		};

		st = store_estimate_set(s, id, (int)i, &x);
	}
	if (!st)
		st = store_study_decide(s, id, j->verdict, j->reason.data, 0);
	return st;
}

/* A verdict that is there already is the one that the figures give now. */
static enum err_code compare(const struct store_study *row,
			     const struct study_judgement *j, struct err *e)
{
	if (!strcmp(row->verdict, j->verdict) && row->reason &&
	    !strcmp(row->reason, j->reason.data))
		return ERR_OK;
	return err_set(e, ERR_FORMAT,
		       "study %s was judged '%s' (%.120s), and by the same "
		       "figures this program says '%s' (%.120s): it is another "
		       "program, or the lab was altered",
		       row->name, row->verdict, row->reason ? row->reason : "",
		       j->verdict, j->reason.data);
}

static enum err_code settle(struct store *s, const struct study_rows *r,
			    bool keep, const struct study_judgement *j,
			    struct err *e)
{
	enum store_status st;

	if (r->study.verdict)
		return compare(&r->study, j, e);
	if (!keep)
		return ERR_OK;
	st = lab_begin(s, NULL, NULL);
	return st ? lab_error(s, st, e)
		  : lab_settle(s, write(s, r->study.id, j), e);
}

enum err_code study_lab_judge(struct lab *lab, const struct study_plan *plan,
			      bool keep, struct study_judgement *out,
			      struct err *e)
{
	struct study_rows r;
	struct study_conduct conduct;
	enum err_code rc = study_rows_read(&r, lab_store(lab), plan->name, e);

	memset(out, 0, sizeof(*out));
	buf_init(&out->reason);
	if (!rc && (r.done < (int)r.trial_count || !r.done))
		rc = err_set(e, ERR_NOTFOUND,
			     "study %s has %d of %d trials: plyscope study run "
			     "does the others",
			     plan->name, r.done, study_plan_trials(plan));
	if (!rc) {
		conduct = look_at(&r, plan);
		study_judge(plan, r.figures, r.figure_count, &conduct, out);
		rc = settle(lab_store(lab), &r, keep, out, e);
	}
	study_rows_release(&r);
	return rc;
}
