/* SPDX-License-Identifier: MIT */
/* Studies in the lab file: planned once, killed and resumed, judged once. */
#include "config.h"

#include "core/lab/study_lab.h"

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "store/job.h"
#include "store/store.h"
#include "store/store_int.h"
#include "store/study.h"
#include "store/trial.h"

struct fixture {
	char folder[64], path[96];
	struct lab *lab;
	struct store_bag bag;
};

static void open_lab(struct fixture *f)
{
	struct err e = ERR_INIT;

	if (lab_open(&f->lab, f->path, LAB_CREATE, &e))
		fail_msg("%s", e.msg);
}

static int begin(void **state)
{
	struct fixture *f = mem_zalloc(1, sizeof(*f));

	snprintf(f->folder, sizeof(f->folder), "/tmp/plyscope-lab.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/lab.db", f->folder);
	open_lab(f);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;
	char *command = mem_printf("rm -rf %s", f->folder);

	store_bag_release(&f->bag);
	lab_close(f->lab);
	assert_int_equal(system(command), 0);
	free(command);
	free(f);
	return 0;
}

/* Two arms that count, and say how they went: the second needs the first. */
enum { COUNT = 10 };
static int kill_at = -1; /* count of arm "second" at which the process dies */
static int counted;      /* by this process */

static enum err_code count_trial(struct study_run *r, const struct study_arm *a,
				 uint64_t seed, struct err *e)
{
	bool second = !strcmp(a->name, "second");
	struct reader at;
	uint32_t n = 0;
	struct buf state;
	enum err_code rc = ERR_OK;

	/* Handed over each time that it begins, and once in what it ends
	 * with. */
	study_measure(r, "begun", 0, (double)seed, 0, 9, 1);
	if (study_saved(r, &at))
		n = reader_u32(&at);
	buf_init(&state);
	for (; n < COUNT && !rc; n++) {
		counted++;
		if (!study_goes_on(r))
			rc = err_set(e, ERR_CANCELLED, "stopped");
		if (second && kill_at == (int)n)
			raise(SIGKILL);
		study_measure(r, "count", n, (double)(n * seed), -1, 1, n);
		buf_clear(&state);
		buf_u32(&state, n + 1);
		if (!rc)
			rc = study_save(r, &state, e);
	}
	buf_release(&state);
	if (!rc && second) {
		const void *data;
		size_t len;

		rc = study_kept(r, "first", "word", &data, &len, e);
		if (!rc)
			study_measure(r, "read", 0, (double)len, 0, 0, 1);
	}
	study_keep(r, "word", "abc", 3);
	study_ledger(r, "trunk", "policy", 0.5);
	study_facts(r, 64, 1e6, 5);
	study_overlap(r, 20, 3);
	return rc;
}

static void count_judge(const struct study_measures *m,
			struct study_judgement *out)
{
	const struct study_figure *f = study_figure(m, "second", "read", 1, 0);

	study_gate_say(out, "read", f && f->value == 3, 3, 3, "read 3 bytes");
	study_badge_say(out, STUDY_PASSED, "it counts");
}

static double count_memory(const void *conf)
{
	return *(const int *)conf * 1e9;
}

static const struct study_arm count_arms[] = {
	{"first", "control", "counts"}, {"second", "arm", "counts"}, {0}};
static const struct study_gate count_gates[] = {{"read", "3 bytes"}, {0}};
static const struct study_size count_sizes[] = {{"desk", "", 2}, {0}};
static const struct conf_spec count_conf[] = {
	{"gigabytes", CONF_INT, 0, 0, 1e9, "0", NULL, "pretended"}, {0}};
static const struct study count_study = {
	.name = "count",
	.question = "Does it count?",
	.metric = "numbers",
	.thresholds = "all",
	.arms = count_arms,
	.gates = count_gates,
	.sizes = count_sizes,
	.conf = count_conf,
	.conf_size = sizeof(int),
	.trial = count_trial,
	.judge = count_judge,
	.memory = count_memory,
};

static enum err_code plan_it(struct fixture *f,
			     const struct study_request *want,
			     struct study_plan *plan, int64_t *id,
			     struct err *e)
{
	struct store_study row;
	enum err_code rc = study_lab_plan(f->lab, want, plan, &f->bag, &row, e);

	*id = row.id;
	if (!rc && !*id)
		rc = study_lab_write(f->lab, plan, id, e);
	return rc;
}

/* Plan and run; the plan is released. */
static enum err_code run_it(struct fixture *f, const struct study_request *want,
			    int threads, int *done, struct err *e)
{
	struct study_work work = {.threads = threads, .command = "test"};
	struct study_plan plan;
	enum err_code rc = plan_it(f, want, &plan, &work.study_id, e);

	work.plan = &plan;
	if (!rc)
		rc = study_lab_run(f->lab, &work, e);
	*done = work.done;
	study_plan_release(&plan);
	return rc;
}

/* All figures and what was kept, as one text. */
static char *all_of(struct fixture *f)
{
	struct buf out;
	struct sql q;

	buf_init(&out);
	sql_read(&q, lab_store(f->lab), "test",
		 "select group_concat(t, char(10)) from (select arm || ' ' ||"
		 " figure || ' ' || seed || ' ' || x || ' ' ||"
		 " printf('%.17g', value) || ' ' || n t from figures"
		 " union all select name || ' ' || sha256 from kept"
		 " order by 1)");
	assert_true(sql_next(&q));
	buf_puts(&out, sql_col_text(&q, &f->bag));
	assert_int_equal(sql_end(&q), STORE_OK);
	return buf_detach(&out, NULL);
}

static void test_plan_stays(void **state)
{
	struct fixture *f = *state;
	struct study_request want = {.study = &study_bandit, .size = "smoke"};
	struct study_plan a, b;
	struct err e = ERR_INIT;
	int64_t id, again;

	assert_int_equal(plan_it(f, &want, &a, &id, &e), ERR_OK);
	assert_int_equal(plan_it(f, &want, &b, &again, &e), ERR_OK);
	assert_int_equal(id, again);
	assert_string_equal(a.hash, b.hash);
	study_plan_release(&b);
	want.settings = "tries=7";
	assert_int_equal(plan_it(f, &want, &b, &again, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "it says 'tries = 5', and now 'tries = "
				      "7'; choose another name"));
	study_plan_release(&b);
	want.name = "seven";
	assert_int_equal(plan_it(f, &want, &b, &again, &e), ERR_OK);
	study_plan_release(&b);
	/* What the row says is taken where nothing else is asked for. */
	want.settings = NULL;
	assert_int_equal(plan_it(f, &want, &b, &again, &e), ERR_OK);
	assert_non_null(strstr(b.text.data, "tries = 7\n"));
	study_plan_release(&b);
	want.seeds = 9;
	assert_int_equal(plan_it(f, &want, &b, &again, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "'test seeds: 1 2'"));
	study_plan_release(&b);
	want.seeds = 0;
	want.study = &count_study;
	want.size = "desk";
	assert_int_equal(plan_it(f, &want, &b, &again, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "of bandit at size smoke"));
	study_plan_release(&b);
	study_plan_release(&a);
}

/* A study whose words were changed in the program, after it was planned. */
static void test_changed_program(void **state)
{
	struct fixture *f = *state;
	struct study other = count_study;
	struct study_request want = {.study = &count_study, .size = "desk"};
	struct err e = ERR_INIT;
	int done;

	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_OK);
	other.thresholds = "some";
	want.study = &other;
	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "'thresholds: all', and now "
				      "'thresholds: some'"));
}

static void test_threads(void **state)
{
	struct fixture *f = *state;
	struct study_request want = {.study = &study_bandit,
				     .size = "smoke",
				     .settings = "tasks=300,pulls=50"};
	struct err e = ERR_INIT;
	char *one, *two;
	int done;

	if (run_it(f, &want, 1, &done, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(done, 4);
	one = all_of(f);
	lab_close(f->lab);
	unlink(f->path);
	open_lab(f);
	assert_int_equal(run_it(f, &want, 2, &done, &e), ERR_OK);
	two = all_of(f);
	assert_string_equal(one, two);
	free(one);
	free(two);
}

/* Killed in the middle of the second trial, it goes on where it was and ends
 * with the same figures. */
static void test_killed(void **state)
{
	struct fixture *f = *state;
	struct study_request want = {.study = &count_study, .size = "desk"};
	struct store_trial *trials;
	struct err e = ERR_INIT;
	char *killed, *whole;
	int done, status;
	size_t n;
	pid_t pid;

	lab_close(f->lab);
	f->lab = NULL;
	pid = fork();
	if (!pid) {
		kill_at = 6;
		open_lab(f);
		_exit(run_it(f, &want, 1, &done, &e) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	open_lab(f);
	assert_int_equal(
		store_trial_list(lab_store(f->lab), &f->bag, 1, &trials, &n),
		STORE_OK);
	assert_int_equal(n, 4);
	assert_string_equal(trials[0].status, "done");
	assert_string_equal(trials[1].status, "running");
	assert_non_null(strstr(trials[0].processor, "BLAS"));
	counted = 0;
	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_OK);
	/* 4 of the second, and 10 of each at the other seed. */
	assert_int_equal(counted, 24);
	/* Nothing is left to do. */
	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_OK);
	assert_int_equal(counted, 24);
	assert_int_equal(done, 4);
	killed = all_of(f);
	lab_close(f->lab);
	unlink(f->path);
	open_lab(f);
	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_OK);
	whole = all_of(f);
	assert_non_null(strstr(whole, "second count 1 2.0 2 2"));
	assert_non_null(strstr(whole, "second count 2 7.0 14 7"));
	assert_string_equal(killed, whole);
	free(killed);
	free(whole);
}

static void test_judged_once(void **state)
{
	struct fixture *f = *state;
	struct study_request want = {.study = &count_study, .size = "desk"};
	struct study_judgement j;
	struct study_plan plan;
	struct store_gate *gates;
	struct err e = ERR_INIT;
	struct sql q;
	int64_t id;
	size_t n;
	int done;

	assert_int_equal(plan_it(f, &want, &plan, &id, &e), ERR_OK);
	assert_int_equal(study_lab_judge(f->lab, &plan, true, &j, &e),
			 ERR_NOTFOUND);
	assert_non_null(strstr(e.msg, "0 of 4 trials"));
	study_judgement_release(&j);
	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_OK);
	for (int i = 0; i < 2; i++) {
		if (study_lab_judge(f->lab, &plan, true, &j, &e))
			fail_msg("%s", e.msg);
		assert_int_equal(j.badge, STUDY_PASSED);
		assert_non_null(strstr(j.gates[1].text,
				       "12 of 80 scored positions occur"));
		study_judgement_release(&j);
	}
	assert_int_equal(
		store_gate_list(lab_store(f->lab), &f->bag, id, &gates, &n),
		STORE_OK);
	assert_int_equal(n, 2);
	assert_int_equal(gates[0].passed, 1);
	assert_string_equal(gates[1].name, "custody");
	/* Somebody who takes the triggers away and puts them back again. */
	sql_write(&q, lab_store(f->lab), "test", "drop trigger measure_stays");
	assert_int_equal(sql_run(&q), STORE_OK);
	sql_write(&q, lab_store(f->lab), "test",
		  "update measure set value = 2 where name = 'read'");
	assert_int_equal(sql_run(&q), STORE_OK);
	assert_int_equal(study_lab_judge(f->lab, &plan, true, &j, &e),
			 ERR_FORMAT);
	assert_non_null(strstr(e.msg, "was judged 'passed'"));
	study_judgement_release(&j);
	study_plan_release(&plan);
}

/* Too much for the machine is told before anything begins. */
static void test_memory(void **state)
{
	struct fixture *f = *state;
	struct study_request want = {.study = &count_study,
				     .size = "desk",
				     .settings = "gigabytes=1000000"};
	struct store_trial *trials;
	struct err e = ERR_INIT;
	size_t n;
	int done;

	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "needs about 1000000.00 GB of memory"));
	assert_int_equal(
		store_trial_list(lab_store(f->lab), &f->bag, 1, &trials, &n),
		STORE_OK);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(trials[i].status, "planned");
}

/* A trial that fails says why, and is tried again. */
static enum err_code failing_trial(struct study_run *r,
				   const struct study_arm *a, uint64_t seed,
				   struct err *e)
{
	const void *data;
	size_t len;

	(void)seed;
	if (!strcmp(a->name, "second"))
		return ERR_OK;
	return study_kept(r, "second", "nothing", &data, &len, e);
}

static void test_failed(void **state)
{
	struct fixture *f = *state;
	struct study failing = count_study;
	struct study_request want = {.study = &failing, .size = "desk"};
	struct store_trial *trials;
	struct store_arm *arms;
	struct err e = ERR_INIT;
	size_t n;
	int done;

	failing.trial = failing_trial;
	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_NOTFOUND);
	assert_non_null(strstr(e.msg, "trial 1 of 4, first at seed 1: "));
	assert_int_equal(
		store_trial_list(lab_store(f->lab), &f->bag, 1, &trials, &n),
		STORE_OK);
	assert_string_equal(trials[0].status, "failed");
	assert_non_null(strstr(trials[0].message, "'nothing'"));
	assert_int_equal(
		store_arm_list(lab_store(f->lab), &f->bag, 1, &arms, &n),
		STORE_OK);
	assert_string_equal(arms[0].status, "failed");
	failing.trial = count_trial;
	assert_int_equal(run_it(f, &want, 1, &done, &e), ERR_OK);
	assert_int_equal(done, 4);
}

/* While one process is at a study, another is told so. */
static struct fixture *at_work;

static enum err_code busy_trial(struct study_run *r, const struct study_arm *a,
				uint64_t seed, struct err *e)
{
	struct study_request want = {.study = &count_study, .size = "desk"};
	struct fixture second = *at_work;
	struct err why = ERR_INIT;
	int done;

	second.lab = NULL;
	second.bag = (struct store_bag){0};
	open_lab(&second);
	assert_int_equal(run_it(&second, &want, 1, &done, &why), ERR_BUSY);
	assert_non_null(strstr(why.msg, "is being worked on by process"));
	assert_int_equal(done, 0);
	store_bag_release(&second.bag);
	lab_close(second.lab);
	return count_trial(r, a, seed, e);
}

static void test_busy(void **state)
{
	struct study busy = count_study;
	struct study_request want = {.study = &busy, .size = "desk"};
	struct err e = ERR_INIT;
	int done;

	at_work = *state;
	busy.trial = busy_trial;
	assert_int_equal(run_it(at_work, &want, 1, &done, &e), ERR_OK);
	assert_int_equal(done, 4);
}

/* Asked to stop, it stops in the middle of a trial and goes on there. */
static atomic_bool interrupt;

static enum err_code stopping_trial(struct study_run *r,
				    const struct study_arm *a, uint64_t seed,
				    struct err *e)
{
	if (counted == 13)
		atomic_store(&interrupt, true);
	return count_trial(r, a, seed, e);
}

static void test_stopped(void **state)
{
	struct fixture *f = *state;
	struct study stopping = count_study;
	struct study_request want = {.study = &stopping, .size = "desk"};
	struct study_work work = {
		.threads = 1, .command = "test", .interrupt = &interrupt};
	struct store_job *jobs;
	struct study_plan plan;
	struct err e = ERR_INIT;
	size_t n;

	stopping.trial = stopping_trial;
	counted = 3; /* 13 when the second trial begins */
	assert_int_equal(plan_it(f, &want, &plan, &work.study_id, &e), ERR_OK);
	work.plan = &plan;
	assert_int_equal(study_lab_run(f->lab, &work, &e), ERR_CANCELLED);
	assert_int_equal(work.done, 1);
	assert_int_equal(
		store_job_list(lab_store(f->lab), &f->bag, 0, false, &jobs, &n),
		STORE_OK);
	assert_int_equal(jobs[0].state, STORE_JOB_STOPPED);
	atomic_store(&interrupt, false);
	assert_int_equal(study_lab_run(f->lab, &work, &e), ERR_OK);
	assert_int_equal(work.done, 4);
	study_plan_release(&plan);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_plan_stays),  lab_test(test_changed_program),
		lab_test(test_threads),     lab_test(test_killed),
		lab_test(test_judged_once), lab_test(test_memory),
		lab_test(test_failed),      lab_test(test_busy),
		lab_test(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
