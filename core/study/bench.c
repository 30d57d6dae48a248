/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/bench.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/learn/life.h"
#include "core/study/plan.h"
#include "core/study/study.h"

static enum err_code bench_kept(void *self, const char *arm, uint64_t seed,
				const char *name, struct buf *out,
				struct err *e)
{
	const struct study_bench *b = self;

	for (int i = 0; i < b->done; i++) {
		const struct study_result *r = &b->results[i];
		uint64_t at;

		if (strcmp(study_plan_trial(&b->plan, i, &at)->name, arm) ||
		    at != seed)
			continue;
		for (size_t k = 0; k < r->blob_count; k++)
			if (!strcmp(r->blobs[k].name, name)) {
				buf_add(out, r->blobs[k].data, r->blobs[k].len);
				return ERR_OK;
			}
	}
	return err_set(e, ERR_NOTFOUND, "arm %s kept no '%s' at seed %llu", arm,
		       name, (unsigned long long)seed);
}

/* A part of a life that a trial has put. */
struct study_bench_life {
	struct study_bench_life *next;
	char *set; /* owned, as are the bytes */
	uint64_t seed;
	enum life_part part;
	struct buf bytes;
};

static struct study_bench_life *find_life(const struct study_bench *b,
					  const char *set, uint64_t seed,
					  enum life_part part)
{
	for (struct study_bench_life *l = b->lives; l; l = l->next)
		if (l->seed == seed && l->part == part && !strcmp(l->set, set))
			return l;
	return NULL;
}

static enum err_code bench_life(void *self, const char *set, uint64_t seed,
				enum life_part part, struct buf *out,
				struct err *e)
{
	const struct study_bench_life *l = find_life(self, set, seed, part);

	if (!l)
		return err_set(e, ERR_NOTFOUND,
			       "there is no life %s/%llu %s its cut", set,
			       (unsigned long long)seed,
			       part == LIFE_BEFORE ? "before" : "past");
	buf_add(out, l->bytes.data, l->bytes.len);
	return ERR_OK;
}

static enum err_code bench_life_put(void *self, const char *set, uint64_t seed,
				    enum life_part part, const char *settings,
				    const void *data, size_t len, struct err *e)
{
	struct study_bench *b = self;
	struct study_bench_life *l = find_life(b, set, seed, part);

	(void)settings;
	if (l)
		return l->bytes.len == len && !memcmp(l->bytes.data, data, len)
			       ? ERR_OK
			       : err_set(e, ERR_FORMAT,
					 "life %s/%llu is there, and not the "
					 "same",
					 set, (unsigned long long)seed);
	l = mem_zalloc(1, sizeof(*l));
	l->next = b->lives;
	l->set = mem_strdup(set);
	l->seed = seed;
	l->part = part;
	buf_init(&l->bytes);
	buf_add(&l->bytes, data, len);
	b->lives = l;
	return ERR_OK;
}

/* Nothing is older than the bench. */
static bool bench_life_follows(void *self, const char *set, uint64_t seed,
			       enum life_part part)
{
	return find_life(self, set, seed, part) != NULL;
}

static void collect(struct study_bench *b)
{
	size_t n = 0;

	for (int i = 0; i < b->done; i++)
		n += b->results[i].measure_count;
	b->figures = mem_zalloc(n, sizeof(*b->figures));
	for (int i = 0; i < b->done; i++) {
		const struct study_result *r = &b->results[i];
		uint64_t seed;
		const struct study_arm *arm =
			study_plan_trial(&b->plan, i, &seed);

		for (size_t k = 0; k < r->measure_count; k++) {
			const struct study_measured *m = &r->measures[k];

			b->figures[b->figure_count++] = (struct study_figure){
				.arm = arm->name,
				.name = m->name,
				.seed = seed,
				.x = m->x,
				.value = m->value,
				.low = m->low,
				.high = m->high,
				.n = m->n,
			};
		}
	}
	study_figures_sort(b->figures, b->figure_count);
}

enum err_code study_bench_run(struct study_bench *b,
			      const struct study_request *want, int threads,
			      struct err *e)
{
	struct study_sink sink = {
		.kept = bench_kept,
		.life = bench_life,
		.life_put = bench_life_put,
		.life_follows = bench_life_follows,
		.self = b,
	};
	struct pool *pool;
	enum err_code rc;

	memset(b, 0, sizeof(*b));
	rc = study_plan_make(&b->plan, want, e);
	if (rc)
		return rc;
	b->results = mem_zalloc((size_t)study_plan_trials(&b->plan),
				sizeof(*b->results));
	pool = pool_new(threads);
	while (!rc && b->done < study_plan_trials(&b->plan)) {
		rc = study_try(&b->plan, b->done, pool, want->agents, &sink,
			       &b->results[b->done], e);
		b->done++;
	}
	pool_free(pool);
	collect(b);
	return rc;
}

void study_bench_judge(const struct study_bench *b, struct study_judgement *out)
{
	struct study_conduct c = {.trials = b->done, .processors = 1};

	for (int i = 0; i < b->done; i++) {
		c.changed +=
			strcmp(b->results[i].before, b->results[i].after) != 0;
		c.scored += b->results[i].scored;
		c.trained_on += b->results[i].trained_on;
	}
	study_judge(&b->plan, b->figures, b->figure_count, &c, out);
}

void study_bench_release(struct study_bench *b)
{
	for (int i = 0; i < b->done; i++)
		study_result_release(&b->results[i]);
	while (b->lives) {
		struct study_bench_life *l = b->lives;

		b->lives = l->next;
		free(l->set);
		buf_release(&l->bytes);
		free(l);
	}
	free(b->results);
	free(b->figures);
	study_plan_release(&b->plan);
	memset(b, 0, sizeof(*b));
	buf_init(&b->plan.text);
}
