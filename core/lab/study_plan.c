/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_lab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

/* Where two texts part: the line of each, for a sentence. */
static void first_difference(const char *a, const char *b, struct buf *out)
{
	while (*a && *b) {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (n != m || strncmp(a, b, n))
			break;
		a += n + (a[n] != '\0');
		b += m + (b[m] != '\0');
	}
	buf_printf(out, "it says '%.*s%s', and now '%.*s%s'",
		   (int)(strcspn(a, "\n") < 100 ? strcspn(a, "\n") : 100), a,
		   strcspn(a, "\n") > 100 ? "..." : "",
		   (int)(strcspn(b, "\n") < 100 ? strcspn(b, "\n") : 100), b,
		   strcspn(b, "\n") > 100 ? "..." : "");
}

static enum err_code compare(struct lab *lab, const struct study_plan *p,
			     const struct store_study *row, struct err *e)
{
	struct buf how;
	enum err_code rc = ERR_OK;
	char hash[DIGEST_SIZE];

	digest_hex(row->plan, strlen(row->plan), hash);
	if (strcmp(hash, row->plan_sha256))
		return err_set(e, ERR_FORMAT,
			       "%s: the plan of study %s is not what its "
			       "SHA-256 says: restore a copy of the file",
			       lab_path(lab), row->name);
	if (!strcmp(row->plan, p->text.data))
		return ERR_OK;
	buf_init(&how);
	first_difference(row->plan, p->text.data, &how);
	rc = err_set(e, ERR_USAGE,
		     "the plan of study %s differs from its row, and a plan "
		     "never changes: %s; choose another name with --as",
		     row->name, how.data);
	buf_release(&how);
	return rc;
}

static const char *row_name(const struct study_request *want, char **owned)
{
	*owned = want->name
			 ? mem_strdup(want->name)
			 : mem_printf("%s/%s%s", want->study->name, want->size,
				      want->development ? "/tune" : "");
	return *owned;
}

/* The seeds of the plan that another one uses too. */
static void list_shared(const struct study_plan *p, const char *other,
			struct buf *out)
{
	enum { MOST = 8 };
	int n = 0;

	for (int i = 0; i < p->seed_count; i++) {
		if (!study_plan_uses(other, p->seeds[i]))
			continue;
		if (n++ < MOST)
			buf_printf(out, "%s%llu", n > 1 ? ", " : "",
				   (unsigned long long)p->seeds[i]);
	}
	if (n > MOST)
		buf_printf(out, " and %d more", n - MOST);
}

/* The first seed behind all that plans of the study use to judge. */
static uint64_t first_fresh(const struct study_plan *p,
			    const struct store_study *rows, size_t count)
{
	uint64_t fresh = 1;

	for (size_t i = 0; i < count; i++)
		for (uint64_t s = fresh;
		     !strcmp(rows[i].kind, p->study->name) &&
		     s < STUDY_DEVELOPMENT;
		     s++)
			if (study_plan_uses(rows[i].plan, s))
				fresh = s + 1;
	return fresh;
}

/* A seed that was judged or tuned on under another plan of the study judges
 * nothing again.  Smoke size judges nothing, and who asks for certain seeds
 * gets those that it did not use either; the same plan may be made again. */
static enum err_code check_fresh(struct lab *lab,
				 const struct study_request *want,
				 const struct study_plan *p, struct err *e)
{
	struct store_bag bag = {0};
	struct store_study *rows;
	enum err_code rc;
	struct buf shared;
	size_t count;

	if (p->development || !strcmp(p->size, "smoke"))
		return ERR_OK;
	rc = lab_error(lab_store(lab),
		       store_study_list(lab_store(lab), &bag, &rows, &count),
		       e);
	buf_init(&shared);
	for (size_t i = 0; !rc && i < count; i++) {
		if (strcmp(rows[i].kind, p->study->name) ||
		    !strcmp(rows[i].plan_sha256, p->hash) ||
		    (!want->first_seed && !strcmp(rows[i].size, "smoke")))
			continue;
		list_shared(p, rows[i].plan, &shared);
		if (shared.len)
			rc = err_set(e, ERR_USAGE,
				     "test seeds judge once, and study %s uses "
				     "%s under another plan: --first-seed %llu "
				     "is fresh",
				     rows[i].name, shared.data,
				     (unsigned long long)first_fresh(p, rows,
								     count));
	}
	buf_release(&shared);
	store_bag_release(&bag);
	return rc;
}

static enum err_code plan_new(struct lab *lab, const struct study_request *want,
			      struct study_plan *plan, struct err *e)
{
	enum err_code rc = study_plan_make(plan, want, e);

	/* Also where the plan is that of another row. */
	if (!rc)
		rc = study_name_check(plan->name, e);
	return rc ? rc : check_fresh(lab, want, plan, e);
}

enum err_code study_lab_plan(struct lab *lab, const struct study_request *want,
			     struct study_plan *plan, struct store_bag *bag,
			     struct store_study *row, struct err *e)
{
	struct study_request with = *want;
	struct store *s = lab_store(lab);
	char *name;
	enum store_status st =
		store_study_find(s, bag, row_name(want, &name), row);
	enum err_code rc;

	free(name);
	with.agents = lab_agents(lab);
	if (st == STORE_NOTFOUND) {
		row->id = 0;
		return plan_new(lab, &with, plan, e);
	}
	memset(plan, 0, sizeof(*plan));
	buf_init(&plan->text);
	if (st)
		return lab_error(s, st, e);
	if (strcmp(row->kind, want->study->name) ||
	    strcmp(row->size, want->size))
		return err_set(e, ERR_USAGE,
			       "%s has a study named %s already, of %s at size "
			       "%s: choose another name with --as",
			       lab_path(lab), row->name, row->kind, row->size);
	with.stored = row->plan;
	with.name = row->name;
	rc = study_plan_make(plan, &with, e);
	return rc ? rc : compare(lab, plan, row, e);
}

static enum store_status write_gates(struct store *s, int64_t id,
				     const struct study_plan *p)
{
	enum store_status st = STORE_OK;
	int n = 0;

	for (const struct study_gate *g = p->study->gates; g->name && !st;
	     g++) {
		struct store_gate row = {
			.name = g->name,
			.rule = g->rule,
			.passed = -1,
			.value = (double)NAN,
			.bound = (double)NAN,
		};

		if (study_plan_asks(p, g->name))
			st = store_gate_set(s, id, n++, &row);
	}
	return st;
}

static enum store_status write_arms(struct store *s, int64_t id,
				    const struct study_plan *p)
{
	const struct study_arm *arms = p->study->arms;
	enum store_status st = STORE_OK;
	int count = 0;
	int64_t *ids;

	while (arms[count].name)
		count++;
	ids = mem_zalloc((size_t)count, sizeof(*ids));
	for (int i = 0; i < count && !st; i++) {
		const struct study_arm *a = &arms[i];
		struct store_arm row = {
			.study_id = id,
			.name = a->name,
			.role = a->role,
			.config = a->what,
			.flops_per_move = (double)NAN,
		};

		if (study_plan_asks(p, a->name))
			st = store_arm_add(s, &row, &ids[i]);
	}
	for (int i = 0; i < study_plan_trials(p) && !st; i++) {
		struct store_trial row = {.plan_sha256 = p->hash};
		const struct study_arm *a = study_plan_trial(p, i, &row.seed);

		row.arm_id = ids[a - arms];
		st = store_trial_add(s, &row, NULL);
	}
	free(ids);
	return st;
}

enum err_code study_lab_write(struct lab *lab, const struct study_plan *p,
			      int64_t *id, struct err *e)
{
	struct store *s = lab_store(lab);
	struct store_study row = {
		.name = p->name,
		.kind = p->study->name,
		.size = p->size,
		.question = p->study->question,
		.metric = p->study->metric,
		.thresholds = p->study->thresholds,
		.frozen = p->study->frozen,
		.plan = p->text.data,
	};
	enum store_status st = lab_begin(s, NULL, NULL);

	if (!st)
		st = store_study_plan(s, &row, id);
	if (!st)
		st = write_gates(s, *id, p);
	if (!st)
		st = write_arms(s, *id, p);
	return lab_settle(s, st, e);
}
