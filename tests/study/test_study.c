/* SPDX-License-Identifier: MIT */
/* The frame of studies: the table, plans, trials, and verdicts that a judge
 * cannot bend. */
#include "config.h"

#include "core/study/study.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/learn/life.h"
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/verdict.h"

static void test_digest(void **state)
{
	/* FIPS 180-4's example "abc". */
	static const char *const abc = "ba7816bf8f01cfea414140de5dae2223"
				       "b00361a396177a9cb410ff61f20015ad";
	const float one[1] = {1.0f};
	const unsigned char bytes[4] = {0, 0, 0x80, 0x3f};
	char a[DIGEST_SIZE], b[DIGEST_SIZE];

	(void)state;
	digest_hex("abc", 3, a);
	assert_string_equal(a, abc);
	digest_floats(one, 1, a);
	digest_hex(bytes, 4, b);
	assert_string_equal(a, b);
}

static bool is_role(const char *role)
{
	static const char *const roles[] = {"teacher", "arm", "control",
					    "gate"};

	for (size_t i = 0; i < 4; i++)
		if (!strcmp(role, roles[i]))
			return true;
	return false;
}

/* What the table promises, of each study in it. */
static void test_table(void **state)
{
	static const char *const sizes[] = {"smoke", "desk", "overnight"};
	struct err e = ERR_INIT;

	(void)state;
	for (const struct study *const *s = study_table; *s; s++) {
		const struct study *found;

		assert_int_equal(study_find((*s)->name, &found, &e), ERR_OK);
		assert_ptr_equal(found, *s);
		assert_true((*s)->question[strlen((*s)->question) - 1] == '?');
		assert_non_null((*s)->arms[0].name);
		for (const struct study_arm *a = (*s)->arms; a->name; a++) {
			assert_ptr_equal(study_arm_find(*s, a->name), a);
			assert_true(is_role(a->role));
		}
		for (size_t i = 0; i < 3; i++) {
			const struct study_size *z =
				study_size_find(*s, sizes[i]);
			void *conf = calloc(1, (*s)->conf_size + 1);

			assert_non_null(z);
			assert_true(z->seeds >= 1);
			if ((*s)->conf) {
				conf_defaults((*s)->conf, conf);
				assert_int_equal(conf_read_list((*s)->conf,
								conf,
								z->settings,
								z->name, &e),
						 ERR_OK);
			}
			free(conf);
		}
	}
	assert_int_equal(
		study_find("bandid", &(const struct study *){NULL}, &e),
		ERR_NOTFOUND);
	assert_non_null(strstr(e.msg, "did you mean 'bandit'?"));
}

static void test_plan(void **state)
{
	struct study_request want = {.study = &study_bandit, .size = "smoke"};
	struct study_plan a, b;
	struct err e = ERR_INIT;
	uint64_t seed;

	(void)state;
	assert_int_equal(study_plan_make(&a, &want, &e), ERR_OK);
	assert_string_equal(a.name, "bandit/smoke");
	assert_int_equal(study_plan_trials(&a), 4);
	assert_string_equal(study_plan_trial(&a, 3, &seed)->name, "commit");
	assert_int_equal(seed, 2);
	/* The same again is the same plan; whatever differs is another. */
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_OK);
	assert_string_equal(a.hash, b.hash);
	study_plan_release(&b);
	want.settings = "tries=6";
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_OK);
	assert_string_not_equal(a.hash, b.hash);
	assert_non_null(strstr(b.text.data, "tries = 6\n"));
	study_plan_release(&b);
	want.settings = NULL;
	want.seeds = 3;
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_OK);
	assert_string_not_equal(a.hash, b.hash);
	assert_non_null(strstr(b.text.data, "test seeds: 1 2 3\n"));
	study_plan_release(&b);
	want.development = true;
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_OK);
	assert_non_null(strstr(b.text.data, "development seeds: 1001 1002"));
	assert_string_equal(b.name, "bandit/smoke/tune");
	study_plan_release(&b);
	study_plan_release(&a);
}

/* Settings and seeds come back from the text, and nothing else does. */
static void test_stored_plan(void **state)
{
	struct study_request want = {.study = &study_bandit,
				     .size = "smoke",
				     .settings = "tries=6,pulls=77",
				     .seeds = 5,
				     .development = true};
	struct study_plan a, b;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(study_plan_make(&a, &want, &e), ERR_OK);
	want = (struct study_request){
		.study = &study_bandit, .size = "smoke", .stored = a.text.data};
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_OK);
	assert_string_equal(a.text.data, b.text.data);
	assert_int_equal(b.seed_count, 5);
	assert_true(b.development);
	study_plan_release(&b);
	want.stored = "test seeds: 1\nsettings:\npulls = many\n";
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_FORMAT);
	study_plan_release(&b);
	want.stored = "study: bandit\nsettings:\npulls = 200\nlevers = 5\n";
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_FORMAT);
	assert_non_null(strstr(e.msg, "bandit/smoke has settings that this "
				      "program does not read (line:2: "));
	assert_non_null(strstr(e.msg, "'levers'"));
	assert_non_null(strstr(e.msg, "by the program that wrote it"));
	study_plan_release(&b);
	study_plan_release(&a);
}

/* Which seeds judge and which rungs are asked is part of the plan, and comes
 * back from its text. */
static void test_seeds_and_rungs(void **state)
{
	struct study_request want = {.study = &study_ladder,
				     .size = "desk",
				     .first_seed = 4,
				     .rungs = "p4b,p3"};
	struct study_plan a, b;
	struct err e = ERR_INIT;
	uint64_t seed;

	(void)state;
	assert_int_equal(study_plan_make(&a, &want, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "a name of its own: --as NAME"));
	study_plan_release(&a);
	want.name = "rules";
	assert_int_equal(study_plan_make(&a, &want, &e), ERR_OK);
	assert_non_null(strstr(a.text.data, "\nrungs: p4b,p3\n"));
	assert_non_null(strstr(a.text.data, "\ntest seeds: 4 5 6\n"));
	assert_non_null(strstr(a.text.data, "\ngate p3: "));
	assert_null(strstr(a.text.data, "\ngate p0: "));
	assert_non_null(strstr(a.text.data, "\nrung p3: "));
	assert_null(strstr(a.text.data, "\nrung p1: "));
	assert_int_equal(study_plan_trials(&a), 15);
	assert_string_equal(study_plan_trial(&a, 5, &seed)->name,
			    "p3-shuffled");
	assert_int_equal(seed, 5);
	assert_true(study_plan_uses(a.text.data, 6));
	assert_false(study_plan_uses(a.text.data, 7));
	want = (struct study_request){.study = &study_ladder,
				      .size = "desk",
				      .name = "rules",
				      .stored = a.text.data};
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_OK);
	assert_string_equal(a.text.data, b.text.data);
	assert_int_equal(study_plan_trials(&b), 15);
	study_plan_release(&b);
	study_plan_release(&a);
}

static void refuse(const struct study_request *want, enum err_code code,
		   const char *words)
{
	struct study_plan p;
	struct err e = ERR_INIT;

	assert_int_equal(study_plan_make(&p, want, &e), code);
	if (!strstr(e.msg, words))
		fail_msg("'%s' is not in '%s'", words, e.msg);
	study_plan_release(&p);
}

static void test_wrong_seeds_and_rungs(void **state)
{
	struct study_request want = {.study = &study_ladder,
				     .size = "desk",
				     .name = "x",
				     .rungs = "p3,p9"};

	(void)state;
	refuse(&want, ERR_USAGE, "no rung 'p9': its rungs are p0, p1, p3, p4,");
	want.rungs = "";
	refuse(&want, ERR_USAGE, "no rung ''");
	want.rungs = NULL;
	want.first_seed = 999;
	refuse(&want, ERR_USAGE, "seeds 999 to 1001: those from 1001 on tune");
	want.development = true;
	refuse(&want, ERR_USAGE, "seeds that tune are those from 1001 on");
	want = (struct study_request){.study = &study_bandit,
				      .size = "desk",
				      .rungs = "p3",
				      .name = "x"};
	refuse(&want, ERR_USAGE, "study bandit has no rungs");
	want.rungs = NULL;
	want.stored = "study: bandit\nedition: 1\n";
	refuse(&want, ERR_VERSION, "this program knows 0");
}

/* Plain words, and what the frame itself gives. */
static void test_names(void **state)
{
	static const char *const good[] = {"k", "ladder-rules", "a.b_2",
					   "ladder/desk", "x/smoke/tune"};
	static const char *const bad[] = {"",        ".",        "..",
					  "a/b/c",   "a/desk/x", "/desk",
					  "../desk", "-x",       "a b"};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(study_name_check(good[i], &e), ERR_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(study_name_check(bad[i], &e), ERR_USAGE);
}

static bool data_is_there;

static enum err_code some_data(const struct agent_source *agents,
			       const void *conf, struct buf *out, struct err *e)
{
	(void)agents;
	(void)conf;
	if (!data_is_there)
		return err_set(e, ERR_NOTFOUND, "no teacher");
	buf_puts(out, "teacher c4/8 ab12\n");
	return ERR_OK;
}

/* What a study needs of the lab is part of its plan; who only judges it does
 * not need it. */
static void test_data(void **state)
{
	struct study with = study_bandit;
	struct study_request want = {.study = &with, .size = "smoke"};
	struct study_plan a, b;
	struct err e = ERR_INIT;

	(void)state;
	with.data = some_data;
	data_is_there = true;
	assert_int_equal(study_plan_make(&a, &want, &e), ERR_OK);
	assert_non_null(strstr(a.text.data, "\ndata:\nteacher c4/8 ab12\n"));
	data_is_there = false;
	want.stored = a.text.data;
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_NOTFOUND);
	assert_string_equal(e.msg, "no teacher");
	study_plan_release(&b);
	want.only_judged = true;
	assert_int_equal(study_plan_make(&b, &want, &e), ERR_OK);
	assert_string_equal(a.text.data, b.text.data);
	study_plan_release(&b);
	study_plan_release(&a);
}

static void test_wrong_plan(void **state)
{
	struct study_request want = {.study = &study_bandit, .size = "small"};
	struct study_plan p;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "smoke, desk, overnight"));
	study_plan_release(&p);
	want.size = "desk";
	want.settings = "triess=6";
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "tries"));
	study_plan_release(&p);
	want.settings = NULL;
	want.name = "a name";
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_USAGE);
	study_plan_release(&p);
	want.name = NULL;
	want.settings = "tasks=1000000";
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	/* 12 MB, of which there are 10. */
	assert_int_equal(study_plan_fits(&p, 10e6, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "0.01 GB"));
	assert_int_equal(study_plan_fits(&p, 1e9, &e), ERR_OK);
	assert_int_equal(study_plan_fits(&p, 0, &e), ERR_OK);
	study_plan_release(&p);
}

static const struct study_figure *value_of(const struct study_bench *b,
					   const char *arm, const char *name,
					   uint64_t seed)
{
	struct study_measures m = {.figures = b->figures,
				   .count = b->figure_count};

	return study_figure(&m, arm, name, seed, 0);
}

/* The example, whose truth is known: the same bits on any number of threads. */
static void test_bandit(void **state)
{
	struct study_request want = {.study = &study_bandit, .size = "smoke"};
	struct study_bench one, three;
	struct study_judgement j;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(study_bench_run(&one, &want, 1, &e), ERR_OK);
	assert_int_equal(study_bench_run(&three, &want, 3, &e), ERR_OK);
	assert_int_equal(one.figure_count, 6);
	assert_int_equal(three.figure_count, one.figure_count);
	for (size_t i = 0; i < one.figure_count; i++) {
		assert_string_equal(one.figures[i].name, three.figures[i].name);
		assert_memory_equal(&one.figures[i].value,
				    &three.figures[i].value, sizeof(double));
	}
	/* 200 pulls of (5/6 - 1/2): 66.7, with a standard error of 0.6. */
	assert_true(fabs(value_of(&one, "uniform", "regret", 1)->value - 66.7) <
		    3);
	assert_int_equal(value_of(&one, "commit", "gain", 2)->n, 2000);
	assert_null(value_of(&one, "commit", "gain", 3));
	study_bench_judge(&one, &j);
	assert_int_equal(j.gate_count, 2);
	assert_true(j.gates[0].passed);
	assert_string_equal(j.gates[1].name, "custody");
	assert_true(j.gates[1].passed);
	assert_int_equal(j.estimate_count, 3);
	assert_int_equal(j.badge, STUDY_NOT_EVIDENCE);
	assert_non_null(strstr(j.reason.data, "would read supported: "));
	study_judgement_release(&j);
	study_bench_release(&one);
	study_bench_release(&three);
}

/* One seed has no interval, and is not said to have one. */
static void test_bandit_one_seed(void **state)
{
	struct study_request want = {
		.study = &study_bandit,
		.size = "smoke",
		.seeds = 1,
	};
	struct study_bench one;
	struct study_judgement j;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(study_bench_run(&one, &want, 1, &e), ERR_OK);
	study_bench_judge(&one, &j);
	assert_non_null(strstr(j.reason.data, "one seed has no interval"));
	assert_null(strstr(j.reason.data, "nan"));
	study_judgement_release(&j);
	study_bench_release(&one);
}

/* A judge made to say one thing. */
static struct {
	enum study_badge badge;
	bool gate, gate_passed, silent;
} told;

static void told_judge(const struct study_measures *m,
		       struct study_judgement *out)
{
	(void)m;
	if (told.gate)
		study_gate_say(out, "g", told.gate_passed, 1, 2, "1 of 2");
	if (!told.silent)
		study_badge_say(out, told.badge, "because");
}

static const struct study_arm told_arms[] = {{"a", "arm", "an arm"}, {0}};
static const struct study_gate told_gates[] = {{"g", "1 is 2"}, {0}};
static const struct study_size told_sizes[] = {
	{"smoke", "", 1}, {"desk", "", 2}, {0}};
static const struct study told_study = {
	.name = "told",
	.question = "What?",
	.metric = "-",
	.thresholds = "-",
	.arms = told_arms,
	.gates = told_gates,
	.sizes = told_sizes,
	.judge = told_judge,
};

static void expect(const char *size, const struct study_conduct *c,
		   enum study_badge badge, const char *reason)
{
	struct study_request want = {.study = &told_study, .size = size};
	struct study_plan p;
	struct study_judgement j;
	struct err e = ERR_INIT;

	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	study_judge(&p, NULL, 0, c, &j);
	assert_string_equal(study_badge_name(j.badge), study_badge_name(badge));
	if (!strstr(j.reason.data, reason))
		fail_msg("'%s' is not in '%s'", reason, j.reason.data);
	study_judgement_release(&j);
	study_plan_release(&p);
}

/* The end of what the gate on custody says. */
static void expect_custody(const struct study_conduct *c, const char *end)
{
	struct study_request want = {.study = &told_study, .size = "desk"};
	struct study_plan p;
	struct study_judgement j;
	struct err e = ERR_INIT;
	const char *at;

	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	study_judge(&p, NULL, 0, c, &j);
	assert_true(j.gates[j.gate_count - 1].passed);
	at = strstr(j.gates[j.gate_count - 1].text, end);
	if (!at || (!c->scored && strlen(at) != strlen(end)))
		fail_msg("%s", j.gates[j.gate_count - 1].text);
	study_judgement_release(&j);
	study_plan_release(&p);
}

/* What the judge says stands only on its gates. */
static void test_verdict(void **state)
{
	const struct study_conduct good = {.trials = 2, .processors = 1};
	struct study_conduct bad;

	(void)state;
	told.gate = told.gate_passed = true;
	told.badge = STUDY_SUPPORTED;
	expect("desk", &good, STUDY_SUPPORTED, "because");
	expect("smoke", &good, STUDY_NOT_EVIDENCE, "read supported: because");
	told.badge = STUDY_PASSED;
	expect("desk", &good, STUDY_PASSED, "because");
	told.gate_passed = false;
	expect("desk", &good, STUDY_FAILED, "gate g failed: 1 of 2");
	told.badge = STUDY_REFUTED;
	expect("desk", &good, STUDY_UNINTERPRETABLE, "gate g failed: 1 of 2");
	told.badge = STUDY_FAILED;
	expect("desk", &good, STUDY_FAILED, "because");
	told.gate = false;
	told.badge = STUDY_PARTIAL;
	expect("desk", &good, STUDY_UNINTERPRETABLE, "gate g failed: not meas");
	told.gate = told.gate_passed = true;
	told.silent = true;
	expect("desk", &good, STUDY_UNINTERPRETABLE, "gave no verdict");
	told.silent = false;
	told.badge = STUDY_SUPPORTED;
	bad = good;
	bad.changed = 1;
	expect("desk", &bad, STUDY_UNINTERPRETABLE, "1 whose weights changed");
	/* Who did it is told, and decides nothing. */
	bad = good;
	bad.programs = 1;
	expect_custody(&bad, "weights changed; done by 1 program, judged by "
			     "another");
	bad.same_program = true;
	expect_custody(&bad, "done by 1 program, judged by the same");
	bad.programs = 2;
	bad.scored = 80;
	expect_custody(&bad, "done by 2 programs; 0 of 80 scored positions");
	expect_custody(&good, "0 whose weights changed");
	bad = good;
	bad.other_plan = 1;
	expect("desk", &bad, STUDY_UNINTERPRETABLE, "1 under another plan");
}

/* --- arms one after the other -------------------------------------------- */

/* "common" keeps what all seeds have; "each" keeps its seed and puts a life;
 * "last" reads both, and what "each" kept at the first seed. */
static bool is_common(const struct study_arm *a)
{
	return !strcmp(a->name, "common");
}

static enum err_code read_back(struct study_run *r, uint64_t seed,
			       struct err *e)
{
	const void *data;
	size_t len;
	enum err_code rc = study_kept(r, "common", "what", &data, &len, e);

	if (rc)
		return rc;
	assert_int_equal(len, 4);
	assert_memory_equal(data, "same", 4);
	rc = study_kept(r, "each", STUDY_CHAIN, &data, &len, e);
	if (rc)
		return rc;
	assert_int_equal(len, 17);
	assert_memory_equal(
		data, seed == 1 ? "seed 1\nlife ab12\n" : "seed 2\nlife ab12\n",
		len);
	rc = study_kept_at(r, "each", 1, "seed", &data, &len, e);
	if (rc)
		return rc;
	assert_int_equal(*(const uint64_t *)data, 1);
	rc = study_life(r, "set", seed, LIFE_BEFORE, &data, &len, e);
	if (rc)
		return rc;
	assert_int_equal(*(const uint64_t *)data, seed);
	assert_true(study_life_follows(r, "set", seed, LIFE_BEFORE));
	assert_false(study_life_follows(r, "set", seed, LIFE_AFTER));
	assert_string_equal(study_planned(r)->study->name, "byarm");
	assert_int_equal(study_life(r, "set", seed, LIFE_AFTER, &data, &len, e),
			 ERR_NOTFOUND);
	study_measure(r, "read", 0, 1, (double)NAN, (double)NAN, 0);
	return ERR_OK;
}

static enum err_code by_arm_trial(struct study_run *r,
				  const struct study_arm *a, uint64_t seed,
				  struct err *e)
{
	uint64_t other = seed + 1;
	enum err_code rc;

	if (!strcmp(a->name, "last"))
		return read_back(r, seed, e);
	if (!strcmp(a->name, "common")) {
		assert_int_equal(seed, 0);
		study_keep(r, "what", "same", 4);
		return ERR_OK;
	}
	study_keep(r, "seed", &seed, sizeof(seed));
	study_chain(r, "seed %llu", (unsigned long long)seed);
	study_chain(r, "life %s", "ab12");
	rc = study_life_put(r, "set", seed, LIFE_BEFORE, "", &seed,
			    sizeof(seed), e);
	assert_int_equal(study_life_put(r, "set", seed, LIFE_BEFORE, "", &other,
					sizeof(other), e),
			 ERR_FORMAT);
	return rc;
}

static const struct study_arm by_arm_arms[] = {{"each", "teacher", "keeps"},
					       {"common", "arm", "is one"},
					       {"last", "arm", "reads"},
					       {0}};
static const struct study by_arm_study = {
	.name = "byarm",
	.question = "Which order?",
	.metric = "-",
	.thresholds = "-",
	.arms = by_arm_arms,
	.gates = told_gates,
	.sizes = told_sizes,
	.by_arm = true,
	.once = is_common,
	.trial = by_arm_trial,
	.judge = told_judge,
};

static void test_by_arm(void **state)
{
	static const struct {
		const char *arm;
		uint64_t seed;
	} order[] = {{"each", 1},
		     {"each", 2},
		     {"common", 0},
		     {"last", 1},
		     {"last", 2}};
	struct study_request want = {.study = &by_arm_study, .size = "desk"};
	struct study_bench b;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(study_bench_run(&b, &want, 1, &e), ERR_OK);
	assert_int_equal(study_plan_trials(&b.plan), ARRAY_LEN(order));
	for (int i = 0; i < (int)ARRAY_LEN(order); i++) {
		uint64_t seed;

		assert_string_equal(study_plan_trial(&b.plan, i, &seed)->name,
				    order[i].arm);
		assert_int_equal(seed, order[i].seed);
	}
	assert_int_equal(b.figure_count, 2);
	assert_non_null(strstr(b.plan.text.data, "arm common (once): is one"));
	assert_non_null(strstr(b.plan.text.data, "order: all seeds of an arm"));
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_stored_plan),
		cmocka_unit_test(test_seeds_and_rungs),
		cmocka_unit_test(test_wrong_seeds_and_rungs),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_wrong_plan),
		cmocka_unit_test(test_bandit),
		cmocka_unit_test(test_bandit_one_seed),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_by_arm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
