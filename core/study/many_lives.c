/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/many_lives.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/learn/life.h"
#include "core/study/study.h"

/* Lives that are made at a time: what they come to is small, they are not. */
enum { AT_ONCE = 16 };

struct making {
	const struct many_lives *m;
	struct life_task before[AT_ONCE], after[AT_ONCE];
	struct game games[AT_ONCE];
	struct recipe recipes[AT_ONCE];
	int first, count;
	int64_t games_each, games_done; /* of those at work */
};

static bool goes_on(void *ctx, int64_t games)
{
	const struct making *k = ctx;
	const struct many_lives *m = k->m;

	study_progress(m->run,
		       (double)k->first * (double)k->games_each +
			       (double)(k->games_done + games),
		       (double)m->count * (double)k->games_each, "%s: %d of %d",
		       m->what, k->first, m->count);
	return study_goes_on(m->run);
}

static void choose(struct making *k)
{
	const struct many_lives *m = k->m;

	for (int i = 0; i < k->count; i++) {
		struct life_task *t = &k->before[i];

		*t = (struct life_task){.part = LIFE_BEFORE};
		m->choose(m->ctx, k->first + i, &k->games[i], &k->recipes[i],
			  &t->config);
		t->config.game = &k->games[i];
		t->config.recipe = &k->recipes[i];
		buf_init(&t->out);
		k->after[i] = (struct life_task){
			.config = t->config,
			.part = LIFE_AFTER,
			.seed = life_usual_seed(t->config.seed),
		};
		buf_init(&k->after[i].out);
		k->games_each =
			m->whole ? t->config.grid.games : t->config.grid.cut;
	}
}

static enum err_code see(struct making *k, int i, double *out, struct err *e)
{
	const struct many_lives *m = k->m;
	const struct buf *b = &k->before[i].out, *a = &k->after[i].out;
	struct life *l;
	enum err_code rc = life_read(&k->games[i], b->data, b->len,
				     m->whole ? a->data : NULL,
				     m->whole ? a->len : 0, &l, e);

	if (rc)
		return rc;
	rc = m->see(m->ctx, k->first + i, l, out, e);
	life_free(l);
	return rc;
}

static enum err_code make_some(struct making *k, double *seen, struct err *e)
{
	const struct many_lives *m = k->m;
	struct pool *pool = study_pool(m->run);
	enum err_code rc;

	choose(k);
	k->games_done = 0;
	rc = lives_run(k->before, k->count, pool, NULL, goes_on, k, e);
	for (int i = 0; i < k->count && !rc && m->whole; i++) {
		k->after[i].before = k->before[i].out.data;
		k->after[i].before_len = k->before[i].out.len;
		k->games_done += k->before[i].config.grid.cut;
	}
	if (!rc && m->whole)
		rc = lives_run(k->after, k->count, pool, NULL, goes_on, k, e);
	for (int i = 0; i < k->count && !rc; i++)
		rc = see(k, i, seen + (size_t)(k->first + i) * (size_t)m->size,
			 e);
	for (int i = 0; i < k->count; i++) {
		buf_release(&k->before[i].out);
		buf_release(&k->after[i].out);
	}
	return rc;
}

/* As far as it came: how many, and what was seen of them. */
static enum err_code save(const struct many_lives *m, int done,
			  const double *seen, struct err *e)
{
	struct buf b;
	enum err_code rc;

	buf_init(&b);
	buf_u32(&b, (uint32_t)done);
	for (size_t i = 0; i < (size_t)done * (size_t)m->size; i++)
		buf_f64(&b, seen[i]);
	rc = study_save(m->run, &b, e);
	buf_release(&b);
	return rc;
}

static int found(const struct many_lives *m, double *seen)
{
	struct reader r;
	int done;

	if (!study_saved(m->run, &r))
		return 0;
	done = (int)reader_u32(&r);
	if (r.failed || done < 0 || done > m->count)
		return 0;
	for (size_t i = 0; i < (size_t)done * (size_t)m->size; i++)
		seen[i] = reader_f64(&r);
	return r.failed ? 0 : done;
}

enum err_code many_lives_see(const struct many_lives *m, double *seen,
			     struct err *e)
{
	struct making *k = mem_zalloc(1, sizeof(*k));
	enum err_code rc = ERR_OK;

	k->m = m;
	for (k->first = found(m, seen); k->first < m->count && !rc;
	     k->first += AT_ONCE) {
		int left = m->count - k->first;

		k->count = left < AT_ONCE ? left : AT_ONCE;
		rc = make_some(k, seen, e);
		if (!rc)
			rc = save(m, k->first + k->count, seen, e);
	}
	free(k);
	return rc;
}
