/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_lab.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

struct gathered {
	struct store_bag bag;
	struct study_figure *figures; /* owned; texts in the bag */
	size_t count, cap;
	struct study_conduct conduct;
};

static void add_figures(struct gathered *g, const char *arm,
			const struct store_measure *rows, size_t count)
{
	if (g->count + count > g->cap) {
		g->cap = 2 * (g->count + count);
		g->figures =
			mem_realloc(g->figures, g->cap * sizeof(*g->figures));
	}
	for (size_t i = 0; i < count; i++)
		g->figures[g->count++] = (struct study_figure){
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

static bool changed(const struct store_trial *t)
{
	const char *before = t->weights_before ? t->weights_before : "";
	const char *after = t->weights_after ? t->weights_after : "";

	return strcmp(before, after) != 0;
}

static void look_at(struct gathered *g, const struct study_plan *p,
		    const struct store_trial *rows, size_t count)
{
	struct study_conduct *c = &g->conduct;

	for (size_t i = 0; i < count; i++) {
		const char *kind = rows[i].processor ? rows[i].processor : "";
		bool seen = false;

		c->trials++;
		c->other_plan += strcmp(rows[i].plan_sha256, p->hash) != 0;
		c->changed += changed(&rows[i]);
		c->scored += rows[i].scored;
		c->trained_on += rows[i].trained_on;
		for (size_t k = 0; k < i && !seen; k++)
			seen = rows[k].processor &&
			       !strcmp(rows[k].processor, kind);
		c->processors += !seen;
	}
}

static enum err_code gather(struct gathered *g, struct store *s,
			    const struct study_plan *p, int64_t study_id,
			    struct err *e)
{
	struct store_trial *trials;
	struct store_arm *arms;
	struct store_measure *rows;
	size_t arm_count, trial_count = 0, n, done = 0;
	enum store_status st =
		store_trial_list(s, &g->bag, study_id, &trials, &trial_count);

	for (size_t i = 0; !st && i < trial_count; i++)
		done += !strcmp(trials[i].status, "done");
	if (!st && (done < trial_count || !done))
		return err_set(e, ERR_NOTFOUND,
			       "study %s has %zu of %d trials: plyscope study "
			       "run does the others",
			       p->name, done, study_plan_trials(p));
	if (!st)
		st = store_arm_list(s, &g->bag, study_id, &arms, &arm_count);
	for (size_t i = 0; !st && i < arm_count; i++) {
		st = store_measure_list(s, &g->bag, arms[i].id, &rows, &n);
		if (!st)
			add_figures(g, arms[i].name, rows, n);
	}
	if (st)
		return lab_error(s, st, e);
	study_figures_sort(g->figures, g->count);
	look_at(g, p, trials, trial_count);
	return ERR_OK;
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
		st = store_study_decide(s, id, study_badge_name(j->badge),
					j->reason.data);
	return st;
}

/* A verdict that is there already is the one that the figures give now. */
static enum err_code compare(const struct store_study *row,
			     const struct study_judgement *j, struct err *e)
{
	if (!strcmp(row->verdict, study_badge_name(j->badge)) && row->reason &&
	    !strcmp(row->reason, j->reason.data))
		return ERR_OK;
	return err_set(e, ERR_FORMAT,
		       "study %s was judged '%s' (%.120s), and by the same "
		       "figures this program says '%s' (%.120s): it is another "
		       "program, or the lab was altered",
		       row->name, row->verdict, row->reason ? row->reason : "",
		       study_badge_name(j->badge), j->reason.data);
}

static enum err_code settle(struct store *s, const struct study_plan *p,
			    int64_t study_id, bool keep,
			    const struct study_judgement *j, struct err *e)
{
	struct store_bag bag = {0};
	struct store_study row;
	enum store_status st = store_study_find(s, &bag, p->name, &row);
	enum err_code rc = lab_error(s, st, e);

	if (!rc && row.verdict) {
		rc = compare(&row, j, e);
	} else if (!rc && keep) {
		st = lab_begin(s, NULL, NULL);
		rc = st ? lab_error(s, st, e)
			: lab_settle(s, write(s, study_id, j), e);
	}
	store_bag_release(&bag);
	return rc;
}

enum err_code study_lab_judge(struct lab *lab, const struct study_plan *plan,
			      int64_t study_id, bool keep,
			      struct study_judgement *out, struct err *e)
{
	struct store *s = lab_store(lab);
	struct gathered g = {0};
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	buf_init(&out->reason);
	rc = gather(&g, s, plan, study_id, e);
	if (!rc) {
		study_judge(plan, g.figures, g.count, &g.conduct, out);
		rc = settle(s, plan, study_id, keep, out, e);
	}
	free(g.figures);
	store_bag_release(&g.bag);
	return rc;
}
