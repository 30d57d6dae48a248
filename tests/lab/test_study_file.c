/* SPDX-License-Identifier: MIT */
/* A study as a file: into another lab and the same again, or not at all. */
#include "config.h"

#include "core/lab/study_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/study_lab.h"
#include "core/lab/study_report.h"
#include "core/lab/study_rows.h"
#include "core/lab/study_series.h"
#include "core/net/net.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "store/store.h"
#include "store/store_int.h"
#include "store/study.h"
#include "store/trial.h"

/* A study whose trials make all that a trial can make. */
static enum err_code nets_trial(struct study_run *r, const struct study_arm *a,
				uint64_t seed, struct err *e)
{
	struct net_config c = {0};
	struct buf spec;
	struct game g;
	char word[64] = "much longer than its limit of bytes in that file";
	float *params;
	enum err_code rc = game_init(&g, "tictactoe", e);

	net_config_game(&c, &g);
	if (!rc)
		rc = net_config_parse(&c,
				      "tower:filters=4,blocks=1,policy=2,"
				      "value=2,hidden=4",
				      e);
	if (rc)
		return rc;
	params = mem_floats(net_param_count(&c));
	net_init(&c, seed, params);
	buf_init(&spec);
	study_agent(r, a->name, &spec);
	if (strcmp(a->name, "plain"))
		study_network(r, &g, &c, params, 7, 70);
	study_play(r, &(struct study_game){
			      .game = &g,
			      .first = spec.data,
			      .second = "random",
			      .moves = "b2 a1 a2 c2 b1 b3 c1",
			      .plies = 7,
			      .opening = 2,
			      .result = 1,
		      });
	for (int x = 0; x < 3; x++)
		study_measure(r, "score", x, (double)seed + x / 3.0, 0.25, 1e9,
			      x);
	study_measure(r, "other/3", -1, -5, -6, -4, 0);
	study_keep(r, "short", &seed, sizeof(seed));
	study_keep(r, "long", word, sizeof(word));
	study_chain(r, "life %llu of %s", (unsigned long long)seed, a->name);
	study_ledger(r, "body", "policy", 0.125);
	study_ledger(r, "head", "value", 3);
	study_facts(r, 128, 1e5, 7);
	study_overlap(r, 10, 1);
	buf_release(&spec);
	free(params);
	return ERR_OK;
}

static void nets_judge(const struct study_measures *m,
		       struct study_judgement *out)
{
	study_gate_say(out, "g", true, 1, 0.5, "1 is more than 0.5");
	study_estimate(out, "score", (double)m->seed_count, 1, 3, 2, "sum");
	study_badge_say(out, STUDY_PASSED, "because");
}

static const struct study_arm nets_arms[] = {
	{"a", "arm", "an arm"}, {"plain", "control", "no network"}, {0}};
static const struct study_gate nets_gates[] = {{"g", "is"}, {0}};
static const struct study_size nets_sizes[] = {{"desk", "", 2}, {0}};
static const struct study nets_study = {
	.name = "nets",
	.question = "What?",
	.metric = "-",
	.thresholds = "-",
	.arms = nets_arms,
	.gates = nets_gates,
	.sizes = nets_sizes,
	.trial = nets_trial,
	.judge = nets_judge,
};

struct fixture {
	char folder[64], path[96], other_path[96];
	struct lab *lab, *other;
	struct store_bag bag;
	struct buf file;
};

static void need(enum err_code rc, const struct err *e)
{
	if (rc)
		fail_msg("%s", e->msg);
}

/* Planned in the lab, and run and judged if it is `whole`; as a file. */
static void make_file(struct fixture *f, bool whole, size_t most)
{
	struct study_request want = {.study = &nets_study, .size = "desk"};
	struct study_work work = {.threads = 1, .command = "test"};
	struct study_judgement j;
	struct study_plan plan;
	struct study_rows rows;
	struct store_study row;
	struct err e = ERR_INIT;

	need(study_lab_plan(f->lab, &want, &plan, &f->bag, &row, &e), &e);
	work.plan = &plan;
	work.study_id = row.id;
	if (!row.id)
		need(study_lab_write(f->lab, &plan, &work.study_id, &e), &e);
	if (whole) {
		need(study_lab_run(f->lab, &work, &e), &e);
		need(study_lab_judge(f->lab, &plan, true, &j, &e), &e);
		study_judgement_release(&j);
	}
	need(study_rows_read(&rows, lab_store(f->lab), plan.name, &e), &e);
	buf_clear(&f->file);
	need(study_file_write(f->lab, &rows, most, &f->file, &e), &e);
	study_rows_release(&rows);
	study_plan_release(&plan);
}

static int begin(void **state)
{
	struct fixture *f = mem_zalloc(1, sizeof(*f));
	struct err e = ERR_INIT;

	snprintf(f->folder, sizeof(f->folder), "/tmp/plyscope-lab.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/lab.db", f->folder);
	snprintf(f->other_path, sizeof(f->other_path), "%s/other.db",
		 f->folder);
	need(lab_open(&f->lab, f->path, LAB_CREATE, &e), &e);
	need(lab_open(&f->other, f->other_path, LAB_CREATE, &e), &e);
	buf_init(&f->file);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;
	char *command = mem_printf("rm -rf %s", f->folder);

	buf_release(&f->file);
	store_bag_release(&f->bag);
	lab_close(f->lab);
	lab_close(f->other);
	assert_int_equal(system(command), 0);
	free(command);
	free(f);
	return 0;
}

/* All that is of studies in a lab, without the numbers of rows. */
static char *all_of(struct fixture *f, struct lab *lab)
{
	static const char *const queries[] = {
		"select quote(name) || quote(kind) || quote(size) ||"
		" quote(question) || quote(metric) || quote(thresholds) ||"
		" quote(frozen) || quote(plan) || quote(plan_sha256) ||"
		" quote(planned_ms) || quote(verdict) || quote(reason) ||"
		" quote(decided_ms) from study order by name",
		"select quote(study) || quote(arm) || quote(role) ||"
		" quote(figure) || quote(seed) || quote(x) || quote(value) ||"
		" quote(low) || quote(high) || quote(n) from figures"
		" order by study, arm, figure, seed, x",
		"select quote(number) || quote(name) || quote(rule) ||"
		" quote(passed) || quote(value) || quote(bound) || quote(said)"
		" from gate order by study_id, number",
		"select quote(number) || quote(name) || quote(value) ||"
		" quote(low) || quote(high) || quote(n) || quote(what)"
		" from estimate order by study_id, number",
		"select quote(a.name) || quote(a.status) || quote(t.seed) ||"
		" quote(t.status) || quote(t.plan_sha256) ||"
		" quote(t.processor) || quote(t.started_ms) ||"
		" quote(t.seconds) || quote(t.games) || quote(t.state_bytes)"
		" || quote(t.flops_per_move) || quote(t.scored) ||"
		" quote(t.trained_on) from trial t join arm a on"
		" a.id = t.arm_id order by t.id",
		"select quote(name) || quote(sha256) || quote(bytes) ||"
		" quote(data is null) from kept order by id",
		"select quote(block) || quote(loss) || quote(norm) from ledger"
		" order by trial_id, number",
		"select quote(r.name) || quote(r.kind) || quote(r.game) ||"
		" quote(c.step) || quote(c.network) ||"
		" quote(c.weights_sha256) || quote(c.games) ||"
		" quote(c.samples) from run r left join checkpoint c on"
		" c.run_id = r.id order by r.name, c.step",
		"select quote(run) || quote(first) || quote(second) ||"
		" quote(moves) || quote(result) || quote(purpose) from games"
		" order by id",
	};
	struct buf out;
	struct sql q;

	buf_init(&out);
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		sql_read(&q, lab_store(lab), "test", queries[i]);
		while (sql_next(&q))
			buf_printf(&out, "%zu %s\n", i,
				   sql_col_text(&q, &f->bag));
		assert_int_equal(sql_end(&q), STORE_OK);
	}
	return buf_detach(&out, NULL);
}

/* The first line that differs is told. */
static void same_lines(const char *a, const char *b)
{
	while (*a || *b) {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (n != m || strncmp(a, b, n))
			fail_msg("'%.*s' and '%.*s'", (int)n, a, (int)m, b);
		a += n + (a[n] != '\0');
		b += m + (b[m] != '\0');
	}
}

static enum err_code import(struct fixture *f, const struct buf *file,
			    const char *as, struct err *e)
{
	struct buf name;
	enum err_code rc;

	buf_init(&name);
	rc = study_file_read(f->other, file->data, file->len, "x.study", as,
			     &name, e);
	buf_release(&name);
	return rc;
}

static void problem(void *ctx, const char *text)
{
	(void)ctx;
	print_message("# %s\n", text);
}

static void sound(struct lab *lab)
{
	int64_t problems;

	assert_int_equal(store_check(lab_store(lab), problem, NULL, &problems),
			 STORE_OK);
	assert_int_equal(problems, 0);
}

static void test_round_trip(void **state)
{
	struct fixture *f = *state;
	struct study_request want = {.study = &nets_study, .size = "desk"};
	struct study_judgement j;
	struct study_plan plan;
	struct store_study row;
	struct err e = ERR_INIT;
	struct agent *agent;
	struct game g;
	char *here, *there;

	make_file(f, true, STUDY_FILE_BLOB);
	need(import(f, &f->file, NULL, &e), &e);
	here = all_of(f, f->lab);
	there = all_of(f, f->other);
	same_lines(here, there);
	/* Seven figures, networks and all were there to be compared. */
	assert_non_null(strstr(here, "'other/3'"));
	assert_non_null(strstr(here, "'nets.desk.a''study'"));
	assert_non_null(strstr(here, "'policy:nets.desk.plain/2'"));
	sound(f->other);
	/* Its networks play, and its verdict is what its figures give. */
	need(game_init(&g, "tictactoe", &e), &e);
	need(agent_open(&agent, "policy:nets.desk.a/2", &g,
			lab_agents(f->other), &e),
	     &e);
	agent_close(agent);
	need(study_lab_plan(f->other, &want, &plan, &f->bag, &row, &e), &e);
	need(study_lab_judge(f->other, &plan, true, &j, &e), &e);
	assert_int_equal(j.badge, STUDY_PASSED);
	study_judgement_release(&j);
	study_plan_release(&plan);
	/* Once more is refused, and under another name it is renamed. */
	assert_int_equal(import(f, &f->file, NULL, &e), ERR_IO);
	assert_non_null(strstr(e.msg, "has a study named nets/desk already"));
	need(import(f, &f->file, "theirs", &e), &e);
	free(there);
	there = all_of(f, f->other);
	assert_non_null(strstr(there, "'policy:theirs.a/1'"));
	sound(f->other);
	free(here);
	free(there);
}

/* The report has what people read and what programs read. */
static void test_report(void **state)
{
	struct fixture *f = *state;
	struct study_panels panels;
	struct study_rows rows;
	struct buf text;
	struct err e = ERR_INIT;
	char *folder = mem_printf("%s/report", f->folder);

	make_file(f, true, STUDY_FILE_BLOB);
	need(study_rows_read(&rows, lab_store(f->lab), "nets/desk", &e), &e);
	buf_init(&text);
	study_report_text(lab_store(f->lab), &rows, &text);
	assert_non_null(strstr(text.data, "# nets/desk: passed\n"));
	assert_non_null(strstr(text.data, "| g | passed | 1 | 0.5 | is | 1 is "
					  "more than 0.5 |\n"));
	assert_non_null(strstr(text.data, "| score | 2 | 1 | 3 | 2 | sum |"));
	/* Means of seeds 1 and 2 at x 0, 1 and 2. */
	assert_non_null(strstr(text.data, "| score | a | 1.5 | 1.833 | 2.167 "
					  "|\n"));
	assert_non_null(strstr(text.data, "| a | 1 | body | policy | 0.125 |"));
	assert_non_null(strstr(text.data,
			       "## Chain of custody\n\n```\nlife 1 of a\n"
			       "life 1 of plain\nlife 2 of a\n"
			       "life 2 of plain\n```\n"));
	assert_non_null(strstr(text.data, rows.study.plan_sha256));
	assert_non_null(strstr(text.data, rows.study.plan));
	buf_clear(&text);
	study_report_csv(&rows, &text);
	assert_non_null(strstr(text.data, "nets/desk,a,other/3,2,-1,-5,-6,-4,0"
					  "\n"));
	buf_clear(&text);
	study_panels_make(&panels, &rows);
	assert_int_equal(panels.count, 4);
	assert_false(study_is_curve(&panels, "other"));
	assert_true(study_is_curve(&panels, "score"));
	study_plot(&panels, "score", &text);
	assert_non_null(strstr(text.data, ">plain</text>"));
	assert_string_equal(text.data + text.len - 7, "</svg>\n");
	study_panels_release(&panels);

	need(study_report(f->lab, &rows, STUDY_FILE_BLOB, folder, &e), &e);
	assert_int_equal(
		study_report(f->lab, &rows, STUDY_FILE_BLOB, folder, &e),
		ERR_USAGE);
	assert_non_null(strstr(e.msg, "is there already"));
	free(folder);
	folder = mem_printf("%s/no/report", f->folder);
	assert_int_equal(
		study_report(f->lab, &rows, STUDY_FILE_BLOB, folder, &e),
		ERR_IO);
	study_rows_release(&rows);
	buf_release(&text);
	free(folder);
}

/* Eight arms of two families: a panel and a table for each, and parts in the
 * order of their numbers. */
static void test_families(void **state)
{
	static const char *const names[] = {"p0-a", "p0-b", "p0-c", "p0-d",
					    "p4-a", "p4-b", "p4-c", "p4-d"};
	struct study_figure figures[8 * 4];
	struct store_arm arms[8] = {{.name = NULL}};
	struct study_rows rows = {.arms = arms,
				  .arm_count = 8,
				  .figures = figures,
				  .figure_count = 8 * 4};
	struct study_panels p;
	struct buf svg;

	(void)state;
	for (int i = 0; i < 8; i++) {
		arms[i].name = names[i];
		for (int k = 0; k < 4; k++)
			figures[4 * i + k] = (struct study_figure){
				.arm = names[i],
				.name = k < 2 ? "task/10" : "task/9",
				.seed = 1,
				.x = k % 2,
				.value = i + k,
			};
	}
	study_panels_make(&p, &rows);
	assert_int_equal(p.count, 16);
	assert_string_equal(p.series[0].name, "task/9");
	assert_true(study_by_family(&p, "task"));
	assert_int_equal(study_panel(&p, 0, false), 8);
	assert_int_equal(study_panel(&p, 0, true), 4);
	assert_string_equal(p.series[4].arm, "p4-a");
	buf_init(&svg);
	study_plot(&p, "task/9", &svg);
	assert_non_null(strstr(svg.data, ">p4 task/10</text>"));
	buf_release(&svg);
	study_panels_release(&p);
}

/* Where the words of an SVG stand; -1: nowhere. */
static double x_of(const char *svg, const char *words)
{
	char *end = mem_printf(">%s</text>", words);
	const char *at = strstr(svg, end);

	free(end);
	while (at && at > svg && strncmp(at, "x=\"", 3) != 0)
		at--;
	return at ? strtod(at + 3, NULL) : -1;
}

/* What grows by factors is drawn by factors; what is counted is not. */
static void test_by_factors(void **state)
{
	static const double sizes[] = {1000, 3162, 10000, 31623, 100000};
	struct study_figure f[2 * 5];
	struct store_arm arm = {.name = "a"};
	struct study_rows rows = {.arms = &arm,
				  .arm_count = 1,
				  .figures = f,
				  .figure_count = 2 * 5};
	struct study_panels p;
	struct buf svg;
	double step;

	(void)state;
	for (int i = 0; i < 10; i++)
		f[i] = (struct study_figure){.arm = "a",
					     .name = i < 5 ? "gap" : "loss",
					     .seed = 1,
					     .x = i < 5 ? sizes[i]
							: 10 + 100 * (i - 5),
					     .value = i};
	study_panels_make(&p, &rows);
	buf_init(&svg);
	study_plot(&p, "gap", &svg);
	step = x_of(svg.data, "10000") - x_of(svg.data, "1000");
	assert_true(step > 100);
	assert_true(fabs(x_of(svg.data, "100000") - x_of(svg.data, "10000") -
			 step) < 0.2);
	assert_true(x_of(svg.data, "2000") > x_of(svg.data, "1000"));
	buf_clear(&svg);
	study_plot(&p, "loss", &svg);
	step = x_of(svg.data, "200") - x_of(svg.data, "100");
	assert_true(step > 20);
	assert_true(fabs(x_of(svg.data, "300") - x_of(svg.data, "200") - step) <
		    0.2);
	buf_release(&svg);
	study_panels_release(&p);
}

/* Large things stay behind, and are known by their hash. */
static void test_limit(void **state)
{
	struct fixture *f = *state;
	struct store_bag bag = {0};
	struct study_rows rows;
	struct err e = ERR_INIT;
	const void *data;
	size_t len;

	make_file(f, true, 8);
	need(import(f, &f->file, NULL, &e), &e);
	need(study_rows_read(&rows, lab_store(f->other), "nets/desk", &e), &e);
	assert_int_equal(store_kept_load(lab_store(f->other), &bag,
					 rows.arms[0].id, 2, "short", &data,
					 &len),
			 STORE_OK);
	assert_int_equal(len, 8);
	assert_int_equal(store_kept_load(lab_store(f->other), &bag,
					 rows.arms[0].id, 2, "long", &data,
					 &len),
			 STORE_NOTFOUND);
	sound(f->other);
	study_rows_release(&rows);
	store_bag_release(&bag);
}

/* What is planned alone, or half done, goes on in the other lab. */
static void test_goes_on(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct lab *swap;
	char *here, *there;

	make_file(f, false, STUDY_FILE_BLOB);
	need(import(f, &f->file, NULL, &e), &e);
	swap = f->lab;
	f->lab = f->other;
	f->other = swap;
	make_file(f, true, STUDY_FILE_BLOB);
	here = all_of(f, f->lab);
	assert_non_null(strstr(here, "'passed'"));
	there = all_of(f, f->other);
	assert_null(strstr(there, "'passed'"));
	free(here);
	free(there);
}

/* Cut short anywhere and with any byte changed, it is refused, and nothing of
 * it is in the lab. */
static void test_damaged(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct buf bad;
	char *before, *after;

	make_file(f, true, STUDY_FILE_BLOB);
	before = all_of(f, f->other);
	buf_init(&bad);
	for (size_t i = 0; i < f->file.len; i++) {
		buf_clear(&bad);
		buf_add(&bad, f->file.data, i);
		assert_int_equal(import(f, &bad, NULL, &e), ERR_FORMAT);
		buf_clear(&bad);
		buf_add(&bad, f->file.data, f->file.len);
		bad.data[i] = (char)(bad.data[i] ^ (1 << (i % 8)));
		if (import(f, &bad, NULL, &e) != ERR_FORMAT &&
		    e.code != ERR_VERSION)
			fail_msg("byte %zu: %s", i, e.msg);
	}
	buf_clear(&bad);
	buf_add(&bad, f->file.data, f->file.len - 1);
	assert_int_equal(import(f, &bad, NULL, &e), ERR_FORMAT);
	assert_non_null(strstr(e.msg, "x.study is cut short: "));
	buf_add(&bad, "xy", 2);
	assert_int_equal(import(f, &bad, NULL, &e), ERR_FORMAT);
	assert_non_null(strstr(e.msg, "x.study was altered"));
	after = all_of(f, f->other);
	assert_string_equal(before, after);
	buf_release(&bad);
	free(before);
	free(after);
}

/* Somebody who knows the form and packs what they like: a sentence and nothing
 * in the lab, or a lab that is sound. */
static void test_hostile(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct buf body, bad, packed;
	int taken = 0;

	make_file(f, true, STUDY_FILE_BLOB);
	buf_init(&body);
	buf_init(&bad);
	buf_init(&packed);
	need(study_file_unpack(f->file.data, f->file.len, "x", &body, &e), &e);
	for (int i = 0; i < 500; i++) {
		char name[16];
		struct rng r;
		size_t at;

		rng_init(&r, 5, RNG_TEST, (uint64_t)i, 0);
		at = rng_below(&r, (uint32_t)body.len);
		buf_clear(&bad);
		buf_clear(&packed);
		buf_add(&bad, body.data, i % 5 ? body.len : at);
		for (int k = 0; k < i % 5; k++) {
			at = rng_below(&r, (uint32_t)body.len);
			bad.data[at] = i % 2 ? (char)rng_below(&r, 256)
					     : (char)(rng_below(&r, 2) * 255);
		}
		study_file_pack(&bad, &packed);
		snprintf(name, sizeof(name), "s%d", i);
		if (import(f, &packed, name, &e))
			assert_true(e.msg[0] != '\0');
		else
			taken++;
	}
	assert_true(taken > 0 && taken < 500);
	sound(f->other);
	buf_release(&packed);
	buf_release(&bad);
	buf_release(&body);
}

#define file_test(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		file_test(test_round_trip), file_test(test_report),
		file_test(test_families),   file_test(test_by_factors),
		file_test(test_limit),      file_test(test_goes_on),
		file_test(test_damaged),    file_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
