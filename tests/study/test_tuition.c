/* SPDX-License-Identifier: MIT */
/* Networks taught in a trial. */
#include "config.h"

#include "core/study/tuition.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/learn/dataset.h"
#include "core/learn/ledger.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/study/bench.h"
#include "core/study/ledger_tell.h"
#include "core/study/plan.h"
#include "core/study/result.h"
#include "core/study/study.h"

/* A row says one of four things, and what follows is twice its number. */
enum { SAYS = 4, STEPS = 300 };

static int64_t held(const void *self)
{
	(void)self;
	return SAYS;
}

static int rows(const void *self, int64_t item)
{
	(void)self;
	(void)item;
	return 1;
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	struct net_row row =
		net_rows_at(&out->rows, dataset_room_add(out, 1, -1));

	(void)self;
	*row.ids = (float)item;
	*row.target[NET_NUMBERS] = 2 * (float)item;
	*row.weight[NET_NUMBERS] = 1;
	*row.weight[NET_POLICY] = *row.weight[NET_VALUE] = 0;
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	(void)window;
	for (uint64_t i = chance->first; dataset_room_left(out); i++)
		get(self, (int64_t)((chance->step + i) % SAYS), out);
}

static void make_net(struct net_config *c)
{
	*c = (struct net_config){.moves = 1, .id_count = 1, .id_size = {SAYS}};
	assert_int_equal(net_config_parse(c,
					  "transformer:width=16,layers=1,"
					  "heads=1,context=1,numbers=yes",
					  NULL),
			 ERR_OK);
}

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	const struct dataset data = {
		.held = held, .rows = rows, .draw = draw, .get = get};
	struct net_config c;
	struct tuition t = {
		.net = &c,
		.data = &data,
		.batch = 16,
		.shard = 8,
		.steps = STEPS,
		.warmup = 10,
		.rate = 3e-3f,
		.seed = seed,
		.loss = "loss.numbers",
		.measure = "loss",
		.resumes = true,
	};
	float *params;
	enum err_code rc;

	(void)a;
	make_net(&c);
	t.ledger = tuition_ledger(&t);
	params = mem_floats(net_param_count(&c));
	rc = tuition_run(&t, r, params, e);
	if (!rc)
		ledger_tell(t.ledger, "none", r);
	ledger_free(t.ledger);
	if (!rc)
		study_keep(r, "params", params,
			   net_param_count(&c) * sizeof(*params));
	free(params);
	return rc;
}

static void judge(const struct study_measures *m, struct study_judgement *out)
{
	(void)m;
	study_badge_say(out, STUDY_PASSED, "taught");
}

static const struct study_arm arms[] = {{"pupil", "arm", "learns"}, {0}};
static const struct study_gate gates[] = {{0}};
static const struct study_size sizes[] = {{"smoke", "", 1}, {0}};
static const struct study school = {
	.name = "school",
	.question = "Is it taught?",
	.metric = "loss",
	.thresholds = "none",
	.frozen = "nothing",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.trial = trial,
	.judge = judge,
};

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {.study = &school, .size = "smoke"};

	assert_int_equal(study_bench_run(b, &want, threads, NULL), ERR_OK);
}

static void test_teaches(void **state)
{
	struct study_bench one, two;
	const struct study_result *r;
	double first, last;

	(void)state;
	run(&one, 1);
	r = &one.results[0];
	assert_true(r->measure_count > 10);
	first = r->measures[0].value;
	last = r->measures[r->measure_count - 1].value;
	assert_true(r->measures[r->measure_count - 1].x == STEPS);
	assert_true(first > 0.5 && last < 1e-2);
	/* The same bits on any number of threads. */
	run(&two, 2);
	assert_memory_equal(two.results[0].blobs[0].data, r->blobs[0].data,
			    r->blobs[0].len);
	study_bench_release(&one);
	study_bench_release(&two);
}

/* --- killed, and begun again --------------------------------------------- */

struct pauses {
	struct buf saved;
	int saves, killed_at; /* after so many of them; 0: never */
};

static enum err_code keep(void *self, const struct buf *state, struct err *e)
{
	struct pauses *p = self;

	(void)e;
	buf_clear(&p->saved);
	buf_add(&p->saved, state->data, state->len);
	p->saves++;
	return ERR_OK;
}

static enum err_code kept(void *self, struct buf *out, struct err *e)
{
	struct pauses *p = self;

	(void)e;
	buf_add(out, p->saved.data, p->saved.len);
	return ERR_OK;
}

static bool lives_on(void *self)
{
	struct pauses *p = self;

	return !p->killed_at || p->saves < p->killed_at;
}

static enum err_code try_it(struct pauses *p, struct study_result *out)
{
	const struct study_request want = {.study = &school, .size = "smoke"};
	struct study_sink sink = {
		.goes_on = lives_on, .save = keep, .saved = kept, .self = p};
	struct pool *pool = pool_new(1);
	struct study_plan plan;
	enum err_code rc;

	assert_int_equal(study_plan_make(&plan, &want, NULL), ERR_OK);
	rc = study_try(&plan, 0, pool, NULL, &sink, out, NULL);
	study_plan_release(&plan);
	pool_free(pool);
	return rc;
}

static void test_resumes(void **state)
{
	struct pauses whole = {.killed_at = 0}, killed = {.killed_at = 7};
	struct study_result one, two;
	struct buf a, b;

	(void)state;
	buf_init(&whole.saved);
	buf_init(&killed.saved);
	assert_int_equal(try_it(&whole, &one), ERR_OK);
	assert_true(whole.saves > 15);
	assert_int_equal(try_it(&killed, &two), ERR_CANCELLED);
	study_result_release(&two);
	assert_int_equal(killed.saves, 7);
	killed.killed_at = 0;
	assert_int_equal(try_it(&killed, &two), ERR_OK);
	assert_true(killed.saves < whole.saves + 2);
	/* Weights, all measures and the ledger. */
	buf_init(&a);
	buf_init(&b);
	study_result_write(&one, &a);
	study_result_write(&two, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	buf_release(&a);
	buf_release(&b);
	buf_release(&whole.saved);
	buf_release(&killed.saved);
	study_result_release(&one);
	study_result_release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_teaches),
		cmocka_unit_test(test_resumes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
