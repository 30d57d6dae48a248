/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/study_keep.h"
#include "core/study/plan.h"
#include "core/study/result.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

/* Doubles are exact so far: no count is more. */
#define MOST_COUNTED ((uint64_t)1 << 53)
enum { MOST_ROWS = 1000000, LEAST_ROW = 4, MOST_PLIES = 1 << 24 };

/* Texts of the file, until it is read. */
struct texts {
	char **all; /* owned */
	size_t count;
};

struct reading {
	struct reader in;
	struct store *s;
	const char *origin;
	struct texts texts;
	const char *name;       /* what the study is called here */
	const char *was, *here; /* begin of its runs' names, there and here */
	struct store_study study;
	struct store_arm *arms; /* owned */
	size_t arm_count;
	bool wrong; /* read, but it cannot be */
};

static const char *own(struct reading *r, char *text)
{
	struct texts *t = &r->texts;

	t->all = mem_realloc(t->all, (t->count + 1) * sizeof(*t->all));
	t->all[t->count++] = text;
	return text;
}

static const char *text(struct reading *r)
{
	return own(r, reader_text(&r->in));
}

static const char *text_or_none(struct reading *r)
{
	const char *t = text(r);

	return *t ? t : NULL;
}

static int64_t count(struct reading *r)
{
	uint64_t v = reader_u64(&r->in);

	r->wrong = r->wrong || v > MOST_COUNTED;
	return v > MOST_COUNTED ? 0 : (int64_t)v;
}

static size_t rows(struct reading *r)
{
	uint32_t n = reader_u32(&r->in);
	size_t left = r->in.len - r->in.pos;

	r->wrong = r->wrong || n > MOST_ROWS || n > left / LEAST_ROW;
	return r->wrong || r->in.failed ? 0 : n;
}

static enum err_code not_a_study(const struct reading *r, const char *what,
				 struct err *e)
{
	return err_set(e, ERR_FORMAT,
		       "%s holds no study that can be: %s; nothing of it is "
		       "in the lab",
		       r->origin, what);
}

static enum err_code read_head(struct reading *r, struct err *e)
{
	struct store_study *s = &r->study;
	char hash[DIGEST_SIZE];
	const char *sha256;

	s->name = text(r);
	s->kind = text(r);
	s->size = text(r);
	s->question = text(r);
	s->metric = text(r);
	s->thresholds = text(r);
	s->frozen = text_or_none(r);
	s->plan = text(r);
	sha256 = text(r);
	s->verdict = text_or_none(r);
	s->reason = text_or_none(r);
	s->planned_ms = count(r);
	s->decided_ms = count(r);
	if (r->in.failed || r->wrong || !*s->name || !s->planned_ms)
		return not_a_study(r, "its head is not whole", e);
	digest_hex(s->plan, strlen(s->plan), hash);
	if (strcmp(hash, sha256))
		return not_a_study(r, "its plan is not what the SHA-256 says",
				   e);
	s->plan_sha256 = sha256;
	return ERR_OK;
}

static enum store_status read_judged(struct reading *r)
{
	enum store_status st = STORE_OK;
	size_t n = rows(r);

	for (size_t i = 0; i < n && !st && !r->in.failed; i++) {
		struct store_gate g = {0};

		g.name = text(r);
		g.rule = text(r);
		g.passed = reader_u8(&r->in) - 1;
		g.value = reader_f64(&r->in);
		g.bound = reader_f64(&r->in);
		g.said = text_or_none(r);
		r->wrong = r->wrong || g.passed > 1;
		if (!r->wrong)
			st = store_gate_set(r->s, r->study.id, (int)i, &g);
	}
	n = rows(r);
	for (size_t i = 0; i < n && !st && !r->in.failed; i++) {
		struct store_estimate x = {0};

		x.name = text(r);
		x.what = text(r);
		x.value = reader_f64(&r->in);
		x.low = reader_f64(&r->in);
		x.high = reader_f64(&r->in);
		x.n = count(r);
		st = store_estimate_set(r->s, r->study.id, (int)i, &x);
	}
	return st;
}

static enum store_status read_arms(struct reading *r)
{
	enum store_status st = STORE_OK;

	r->arm_count = rows(r);
	r->arms = mem_zalloc(r->arm_count + 1, sizeof(*r->arms));
	for (size_t i = 0; i < r->arm_count && !st; i++) {
		struct store_arm *a = &r->arms[i];

		a->study_id = r->study.id;
		a->flops_per_move = (double)NAN;
		a->name = text(r);
		a->role = text(r);
		a->config = text(r);
		if (r->in.failed)
			break;
		st = store_arm_add(r->s, a, &a->id);
	}
	return st;
}

static bool countable(int64_t v)
{
	return v >= 0 && v <= (int64_t)MOST_COUNTED;
}

/* What would make rows that the lab could not read again. */
static bool can_be(const struct study_result *made, uint64_t seed)
{
	bool good = countable(made->state_bytes) && countable(made->games) &&
		    countable(made->scored) && countable(made->trained_on) &&
		    made->trained_on <= made->scored &&
		    countable(made->net.games) && countable(made->net.samples);

	/* A step of a run is its seed. */
	if (made->net.game || made->played_count)
		good = good && seed <= MOST_COUNTED;
	for (size_t i = 0; i < made->measure_count; i++)
		good = good && countable(made->measures[i].n) &&
		       isfinite(made->measures[i].value) &&
		       isfinite(made->measures[i].x);
	for (size_t i = 0; i < made->played_count; i++)
		good = good && made->played[i].plies >= 0 &&
		       made->played[i].plies <= MOST_PLIES &&
		       made->played[i].opening >= 0 &&
		       made->played[i].opening <= made->played[i].plies &&
		       made->played[i].result >= -1 &&
		       made->played[i].result <= 1;
	return good;
}

/* Bytes that are here are those of their hash; and others have one. */
static bool hashes_agree(const struct study_result *made)
{
	for (size_t i = 0; i < made->blob_count; i++) {
		const struct study_blob *b = &made->blobs[i];
		char hash[DIGEST_SIZE];

		if (!b->data && strlen(b->sha256) == DIGEST_SIZE - 1)
			continue;
		if (!b->data)
			return false;
		digest_hex(b->data, b->len, hash);
		if (strcmp(hash, b->sha256))
			return false;
	}
	return true;
}

/* Agents of the study are called by its name in this lab. */
static void rename_agent(const struct reading *r, char **spec)
{
	size_t was = strlen(r->was);
	char *at = *spec ? strstr(*spec, r->was) : NULL, *with;

	if (!at || !strcmp(r->was, r->here))
		return;
	with = mem_printf("%.*s%s%s", (int)(at - *spec), *spec, r->here,
			  at + was);
	free(*spec);
	*spec = with;
}

static enum err_code keep_trial(struct reading *r, struct store_arm *arm,
				struct store_trial *t,
				struct study_result *made, struct err *e)
{
	enum err_code rc;

	if (!can_be(made, t->seed))
		return not_a_study(r, "a figure of it cannot be", e);
	if (!hashes_agree(made))
		return not_a_study(r,
				   "what a trial kept is not what its "
				   "SHA-256 says",
				   e);
	for (size_t i = 0; i < made->played_count; i++) {
		rename_agent(r, &made->played[i].first);
		rename_agent(r, &made->played[i].second);
	}
	rc = study_lab_keep(r->s, r->name, arm, t, made, e);
	arm->status = "done";
	return rc ? rc : lab_error(r->s, store_arm_update(r->s, arm), e);
}

static enum err_code read_trial(struct reading *r, struct err *e)
{
	uint32_t at = reader_u32(&r->in);
	struct store_arm *arm = at < r->arm_count ? &r->arms[at] : NULL;
	struct store_trial t = {.arm_id = arm ? arm->id : 0};
	struct study_result made = {0};
	enum err_code rc;
	bool done;

	t.seed = reader_u64(&r->in);
	t.plan_sha256 = text(r);
	done = reader_u8(&r->in) != 0;
	if (done) {
		t.processor = text_or_none(r);
		t.started_ms = count(r);
		t.seconds = reader_f64(&r->in);
		r->wrong = r->wrong || !study_result_read(&r->in, &made);
	}
	if (!arm || r->in.failed || r->wrong)
		rc = not_a_study(r, "a trial of it is not whole", e);
	else if (strcmp(t.plan_sha256, r->study.plan_sha256))
		rc = not_a_study(r, "a trial ran under another plan", e);
	else
		rc = lab_error(r->s, store_trial_add(r->s, &t, &t.id), e);
	if (!rc && done)
		rc = keep_trial(r, arm, &t, &made, e);
	study_result_release(&made);
	return rc;
}

/* Arms with trials that are not done are not either. */
static enum err_code mark_arms(struct reading *r, struct err *e)
{
	struct store_bag bag = {0};
	struct store_trial *trials;
	size_t n;
	enum store_status st =
		store_trial_list(r->s, &bag, r->study.id, &trials, &n);

	for (size_t i = 0; i < r->arm_count && !st; i++) {
		struct store_arm *a = &r->arms[i];
		bool all = true;

		for (size_t k = 0; k < n; k++)
			all = all && (trials[k].arm_id != a->id ||
				      !strcmp(trials[k].status, "done"));
		a->status = all ? "done" : "planned";
		st = store_arm_update(r->s, a);
	}
	store_bag_release(&bag);
	return lab_error(r->s, st, e);
}

static enum err_code read_rows(struct reading *r, struct err *e)
{
	enum store_status st;
	enum err_code rc = ERR_OK;
	size_t n;

	st = store_study_plan(r->s, &r->study, &r->study.id);
	if (!st)
		st = read_judged(r);
	if (!st)
		st = read_arms(r);
	if (st)
		return lab_error(r->s, st, e);
	n = rows(r);
	if (!n || r->in.failed || r->wrong)
		return not_a_study(r, "its rows are not whole", e);
	for (size_t i = 0; i < n && !rc; i++)
		rc = read_trial(r, e);
	if (!rc && (r->in.failed || r->in.pos != r->in.len))
		rc = not_a_study(r, "there is more than its rows", e);
	if (!rc)
		rc = mark_arms(r, e);
	if (!rc && r->study.verdict)
		rc = lab_error(r->s,
			       store_study_decide(
				       r->s, r->study.id, r->study.verdict,
				       r->study.reason, r->study.decided_ms),
			       e);
	return rc;
}

static enum err_code read_all(struct reading *r, const char *as,
			      struct buf *name, struct err *e)
{
	struct buf was, here;
	enum err_code rc = read_head(r, e);

	if (rc)
		return rc;
	buf_init(&was);
	buf_init(&here);
	study_plan_run(r->study.name, "", &was);
	if (as)
		r->study.name = as;
	r->name = r->study.name;
	study_plan_run(r->name, "", &here);
	r->was = was.data;
	r->here = here.data;
	rc = study_name_check(r->name, e);
	if (!rc)
		rc = lab_error(r->s, lab_begin(r->s, NULL, NULL), e);
	if (!rc) {
		rc = read_rows(r, e);
		if (rc)
			store_rollback(r->s);
		else
			rc = lab_error(r->s, store_commit(r->s), e);
	}
	buf_puts(name, r->name);
	buf_release(&was);
	buf_release(&here);
	return rc;
}

enum err_code study_file_read(struct lab *lab, const void *data, size_t len,
			      const char *origin, const char *as,
			      struct buf *name, struct err *e)
{
	struct reading r = {.s = lab_store(lab), .origin = origin};
	struct buf body;
	enum err_code rc;

	buf_init(&body);
	rc = study_file_unpack(data, len, origin, &body, e);
	reader_init(&r.in, body.data, body.len);
	if (!rc)
		rc = read_all(&r, as, name, e);
	for (size_t i = 0; i < r.texts.count; i++)
		free(r.texts.all[i]);
	free(r.texts.all);
	free(r.arms);
	buf_release(&body);
	return rc;
}
