/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/mem.h"
#include "core/study/result.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"
#include "store/trial.h"

struct writing {
	struct store *s;
	const struct study_rows *r;
	size_t most_blob;
	struct buf *out;
};

static char *copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static void take_figures(const struct writing *w, const char *arm,
			 uint64_t seed, struct study_result *out)
{
	out->measures = mem_zalloc(w->r->figure_count, sizeof(*out->measures));
	for (size_t i = 0; i < w->r->figure_count; i++) {
		const struct study_figure *f = &w->r->figures[i];

		if (f->seed != seed || strcmp(f->arm, arm))
			continue;
		out->measures[out->measure_count++] = (struct study_measured){
			.name = mem_strdup(f->name),
			.x = f->x,
			.value = f->value,
			.low = f->low,
			.high = f->high,
			.n = f->n,
		};
	}
}

static enum store_status take_kept(const struct writing *w,
				   struct store_bag *bag,
				   const struct store_trial *t,
				   struct study_result *out)
{
	struct store_kept *rows;
	size_t n;
	enum store_status st = store_kept_list(w->s, bag, t->id, &rows, &n);

	if (st)
		return st;
	out->blobs = mem_zalloc(n, sizeof(*out->blobs));
	for (size_t i = 0; i < n && !st; i++) {
		struct study_blob *b = &out->blobs[out->blob_count++];
		const void *data;
		size_t len;

		b->name = mem_strdup(rows[i].name);
		b->len = (size_t)rows[i].bytes;
		if (strlen(rows[i].sha256) == DIGEST_SIZE - 1)
			memcpy(b->sha256, rows[i].sha256, DIGEST_SIZE);
		if (!rows[i].here || b->len > w->most_blob)
			continue;
		st = store_kept_load(w->s, bag, t->arm_id, t->seed, b->name,
				     &data, &len);
		if (st)
			break;
		b->data = mem_alloc(len + 1);
		memcpy(b->data, data, len);
	}
	return st;
}

static enum store_status take_ledger(const struct writing *w,
				     struct store_bag *bag,
				     const struct store_trial *t,
				     struct study_result *out)
{
	struct store_ledger *rows;
	size_t n;
	enum store_status st = store_ledger_list(w->s, bag, t->id, &rows, &n);

	if (st)
		return st;
	out->ledger = mem_zalloc(n, sizeof(*out->ledger));
	for (size_t i = 0; i < n; i++)
		out->ledger[out->ledger_count++] = (struct study_entry){
			.block = mem_strdup(rows[i].block),
			.loss = mem_strdup(rows[i].loss),
			.norm = rows[i].norm,
		};
	return STORE_OK;
}

static enum store_status take_net(const struct writing *w,
				  struct store_bag *bag, int64_t run_id,
				  uint64_t seed, struct study_result *out)
{
	struct store_checkpoint c;
	struct store_run run;
	enum store_status st =
		store_checkpoint_at(w->s, bag, run_id, (int64_t)seed, &c);

	if (st == STORE_NOTFOUND)
		return STORE_OK;
	if (!st)
		st = store_run_get(w->s, bag, run_id, &run);
	if (st || (size_t)c.floats * sizeof(float) > w->most_blob)
		return st;
	out->net = (struct study_net){
		.game = mem_strdup(run.game),
		.config = mem_strdup(c.network),
		.params = mem_floats((size_t)c.floats),
		.count = (size_t)c.floats,
		.games = c.games,
		.samples = c.samples,
	};
	return store_weights_load(w->s, c.sha256, out->net.params,
				  out->net.count);
}

static enum store_status take_games(const struct writing *w,
				    struct store_bag *bag, int64_t run_id,
				    uint64_t seed, struct study_result *out)
{
	struct store_game_filter f = {
		.run_id = run_id,
		.purpose = "study",
		.by_step = true,
		.step_min = (int64_t)seed,
		.step_max = (int64_t)seed,
		.oldest_first = true,
	};
	struct store_game *rows;
	size_t n;
	enum store_status st = store_game_list(w->s, bag, &f, &rows, &n);

	if (st)
		return st;
	out->played = mem_zalloc(n, sizeof(*out->played));
	for (size_t i = 0; i < n; i++)
		out->played[out->played_count++] = (struct study_played){
			.game = mem_strdup(rows[i].game),
			.first = mem_strdup(rows[i].first),
			.second = copy(rows[i].second),
			.moves = mem_strdup(rows[i].moves),
			.plies = rows[i].plies,
			.opening = rows[i].opening,
			.result = rows[i].result,
		};
	return STORE_OK;
}

static void take_hash(const char *from, char out[DIGEST_SIZE])
{
	if (from && strlen(from) == DIGEST_SIZE - 1)
		memcpy(out, from, DIGEST_SIZE);
}

/* What the trial made, from its rows. */
static enum store_status gather(const struct writing *w, struct store_bag *bag,
				const struct store_trial *t,
				struct study_result *out)
{
	const struct store_arm *arm = study_rows_arm(w->r, t->arm_id);
	enum store_status st;

	take_figures(w, arm->name, t->seed, out);
	out->games = t->games;
	out->state_bytes = t->state_bytes;
	out->flops_per_move = t->flops_per_move;
	out->scored = t->scored;
	out->trained_on = t->trained_on;
	take_hash(t->weights_before, out->before);
	take_hash(t->weights_after, out->after);
	st = take_kept(w, bag, t, out);
	if (!st)
		st = take_ledger(w, bag, t, out);
	if (!st && arm->run_id)
		st = take_net(w, bag, arm->run_id, t->seed, out);
	if (!st && arm->run_id)
		st = take_games(w, bag, arm->run_id, t->seed, out);
	return st;
}

static enum store_status write_trial(const struct writing *w,
				     const struct store_trial *t)
{
	bool done = !strcmp(t->status, "done");
	struct study_result made = {0};
	struct store_bag bag = {0};
	enum store_status st = STORE_OK;

	buf_u64(w->out, t->seed);
	buf_text(w->out, t->plan_sha256);
	buf_u8(w->out, done);
	if (done) {
		buf_text(w->out, t->processor);
		buf_u64(w->out, (uint64_t)t->started_ms);
		buf_f64(w->out, t->seconds);
		st = gather(w, &bag, t, &made);
	}
	if (done && !st)
		study_result_write(&made, w->out);
	study_result_release(&made);
	store_bag_release(&bag);
	return st;
}

static void write_head(const struct writing *w)
{
	const struct store_study *s = &w->r->study;
	const char *const texts[] = {
		s->name,        s->kind,       s->size,   s->question,
		s->metric,      s->thresholds, s->frozen, s->plan,
		s->plan_sha256, s->verdict,    s->reason,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		buf_text(w->out, texts[i]);
	buf_u64(w->out, (uint64_t)s->planned_ms);
	buf_u64(w->out, (uint64_t)s->decided_ms);
}

static void write_judged(const struct writing *w)
{
	const struct study_rows *r = w->r;

	buf_u32(w->out, (uint32_t)r->gate_count);
	for (size_t i = 0; i < r->gate_count; i++) {
		buf_text(w->out, r->gates[i].name);
		buf_text(w->out, r->gates[i].rule);
		buf_u8(w->out, (uint8_t)(r->gates[i].passed + 1));
		buf_f64(w->out, r->gates[i].value);
		buf_f64(w->out, r->gates[i].bound);
		buf_text(w->out, r->gates[i].said);
	}
	buf_u32(w->out, (uint32_t)r->estimate_count);
	for (size_t i = 0; i < r->estimate_count; i++) {
		buf_text(w->out, r->estimates[i].name);
		buf_text(w->out, r->estimates[i].what);
		buf_f64(w->out, r->estimates[i].value);
		buf_f64(w->out, r->estimates[i].low);
		buf_f64(w->out, r->estimates[i].high);
		buf_u64(w->out, (uint64_t)r->estimates[i].n);
	}
}

enum err_code study_file_write(struct lab *lab, const struct study_rows *r,
			       size_t most_blob, struct buf *out, struct err *e)
{
	struct buf body;
	struct writing w = {lab_store(lab), r, most_blob, &body};
	enum store_status st = STORE_OK;

	buf_init(&body);
	write_head(&w);
	write_judged(&w);
	buf_u32(&body, (uint32_t)r->arm_count);
	for (size_t i = 0; i < r->arm_count; i++) {
		buf_text(&body, r->arms[i].name);
		buf_text(&body, r->arms[i].role);
		buf_text(&body, r->arms[i].config);
	}
	buf_u32(&body, (uint32_t)r->trial_count);
	for (size_t i = 0; i < r->trial_count && !st; i++) {
		size_t arm = 0;

		while (r->arms[arm].id != r->trials[i].arm_id)
			arm++;
		buf_u32(&body, (uint32_t)arm);
		st = write_trial(&w, &r->trials[i]);
	}
	if (!st)
		study_file_pack(&body, out);
	buf_release(&body);
	return lab_error(w.s, st, e);
}
