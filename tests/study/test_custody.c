/* SPDX-License-Identifier: MIT */
/* Weights while they are scored, and what moved them before. */
#include "config.h"

#include "core/study/custody.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/ledger.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/study/ledger_tell.h"
#include "core/study/plan.h"
#include "core/study/result.h"
#include "core/study/study.h"

static struct net_config config;
static float *params;

static int setup(void **state)
{
	struct game g;

	(void)state;
	if (game_init(&g, "tictactoe", NULL))
		return 1;
	net_config_game(&config, &g);
	if (net_config_parse(&config, "tower:filters=8,blocks=1,hidden=8",
			     NULL))
		return 1;
	params = mem_floats(net_param_count(&config));
	net_init(&config, 3, params);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(params);
	return 0;
}

/* In a process of its own: who writes does not live. */
static bool can_write(const void *at)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		volatile float *p = (volatile float *)(uintptr_t)at;

		signal(SIGSEGV, SIG_DFL); /* not the test program's */
		*p = *p + 1;
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_nobody_writes(void **state)
{
	struct custody *c = custody_new(&config, params);
	char want[DIGEST_SIZE], now[DIGEST_SIZE];

	(void)state;
	assert_true(can_write(params));
	assert_false(can_write(custody_params(c)));
	assert_memory_equal(custody_params(c), params,
			    net_param_count(&config) * sizeof(*params));
	digest_floats(params, net_param_count(&config), want);
	assert_string_equal(custody_digest(c), want);
	assert_true(custody_holds(c, now));
	assert_string_equal(now, want);
	custody_free(c);
	custody_free(NULL);
}

/* Somebody opened the pages and wrote: a bit is enough. */
static void test_a_change_is_told(void **state)
{
	struct custody *c = custody_new(&config, params);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	/* the pages are ours, whoever has them as constant */
	unsigned char *at = (unsigned char *)(uintptr_t)custody_params(c);
	char now[DIGEST_SIZE];

	(void)state;
	assert_int_equal(mprotect(at, page, PROT_READ | PROT_WRITE), 0);
	at[17] ^= 1;
	assert_false(custody_holds(c, now));
	assert_string_not_equal(now, custody_digest(c));
	at[17] ^= 1;
	assert_true(custody_holds(c, NULL));
	custody_free(c);
}

/* The hash of a plan is of its weights, and so of what it answers. */
static void test_plans_are_hashed(void **state)
{
	struct net_plan *a = net_plan_new(&config, params);
	struct net_plan *b = net_plan_new(&config, params);
	struct net_plan *other;
	char one[DIGEST_SIZE], two[DIGEST_SIZE];

	(void)state;
	net_plan_digest(a, one);
	net_plan_digest(b, two);
	assert_string_equal(one, two);
	params[0] += 1;
	other = net_plan_new(&config, params);
	params[0] -= 1;
	net_plan_digest(other, two);
	assert_string_not_equal(one, two);
	net_plan_free(a);
	net_plan_free(b);
	net_plan_free(other);
}

/* --- ledger -------------------------------------------------------------- */

enum { ROWS = 4 };

static int find_block(const struct ledger *l, const char *part)
{
	for (int b = 0; b < ledger_blocks(l); b++)
		if (!strcmp(ledger_block(l, b), part))
			return b;
	fail_msg("no block '%s'", part);
	return -1;
}

static void fill(struct net_rows *rows, bool value)
{
	net_rows_init(rows, &config, ROWS);
	for (int i = 0; i < ROWS; i++) {
		struct net_row r = net_rows_at(rows, i);

		for (size_t k = 0; k < rows->x_size; k++)
			r.x[k] = (float)((k + (size_t)i) % 3 == 0);
		r.target[NET_POLICY][i] = 1;
		r.weight[NET_POLICY][0] = 1;
		r.target[NET_VALUE][0] = 1;
		r.weight[NET_VALUE][0] = value;
	}
}

static void test_blocks_are_all_of_it(void **state)
{
	struct net_block blocks[NET_MAX_BLOCKS];
	int n = net_blocks(&config, blocks);
	size_t at = 0;

	(void)state;
	assert_int_equal(n, 4);
	assert_string_equal(blocks[0].part, "stem");
	assert_string_equal(blocks[n - 1].part, "value");
	for (int i = 0; i < n; i++) {
		assert_int_equal(blocks[i].from, at);
		at += blocks[i].count;
	}
	assert_int_equal(at, net_param_count(&config));
}

/* The policy's loss never reaches the value's head, and the other way round;
 * both reach the stem. */
static void test_ledger(void **state)
{
	struct ledger *l = ledger_new(&config, params);
	int policy = find_block(l, "policy"), value = find_block(l, "value");
	int stem = find_block(l, "stem");
	size_t count = net_param_count(&config);
	float *moved = mem_floats(count);
	struct net_block blocks[NET_MAX_BLOCKS];
	struct net_rows rows;
	struct net_batch in;

	(void)state;
	net_blocks(&config, blocks);
	fill(&rows, true);
	in = net_rows_batch(&rows, ROWS);
	ledger_probe(l, params, &in, NULL);
	/* All weights go the same way: a block's norm is that times the root of
	 * how many it has. */
	for (size_t i = 0; i < count; i++)
		moved[i] = params[i] + 0.5f;
	ledger_moved(l, moved);
	for (int b = 0; b < ledger_blocks(l); b++)
		assert_true(fabs(ledger_norm_all(l, b) /
					 sqrt((double)blocks[b].count) -
				 0.5) < 1e-4);
	assert_true(ledger_norm(l, policy, NET_VALUE) <= 0);
	assert_true(ledger_norm(l, value, NET_POLICY) <= 0);
	assert_true(ledger_norm(l, policy, NET_POLICY) > 0);
	assert_true(ledger_norm(l, value, NET_VALUE) > 0);
	assert_true(ledger_norm(l, stem, NET_POLICY) > 0);
	assert_true(ledger_norm(l, stem, NET_VALUE) > 0);
	assert_true(fabs(ledger_norm(l, stem, NET_POLICY) +
			 ledger_norm(l, stem, NET_VALUE) -
			 ledger_norm_all(l, stem)) < 1e-9);
	/* There and back is twice as far. */
	ledger_moved(l, params);
	assert_true(fabs(ledger_norm_all(l, stem) /
				 sqrt((double)blocks[stem].count) -
			 1) < 1e-4);
	net_rows_release(&rows);
	free(moved);
	ledger_free(l);
}

/* A loss that counts for nothing moves nothing. */
static void test_head_weights(void **state)
{
	struct ledger *l = ledger_new(&config, params);
	const float only_policy[NET_HEADS] = {[NET_POLICY] = 1};
	int stem = find_block(l, "stem"), value = find_block(l, "value");
	size_t count = net_param_count(&config);
	float *moved = mem_floats(count);
	struct net_rows rows;
	struct net_batch in;

	(void)state;
	fill(&rows, true);
	in = net_rows_batch(&rows, ROWS);
	ledger_probe(l, params, &in, NULL);
	ledger_moved(l, params);
	/* a new probe: what the last one found counts no more */
	ledger_probe(l, params, &in, only_policy);
	for (size_t i = 0; i < count; i++)
		moved[i] = params[i] + 1;
	ledger_moved(l, moved);
	assert_true(ledger_norm(l, stem, NET_VALUE) <= 0);
	assert_true(ledger_norm(l, stem, NET_POLICY) > 0);
	/* it moved, and no loss says why */
	assert_true(ledger_norm(l, value, NET_VALUE) <= 0);
	assert_true(ledger_norm_all(l, value) > 0);
	net_rows_release(&rows);
	free(moved);
	ledger_free(l);
}

/* --- in a trial ---------------------------------------------------------- */

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	struct custody *c = custody_new(&config, params);
	struct ledger *l = ledger_new(&config, params);
	float *moved = mem_floats(net_param_count(&config));

	(void)a;
	(void)seed;
	(void)e;
	net_init(&config, 4, moved);
	ledger_moved(l, moved);
	ledger_tell(l, "other", r);
	custody_tell(c, r);
	free(moved);
	ledger_free(l);
	custody_free(c);
	return ERR_OK;
}

static void judge(const struct study_measures *m, struct study_judgement *out)
{
	(void)m;
	(void)out;
}

static const struct study_arm arms[] = {{"one", "arm", "-"}, {0}};
static const struct study_gate gates[] = {{0}};
static const struct study_size sizes[] = {{"desk", "", 1}, {0}};
static const struct study watched = {
	.name = "watched",
	.question = "Who watches?",
	.metric = "-",
	.thresholds = "-",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.trial = trial,
	.judge = judge,
};

static void test_a_trial_tells(void **state)
{
	struct study_request want = {.study = &watched, .size = "desk"};
	struct study_sink sink = {.self = NULL};
	struct study_result out;
	struct study_plan p;
	struct err e = ERR_INIT;
	char digest[DIGEST_SIZE];

	(void)state;
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	assert_int_equal(study_try(&p, 0, NULL, NULL, &sink, &out, &e), ERR_OK);
	digest_floats(params, net_param_count(&config), digest);
	assert_string_equal(out.before, digest);
	assert_string_equal(out.after, digest);
	assert_int_equal(out.ledger_count, 4);
	assert_string_equal(out.ledger[0].block, "stem");
	assert_string_equal(out.ledger[0].loss, "other");
	assert_true(out.ledger[0].norm > 0);
	study_result_release(&out);
	study_plan_release(&p);
}

static void assert_same_bytes(const struct ledger *a, const struct ledger *b)
{
	struct buf one, two;

	buf_init(&one);
	buf_init(&two);
	ledger_save(a, &one);
	ledger_save(b, &two);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	buf_release(&one);
	buf_release(&two);
}

/* What was saved goes on as what was not. */
static void test_saved_ledger(void **state)
{
	struct ledger *l = ledger_new(&config, params), *again;
	size_t count = net_param_count(&config);
	float *moved = mem_floats(count);
	struct err e = ERR_INIT;
	struct net_rows rows;
	struct net_batch in;
	struct reader r;
	struct buf saved;

	(void)state;
	fill(&rows, true);
	in = net_rows_batch(&rows, ROWS);
	for (size_t i = 0; i < count; i++)
		moved[i] = params[i] * 1.5f;
	ledger_probe(l, params, &in, NULL);
	ledger_moved(l, moved);
	buf_init(&saved);
	ledger_save(l, &saved);
	again = ledger_new(&config, params);
	reader_init(&r, saved.data, saved.len);
	assert_int_equal(ledger_load(again, &r, &e), ERR_OK);
	assert_same_bytes(l, again);
	ledger_probe(l, moved, &in, NULL);
	ledger_moved(l, params);
	ledger_probe(again, moved, &in, NULL);
	ledger_moved(again, params);
	assert_same_bytes(l, again);
	reader_init(&r, saved.data, saved.len - 1);
	assert_int_equal(ledger_load(again, &r, &e), ERR_FORMAT);
	buf_release(&saved);
	net_rows_release(&rows);
	free(moved);
	ledger_free(l);
	ledger_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_writes),
		cmocka_unit_test(test_a_change_is_told),
		cmocka_unit_test(test_plans_are_hashed),
		cmocka_unit_test(test_blocks_are_all_of_it),
		cmocka_unit_test(test_ledger),
		cmocka_unit_test(test_saved_ledger),
		cmocka_unit_test(test_head_weights),
		cmocka_unit_test(test_a_trial_tells),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
