/* SPDX-License-Identifier: MIT */
/* The study of the claim in a lab: killed and resumed, and what it refuses. */
#include "config.h"

#include "core/study/claim_int.h"

#include <setjmp.h>
#include <signal.h>
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
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/lives.h"
#include "core/lab/study_lab.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "store/store.h"
#include "store/store_int.h"
#include "store/study.h"

static const char tiny[] =
	"rows=4,cols=4,line=3,lives=tiny,filters=4,blocks=1,simulations=4,"
	"games=120,cut=40,before=3,after=2,per_stage=6,train=2,"
	"opening_plies=2,pairs=8,panel_pairs=0,curve_pairs=4,regret_moves=0,"
	"zero_epochs=1";

/* The arms that every claim has. */
static const struct study_arm arms[] = {
	{"ladder", "gate", "-"},      {"histories", "teacher", "-"},
	{"teacher", "teacher", "-"},  {"offline", "control", "-"},
	{"commit", "gate", "-"},      {"continued", "teacher", "-"},
	{"snapshot", "control", "-"}, {.name = NULL},
};

/* Where the process dies, or what is done to the lab, before a trial. */
static const char *kill_before;
static void (*strike)(const char *arm, uint64_t seed);
static uint64_t struck_seed; /* 0: the first that comes */

/* As the arms do that read what is past the cut. */
static bool read_past;

static enum err_code read_whole(struct study_run *r, uint64_t seed,
				struct err *e)
{
	struct game g;
	struct claim_run x = {
		.r = r, .c = study_conf(r), .g = &g, .seed = seed};
	struct life *l;
	enum err_code rc = claim_game(x.c, &g, e);

	if (rc)
		return rc;
	rc = claim_life(&x, seed, true, &l, e);
	life_free(l);
	return rc;
}

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	if (kill_before && !strcmp(a->name, kill_before) && seed != 1)
		raise(SIGKILL);
	if (strike)
		strike(a->name, seed);
	if (read_past && !strcmp(a->name, "snapshot"))
		return read_whole(r, seed, e);
	return study_claim.trial(r, a, seed, e);
}

struct fixture {
	char folder[64], path[96];
	struct lab *lab;
	struct store_bag bag;
	struct study study;
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

	snprintf(f->folder, sizeof(f->folder), "/tmp/plyscope-claim.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/lab.db", f->folder);
	open_lab(f);
	f->study = study_claim;
	f->study.arms = arms;
	f->study.trial = trial;
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;
	char *command = mem_printf("rm -rf %s", f->folder);

	kill_before = NULL;
	strike = NULL;
	struck_seed = 0;
	read_past = false;
	store_bag_release(&f->bag);
	lab_close(f->lab);
	assert_int_equal(system(command), 0);
	free(command);
	free(f);
	return 0;
}

static enum err_code run_it(struct fixture *f, const char *name,
			    const char *settings, int threads, struct err *e)
{
	struct study_work work = {.threads = threads, .command = "test"};
	struct study_request want = {
		.study = &f->study,
		.size = "smoke",
		.name = name,
		.settings = settings,
	};
	struct study_plan plan;
	struct store_study row;
	enum err_code rc =
		study_lab_plan(f->lab, &want, &plan, &f->bag, &row, e);

	work.plan = &plan;
	work.study_id = row.id;
	if (!rc && !row.id)
		rc = study_lab_write(f->lab, &plan, &work.study_id, e);
	if (!rc)
		rc = study_lab_run(f->lab, &work, e);
	study_plan_release(&plan);
	return rc;
}

/* Figures and hashes of all that was kept but the program, as one text. */
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
		 " where name <> 'program'"
		 " order by 1)");
	assert_true(sql_next(&q));
	buf_puts(&out, sql_col_text(&q, &f->bag));
	assert_int_equal(sql_end(&q), STORE_OK);
	return buf_detach(&out, NULL);
}

static void expect_refused(enum err_code rc, const struct err *e,
			   const char *part)
{
	if (!rc)
		fail_msg("not refused: %s", part);
	if (!strstr(e->msg, part))
		fail_msg("'%s' is not in '%s'", part, e->msg);
}

/* Killed twice, where lives are half made and where arms are half scored, and
 * gone on with another number of threads. */
static void test_killed(void **state)
{
	static const char *const where[] = {"offline", "continued"};
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	char *killed, *whole;
	int status;

	for (int i = 0; i < 2; i++) {
		pid_t pid;

		lab_close(f->lab);
		f->lab = NULL;
		pid = fork();
		if (!pid) {
			kill_before = where[i];
			open_lab(f);
			_exit(run_it(f, NULL, tiny, 1, &e) ? 1 : 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		open_lab(f);
	}
	if (run_it(f, NULL, tiny, 2, &e))
		fail_msg("%s", e.msg);
	killed = all_of(f);
	lab_close(f->lab);
	unlink(f->path);
	{
		char *after = mem_printf("%s-after", f->path);

		assert_int_equal(unlink(after), 0);
		free(after);
	}
	open_lab(f);
	assert_int_equal(run_it(f, NULL, tiny, 3, &e), ERR_OK);
	whole = all_of(f);
	assert_string_equal(killed, whole);
	assert_non_null(strstr(whole, "continued chained 2 0.0 1 0"));
	free(killed);
	free(whole);
}

/* A second plan finds the lives of the first, which are older than it. */
static void test_clock(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	assert_int_equal(run_it(f, NULL, tiny, 1, &e), ERR_OK);
	expect_refused(run_it(f, "again", tiny, 1, &e), &e,
		       "life tiny/1 was begun before the plan of again was "
		       "written");
}

/* --- what is done to a lab ----------------------------------------------- */

static struct fixture *struck;
static const char *struck_arm;
static const char *const *statements; /* ends with NULL */
static bool struck_after;             /* the file beside it */

static void strike_once(const char *arm, uint64_t seed)
{
	struct store *s = lab_store(struck->lab);
	struct err e = ERR_INIT;

	if (strcmp(arm, struck_arm) || (struck_seed && seed != struck_seed))
		return;
	strike = NULL;
	if (struck_after)
		assert_int_equal(lab_after(struck->lab, false, &s, &e), ERR_OK);
	assert_non_null(s);
	for (int i = 0; statements[i]; i++) {
		struct sql q;

		sql_write(&q, s, "test", statements[i]);
		assert_int_equal(sql_run(&q), STORE_OK);
	}
}

static void expect_struck(struct fixture *f, const char *arm, bool after,
			  const char *const *what, const char *part)
{
	struct err e = ERR_INIT;

	struck = f;
	struck_arm = arm;
	struck_after = after;
	statements = what;
	strike = strike_once;
	expect_refused(run_it(f, NULL, tiny, 1, &e), &e, part);
	assert_null(strike);
}

static const char *const swap[] = {
	"drop trigger life_stays",
	"update life set seed = 99 where seed = 1",
	"update life set seed = 1 where seed = 2",
	"update life set seed = 2 where seed = 99",
	NULL,
};

/* The bytes are sound, and another life's. */
static void test_other_life(void **state)
{
	expect_struck(*state, "offline", false, swap,
		      "life tiny/1 is that of seed 2");
}

static void test_other_continuation(void **state)
{
	struck_seed = 2;
	expect_struck(*state, "continued", true, swap,
		      "life tiny/2: the life after its cut was made");
}

/* Without the file beside the lab, arms that read what is past the cut have
 * nothing to read; it would be made again as it was. */
static void test_no_after(void **state)
{
	static const char *const gone[] = {"delete from life", NULL};

	read_past = true;
	expect_struck(*state, "snapshot", true, gone, "tiny/1");
}

static void test_cut_short(void **state)
{
	static const char *const cut[] = {
		"drop trigger life_stays",
		"update life set data = substr(data, 1, 200) where seed = 1",
		NULL,
	};

	expect_struck(*state, "offline", false, cut, "life");
}

/* What is past the cut was there before the commitment: it was made by chances
 * that somebody else drew. */
static void continue_otherwise(const char *arm, uint64_t seed)
{
	struct claim_conf c;
	struct recipe recipe;
	struct game g;
	struct life_config config = {
		.game = &g, .recipe = &recipe, .seed = seed};
	struct buf before, after;
	struct err e = ERR_INIT;

	if (strcmp(arm, "continued") || seed != 1)
		return;
	conf_defaults(claim_spec, &c);
	assert_int_equal(
		conf_read_list(claim_spec, &c,
			       study_size_find(&study_claim, "smoke")->settings,
			       "smoke", &e),
		ERR_OK);
	assert_int_equal(conf_read_list(claim_spec, &c, tiny, "tiny", &e),
			 ERR_OK);
	assert_int_equal(claim_game(&c, &g, &e), ERR_OK);
	claim_recipe(&c, seed, &recipe);
	config.grid = claim_grid(&c);
	buf_init(&before);
	buf_init(&after);
	assert_int_equal(
		lives_load(struck->lab, "tiny", seed, LIFE_BEFORE, &before, &e),
		ERR_OK);
	assert_int_equal(life_continue(&config, before.data, before.len, 7,
				       NULL, &after, &e),
			 ERR_OK);
	assert_int_equal(lives_put(struck->lab,
				   &(struct lives_put){.set = "tiny",
						       .seed = seed,
						       .part = LIFE_AFTER,
						       .settings = "-",
						       .begun_ms = 1,
						       .data = after.data,
						       .len = after.len},
				   NULL, NULL, &e),
			 ERR_OK);
	buf_release(&before);
	buf_release(&after);
}

static void test_other_commitment(void **state)
{
	struct err e = ERR_INIT;

	struck = *state;
	strike = continue_otherwise;
	expect_refused(run_it(struck, NULL, tiny, 1, &e), &e,
		       "life tiny/1 was continued by another commitment than "
		       "that of claim/smoke");
}

static void test_other_settings(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	char *other = mem_printf("%s,rate=0.003", tiny);

	assert_int_equal(run_it(f, NULL, tiny, 1, &e), ERR_OK);
	expect_refused(run_it(f, "other", other, 1, &e), &e,
		       "was made with other settings, rate = 0.002: name "
		       "another set");
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_killed, begin, end),
		cmocka_unit_test_setup_teardown(test_clock, begin, end),
		cmocka_unit_test_setup_teardown(test_other_life, begin, end),
		cmocka_unit_test_setup_teardown(test_other_continuation, begin,
						end),
		cmocka_unit_test_setup_teardown(test_no_after, begin, end),
		cmocka_unit_test_setup_teardown(test_cut_short, begin, end),
		cmocka_unit_test_setup_teardown(test_other_commitment, begin,
						end),
		cmocka_unit_test_setup_teardown(test_other_settings, begin,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
