/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/result.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/net/net.h"
#include "core/study/plan.h"
#include "core/study/study.h"

/* Bytes of other arms, borrowed by the trial until it ends. */
struct loan {
	struct loan *next;
	char *data; /* owned */
};

struct study_run {
	const struct study_plan *plan; /* borrowed, as all pointers here */
	const struct study_sink *sink;
	const struct agent_source *agents;
	struct pool *pool;
	struct study_result *out;
	uint64_t seed;
	struct loan *loans; /* owned */
};

void study_result_release(struct study_result *r)
{
	for (size_t i = 0; i < r->measure_count; i++)
		free(r->measures[i].name);
	for (size_t i = 0; i < r->blob_count; i++) {
		free(r->blobs[i].name);
		free(r->blobs[i].data);
	}
	for (size_t i = 0; i < r->ledger_count; i++) {
		free(r->ledger[i].block);
		free(r->ledger[i].loss);
	}
	for (size_t i = 0; i < r->played_count; i++) {
		free(r->played[i].game);
		free(r->played[i].first);
		free(r->played[i].second);
		free(r->played[i].moves);
	}
	free(r->net.game);
	free(r->net.config);
	free(r->net.params);
	free(r->played);
	free(r->measures);
	free(r->blobs);
	free(r->ledger);
	memset(r, 0, sizeof(*r));
}

/* Room for one more.  What was restored has room for itself alone, so that
 * nothing is said of more: the allocator grows a block in place. */
static void *grow(void *list, size_t count, size_t size)
{
	return mem_realloc(list, (count + 1) * size);
}

const void *study_conf(const struct study_run *r)
{
	return r->plan->conf;
}

const struct study_plan *study_planned(const struct study_run *r)
{
	return r->plan;
}

struct pool *study_pool(const struct study_run *r)
{
	return r->pool;
}

const struct agent_source *study_agents(const struct study_run *r)
{
	return r->agents;
}

bool study_goes_on(struct study_run *r)
{
	return !r->sink->goes_on || r->sink->goes_on(r->sink->self);
}

void study_progress(struct study_run *r, double done, double total,
		    const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (r->sink->progress)
		r->sink->progress(r->sink->self, done, total, text);
}

void study_measure(struct study_run *r, const char *name, double x,
		   double value, double low, double high, int64_t n)
{
	struct study_result *out = r->out;

	assert(isfinite(x) && *name && n >= 0);
	if (!isfinite(value))
		return;
	out->measures =
		grow(out->measures, out->measure_count, sizeof(*out->measures));
	out->measures[out->measure_count++] = (struct study_measured){
		.name = mem_strdup(name),
		.x = x,
		.value = value,
		.low = low,
		.high = high,
		.n = n,
	};
}

void study_result_keep(struct study_result *out, const char *name,
		       const void *data, size_t len)
{
	struct study_blob *b;

	for (size_t i = 0; i < out->blob_count; i++)
		assert(strcmp(out->blobs[i].name, name) != 0);
	out->blobs = grow(out->blobs, out->blob_count, sizeof(*out->blobs));
	b = &out->blobs[out->blob_count++];
	*b = (struct study_blob){
		.name = mem_strdup(name),
		.data = mem_alloc(len + 1),
		.len = len,
	};
	memcpy(b->data, data, len);
}

void study_keep(struct study_run *r, const char *name, const void *data,
		size_t len)
{
	study_result_keep(r->out, name, data, len);
}

static void *lend(struct study_run *r, struct buf *from, size_t *len)
{
	struct loan *l = mem_alloc(sizeof(*l));

	l->data = buf_detach(from, len);
	l->next = r->loans;
	r->loans = l;
	return l->data;
}

enum err_code study_kept(struct study_run *r, const char *arm, const char *name,
			 const void **data, size_t *len, struct err *e)
{
	return study_kept_at(r, arm, r->seed, name, data, len, e);
}

enum err_code study_kept_at(struct study_run *r, const char *arm, uint64_t seed,
			    const char *name, const void **data, size_t *len,
			    struct err *e)
{
	const struct study *s = r->plan->study;
	const struct study_arm *a = study_arm_find(s, arm);
	struct buf bytes;
	enum err_code rc;

	assert(a);
	*data = NULL;
	*len = 0;
	buf_init(&bytes);
	rc = r->sink->kept(r->sink->self, arm, study_arm_once(s, a) ? 0 : seed,
			   name, &bytes, e);
	if (!rc)
		*data = lend(r, &bytes, len);
	buf_release(&bytes);
	return rc;
}

enum err_code study_life(struct study_run *r, const char *set, uint64_t seed,
			 enum life_part part, const void **data, size_t *len,
			 struct err *e)
{
	struct buf bytes;
	enum err_code rc;

	*data = NULL;
	*len = 0;
	if (!r->sink->life)
		return err_set(e, ERR_NOTFOUND, "no lives are kept here");
	buf_init(&bytes);
	rc = r->sink->life(r->sink->self, set, seed, part, &bytes, e);
	if (!rc)
		*data = lend(r, &bytes, len);
	buf_release(&bytes);
	return rc;
}

enum err_code study_life_put(struct study_run *r, const char *set,
			     uint64_t seed, enum life_part part,
			     const char *settings, const void *data, size_t len,
			     struct err *e)
{
	if (!r->sink->life_put)
		return err_set(e, ERR_USAGE, "no lives are kept here");
	return r->sink->life_put(r->sink->self, set, seed, part, settings, data,
				 len, e);
}

bool study_life_follows(struct study_run *r, const char *set, uint64_t seed,
			enum life_part part)
{
	return r->sink->life_follows &&
	       r->sink->life_follows(r->sink->self, set, seed, part);
}

enum err_code study_gate_held(struct study_run *r, const char *kind,
			      const char *gate, bool *held, struct buf *which,
			      struct err *e)
{
	*held = false;
	if (!r->sink->held)
		return err_set(e, ERR_NOTFOUND,
			       "no verdicts of studies are kept here");
	return r->sink->held(r->sink->self, kind, gate, held, which, e);
}

static struct study_blob *chain_of(struct study_run *r)
{
	for (size_t i = 0; i < r->out->blob_count; i++)
		if (!strcmp(r->out->blobs[i].name, STUDY_CHAIN))
			return &r->out->blobs[i];
	study_keep(r, STUDY_CHAIN, "", 0);
	return &r->out->blobs[r->out->blob_count - 1];
}

void study_chain(struct study_run *r, const char *fmt, ...)
{
	struct study_blob *b = chain_of(r);
	char line[320];
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	len = strlen(line);
	b->data = mem_realloc(b->data, b->len + len + 2);
	memcpy(b->data + b->len, line, len);
	b->len += len;
	b->data[b->len++] = '\n';
}

void study_ledger(struct study_run *r, const char *block, const char *loss,
		  double norm)
{
	struct study_result *out = r->out;

	out->ledger =
		grow(out->ledger, out->ledger_count, sizeof(*out->ledger));
	out->ledger[out->ledger_count++] = (struct study_entry){
		.block = mem_strdup(block),
		.loss = mem_strdup(loss),
		.norm = norm,
	};
}

void study_facts(struct study_run *r, int64_t state_bytes,
		 double flops_per_move, int64_t games)
{
	r->out->state_bytes = state_bytes;
	r->out->flops_per_move = flops_per_move;
	r->out->games = games;
}

void study_overlap(struct study_run *r, int64_t scored, int64_t trained_on)
{
	assert(trained_on >= 0 && trained_on <= scored);
	r->out->scored = scored;
	r->out->trained_on = trained_on;
}

void study_custody(struct study_run *r, const char *before, const char *after)
{
	assert(strlen(before) == DIGEST_SIZE - 1);
	assert(strlen(after) == DIGEST_SIZE - 1);
	memcpy(r->out->before, before, DIGEST_SIZE);
	memcpy(r->out->after, after, DIGEST_SIZE);
}

void study_network(struct study_run *r, const struct game *game,
		   const struct net_config *c, const float *params,
		   int64_t games, int64_t samples)
{
	struct study_net *n = &r->out->net;
	struct buf text;

	assert(!n->game);
	buf_init(&text);
	net_config_format(c, &text);
	n->game = mem_strdup(game->name);
	n->config = buf_detach(&text, NULL);
	n->count = net_param_count(c);
	n->params = mem_floats(n->count);
	memcpy(n->params, params, n->count * sizeof(*params));
	n->games = games;
	n->samples = samples;
	buf_release(&text);
}

void study_agent(const struct study_run *r, const char *arm, struct buf *out)
{
	const struct study *s = r->plan->study;
	const struct study_arm *a = study_arm_find(s, arm);
	uint64_t seed = study_arm_once(s, a) ? 0 : r->seed;

	buf_puts(out, "policy:");
	study_plan_run(r->plan->name, arm, out);
	buf_printf(out, "/%llu", (unsigned long long)seed);
}

void study_play(struct study_run *r, const struct study_game *g)
{
	struct study_result *out = r->out;

	out->played =
		grow(out->played, out->played_count, sizeof(*out->played));
	out->played[out->played_count++] = (struct study_played){
		.game = mem_strdup(g->game->name),
		.first = mem_strdup(g->first),
		.second = g->second ? mem_strdup(g->second) : NULL,
		.moves = mem_strdup(g->moves),
		.plies = g->plies,
		.opening = g->opening,
		.result = g->result,
	};
}

enum err_code study_save(struct study_run *r, const struct buf *state,
			 struct err *e)
{
	struct buf all;
	enum err_code rc;

	if (!r->sink->save)
		return ERR_OK;
	buf_init(&all);
	study_result_write(r->out, &all);
	buf_add(&all, state->data, state->len);
	rc = r->sink->save(r->sink->self, &all, e);
	buf_release(&all);
	return rc;
}

/* What was handed over before comes back too, instead of what this trial has
 * handed over so far: it did that the first time as well. */
bool study_saved(struct study_run *r, struct reader *out)
{
	struct study_result before;
	struct buf bytes;
	bool found = false;
	size_t len;

	buf_init(&bytes);
	if (r->sink->saved && !r->sink->saved(r->sink->self, &bytes, NULL) &&
	    bytes.len) {
		const void *data = lend(r, &bytes, &len);

		reader_init(out, data, len);
		found = study_result_read(out, &before);
		study_result_release(found ? r->out : &before);
		if (found)
			*r->out = before;
	}
	buf_release(&bytes);
	return found;
}

enum err_code study_try(const struct study_plan *p, int i, struct pool *pool,
			const struct agent_source *agents,
			const struct study_sink *sink, struct study_result *out,
			struct err *e)
{
	struct study_run r = {
		.plan = p,
		.sink = sink,
		.agents = agents,
		.pool = pool,
		.out = out,
	};
	const struct study_arm *arm = study_plan_trial(p, i, &r.seed);
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	out->flops_per_move = (double)NAN;
	rc = p->study->trial(&r, arm, r.seed, e);
	while (r.loans) {
		struct loan *l = r.loans;

		r.loans = l->next;
		free(l->data);
		free(l);
	}
	return rc;
}
