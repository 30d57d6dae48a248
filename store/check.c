/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store.h"

#include "store/game.h"
#include "store/job.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store_int.h"
#include "store/study.h"
#include "store/trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
	struct store *s;
	void (*report)(void *ctx, const char *problem);
	void *ctx;
	int64_t problems;
};

static void problem(struct check *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void problem(struct check *c, const char *fmt, ...)
{
	char text[STORE_MESSAGE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	c->problems++;
	if (c->report)
		c->report(c->ctx, text);
}

/* Damage is what is looked for: it is reported, and the look goes on. */
static enum store_status settle(struct check *c, enum store_status st)
{
	if (st != STORE_DAMAGED && st != STORE_FORMAT)
		return st;
	problem(c, "%s", c->s->message);
	return STORE_OK;
}

static enum store_status check_pages(struct check *c)
{
	struct store_bag bag = {0};
	enum store_status st;
	struct sql q;

	sql_read(&q, c->s, "check the file", "pragma integrity_check");
	while (sql_next(&q)) {
		const char *text = sql_col_text(&q, &bag);

		if (strcmp(text, "ok") != 0)
			problem(c, "%s: %s", c->s->path, text);
	}
	st = settle(c, sql_end(&q));
	store_bag_release(&bag);
	return st;
}

static enum store_status check_references(struct check *c)
{
	struct store_bag bag = {0};
	enum store_status st;
	struct sql q;

	sql_read(&q, c->s, "check the references", "pragma foreign_key_check");
	while (sql_next(&q)) {
		const char *table = sql_col_text(&q, &bag);
		int64_t row = sql_col_int(&q);
		const char *parent = sql_col_text(&q, &bag);

		problem(c,
			"%s: row %lld of %s names a row of %s that is not "
			"there",
			c->s->path, (long long)row, table, parent);
	}
	st = settle(c, sql_end(&q));
	store_bag_release(&bag);
	return st;
}

static void row_damaged(void *ctx, const char *message)
{
	problem(ctx, "%s", message);
}

static enum store_status read_runs(struct check *c, struct store_bag *bag)
{
	struct store_checkpoint *checkpoints;
	struct store_metric *metrics;
	struct store_run *runs;
	const char **names;
	enum store_status st;
	size_t count, n, m;

	st = store_run_list(c->s, bag, &runs, &count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		st = store_checkpoint_list(c->s, bag, runs[i].id, &checkpoints,
					   &n);
		if (st == STORE_OK)
			st = store_metric_names(c->s, bag, runs[i].id, &names,
						&n);
		for (size_t k = 0; st == STORE_OK && k < n; k++)
			st = store_metric_list(c->s, bag, runs[i].id, names[k],
					       0, &metrics, &m);
	}
	return st;
}

static enum store_status read_trials(struct check *c, struct store_bag *bag,
				     int64_t study_id)
{
	struct store_estimate *estimates;
	struct store_ledger *ledger;
	struct store_trial *trials;
	struct store_gate *gates;
	struct store_kept *kept;
	enum store_status st;
	size_t count, n;

	st = store_gate_list(c->s, bag, study_id, &gates, &n);
	if (st == STORE_OK)
		st = store_estimate_list(c->s, bag, study_id, &estimates, &n);
	if (st == STORE_OK)
		st = store_trial_list(c->s, bag, study_id, &trials, &count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		st = store_kept_list(c->s, bag, trials[i].id, &kept, &n);
		if (st == STORE_OK)
			st = store_ledger_list(c->s, bag, trials[i].id, &ledger,
					       &n);
	}
	return st;
}

static enum store_status read_studies(struct check *c, struct store_bag *bag)
{
	struct store_measure *measures;
	struct store_study *studies;
	struct store_arm *arms;
	enum store_status st;
	size_t count, n, m;

	st = store_study_list(c->s, bag, &studies, &count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		st = store_arm_list(c->s, bag, studies[i].id, &arms, &n);
		for (size_t k = 0; st == STORE_OK && k < n; k++)
			st = store_measure_list(c->s, bag, arms[k].id,
						&measures, &m);
		if (st == STORE_OK)
			st = read_trials(c, bag, studies[i].id);
	}
	return st;
}

/* Every row, as the program would read it: what it will not take is named. */
static enum store_status check_rows(struct check *c)
{
	struct store_bag bag = {0};
	struct store_rating *ratings;
	struct store_match *matches;
	struct store_note *notes;
	struct store_job *jobs;
	const char **agents;
	enum store_status st;
	size_t n;

	c->s->on_damaged = row_damaged;
	c->s->damaged_ctx = c;
	st = read_runs(c, &bag);
	if (st == STORE_OK)
		st = games_read_all(c->s);
	if (st == STORE_OK)
		st = store_agent_list(c->s, &bag, &agents, &n);
	if (st == STORE_OK)
		st = store_match_list(c->s, &bag, 0, &matches, &n);
	if (st == STORE_OK)
		st = store_rating_list(c->s, &bag, NULL, &ratings, &n);
	if (st == STORE_OK)
		st = store_job_list(c->s, &bag, 0, false, &jobs, &n);
	if (st == STORE_OK)
		st = read_studies(c, &bag);
	if (st == STORE_OK)
		st = store_note_list(c->s, &bag, NULL, 0, &notes, &n);
	c->s->on_damaged = NULL;
	store_bag_release(&bag);
	return settle(c, st);
}

static enum store_status check_weights(struct check *c)
{
	struct rows all = ROWS_OF(struct store_checkpoint);
	struct store_bag bag = {0};
	struct store_checkpoint *rows;
	enum store_status st;
	struct sql q;
	size_t count;

	sql_read(&q, c->s, "check the weights",
		 "select sha256, floats from weights");
	while (sql_next(&q)) {
		struct store_checkpoint *w = rows_push(&all);

		w->sha256 = sql_col_text(&q, &bag);
		w->floats = sql_col_int(&q);
	}
	st = settle(c, rows_give(&all, sql_end(&q), &bag, &rows, &count));
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		/* No network has more: the number itself is damaged. */
		bool sane =
			rows[i].floats >= 0 && rows[i].floats <= MOST_FLOATS;
		size_t floats = sane ? (size_t)rows[i].floats : 0;
		float *out = mem_get(floats * sizeof(*out));

		st = settle(c, store_weights_load(c->s, rows[i].sha256, out,
						  floats));
		free(out);
	}
	store_bag_release(&bag);
	return st;
}

/* What trials kept is known by its hash. */
static enum store_status check_kept(struct check *c)
{
	struct sql q;

	sql_read(&q, c->s, "check what trials kept",
		 "select id, bytes, data, sha256 from kept"
		 " where data is not null");
	while (sql_next(&q)) {
		struct store_bag bag = {0};
		int64_t id = sql_col_int(&q), bytes = sql_col_int(&q);
		size_t len;
		const void *data = sql_col_blob(&q, &len);
		const char *want = sql_col_need(&q, &bag);
		void *out = unpack_zstd(data, len, (size_t)bytes);
		char hex[65] = "";

		if (out)
			bytes_sha256(out, (size_t)bytes, hex);
		if (!want || strcmp(hex, want))
			problem(c,
				"%s: what a trial kept, number %lld, is not "
				"what its SHA-256 says",
				c->s->path, (long long)id);
		free(out);
		store_bag_release(&bag);
	}
	return settle(c, sql_end(&q));
}

/* Stored records that carry zstd's own checksum. */
static enum store_status check_packed(struct check *c, const char *sql,
				      const char *name)
{
	struct sql q;

	sql_read(&q, c->s, "check the stored records", sql);
	while (sql_next(&q)) {
		int64_t id = sql_col_int(&q), bytes = sql_col_int(&q);
		size_t len;
		const void *data = sql_col_blob(&q, &len);
		void *out = unpack_zstd(data, len, (size_t)bytes);

		if (!out)
			problem(c, "%s: %s %lld cannot be unpacked", c->s->path,
				name, (long long)id);
		free(out);
	}
	return settle(c, sql_end(&q));
}

static enum store_status check_subjects(struct check *c)
{
	static const char *const names[] = {"run",   "checkpoint", "game",
					    "match", "search",     "study"};
	enum store_status st = STORE_OK;

	for (size_t i = 0; st == STORE_OK && i < ARRAY_LEN(names); i++) {
		char text[256];
		struct sql q;

		snprintf(text, sizeof(text),
			 "select subject_id from note where subject = '%s'"
			 " and subject_id not in (select id from %s) union all"
			 " select subject_id from tag where subject = '%s'"
			 " and subject_id not in (select id from %s)",
			 names[i], names[i], names[i], names[i]);
		sql_read(&q, c->s, "check the notes and tags", text);
		while (sql_next(&q))
			problem(c,
				"%s: a note or tag is on %s %lld, which is "
				"not there",
				c->s->path, names[i],
				(long long)sql_col_int(&q));
		st = settle(c, sql_end(&q));
	}
	return st;
}

/* What is counted as games come and go is what there is. */
static enum store_status check_tally(struct check *c)
{
	int64_t counted, there;
	struct sql q;

	sql_read(&q, c->s, "check the counts of games",
		 "select (select sum(games) from tally t where t.run_id ="
		 " n.run_id), n.games from (select coalesce(run_id, 0) run_id,"
		 " count(*) games from game group by 1) n union all"
		 " select sum(games), 0 from tally where run_id not in"
		 " (select coalesce(run_id, 0) from game) having sum(games)"
		 " <> 0");
	while (sql_next(&q)) {
		counted = sql_col_int(&q);
		there = sql_col_int(&q);
		if (counted != there)
			problem(c,
				"%s: %lld games are counted where %lld are "
				"stored",
				c->s->path, (long long)counted,
				(long long)there);
	}
	return settle(c, sql_end(&q));
}

enum store_status store_check(struct store *s,
			      void (*report)(void *ctx, const char *problem),
			      void *ctx, int64_t *problems)
{
	struct check c = {.s = s, .report = report, .ctx = ctx};
	enum store_status st = check_pages(&c);

	if (st == STORE_OK)
		st = check_references(&c);
	if (st == STORE_OK)
		st = check_rows(&c);
	if (st == STORE_OK)
		st = check_weights(&c);
	if (st == STORE_OK)
		st = check_packed(&c, "select run_id, bytes, data from resume",
				  "what is needed to resume run");
	if (st == STORE_OK)
		st = check_packed(&c,
				  "select id, trace_bytes, trace from search"
				  " where trace is not null",
				  "the tree of search");
	if (st == STORE_OK)
		st = check_packed(&c,
				  "select id, resume_bytes, resume from trial"
				  " where resume is not null",
				  "what is needed to go on with trial");
	if (st == STORE_OK)
		st = check_kept(&c);
	if (st == STORE_OK)
		st = settle(&c, lives_check(s, row_damaged, &c));
	if (st == STORE_OK)
		st = check_subjects(&c);
	if (st == STORE_OK)
		st = check_tally(&c);
	*problems = c.problems;
	return st;
}
