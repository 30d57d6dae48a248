/* SPDX-License-Identifier: MIT */
/* What a study's page shows, brought together from its rows. */
#include "config.h"

#include "core/session/study_view.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/lab/study_picture.h"
#include "core/study/study.h"
#include "store/store.h"
#include "store/study.h"
#include "tests/session/made_claim.h"
#include "tests/session/made_lab.h"
#include "tests/session/made_study.h"

static int set_up(void **state)
{
	int rc = made_lab_set_up(state);

	made_study(lab_store(made_lab.lab));
	return rc;
}

static const struct study_panel *panel(const struct study_view *v,
				       const char *name)
{
	for (int i = 0; i < v->panel_count; i++)
		if (!strcmp(v->panels[i].name, name))
			return &v->panels[i];
	fail_msg("no panel %s", name);
	return NULL;
}

static void test_curves(void **state)
{
	struct study_view v = {0};
	struct err e = ERR_INIT;
	const struct study_panel *p;
	const struct study_line *l;

	(void)state;
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "rooms/desk", &e),
		ERR_OK);
	assert_int_equal(v.group_count, 3);
	assert_int_equal(v.panel_count, 16);
	/* Parts by number: 2 before 10. */
	assert_string_equal(v.groups[2].name, "task");
	assert_int_equal(v.groups[2].count, 14);
	assert_string_equal(v.panels[v.groups[2].first + 1].part, "2");
	assert_string_equal(v.panels[v.groups[2].first + 9].part, "10");

	p = panel(&v, "score");
	assert_int_equal(p->line_count, 3);
	l = &p->lines[2];
	assert_int_equal(l->arm, 2);
	assert_int_equal(l->count, 20);
	/* Seeds 0.17, 0.2, 0.23: mean 0.2, s 0.03, t of 2 degrees 4.3027. */
	assert_true(fabs(l->y[7] - 0.2) < 1e-12);
	assert_true(fabs(l->high[7] - (0.2 + 4.30265 * 0.03 / sqrt(3))) < 1e-5);
	assert_int_equal(l->seeds[7], 3);
	/* The teacher has no gap to itself. */
	p = panel(&v, "gap");
	assert_int_equal(p->line_count, 2);
	assert_int_equal(p->lines[0].arm, 1);
	assert_int_equal(p->longest, 1);
	study_view_release(&v);
}

static void test_costs(void **state)
{
	struct study_view v = {0};
	struct err e = ERR_INIT;
	const struct study_cost *c;

	(void)state;
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "rooms/desk", &e),
		ERR_OK);
	c = &v.costs[1];
	assert_int_equal(c->trials, 3);
	assert_int_equal(c->done, 3);
	assert_int_equal(c->held, 3);
	assert_int_equal(c->changed, 0);
	assert_int_equal(c->scored, 3600);
	assert_int_equal(c->trained_on, 3);
	assert_true(fabs(c->seconds - 3 * 51.5) < 1e-9);
	assert_string_equal(c->run, "c4");
	assert_int_equal(c->moved_count, 1);
	assert_true(fabs(c->moved[0].norm - 3.25) < 1e-12);
	assert_int_equal(c->kept_count, 1);
	assert_int_equal(v.seeds, 3);
	assert_int_equal(v.all.done, 9);
	assert_int_equal(v.all.held, 6);
	assert_string_equal(v.processors, "AVX-512, Haswell BLAS");
	study_view_release(&v);
}

/* Of one seed, the interval is that of the measure. */
static void test_begun(void **state)
{
	struct study_view v = {0};
	struct err e = ERR_INIT;
	const struct study_panel *p;

	(void)state;
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "rooms/smoke", &e),
		ERR_OK);
	assert_null(v.study.verdict);
	assert_int_equal(v.all.done, 1);
	assert_int_equal(v.all.failed, 1);
	assert_string_equal(v.all.message, "the disk is full");
	p = panel(&v, "score");
	assert_int_equal(p->line_count, 1);
	assert_true(fabs(p->lines[0].high[3] - p->lines[0].y[3] - 0.1) < 1e-12);
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "none", &e),
		ERR_NOTFOUND);
	assert_int_equal(v.arm_count, 0);
	study_view_release(&v);
}

static void test_states(void **state)
{
	struct store *s = lab_store(made_lab.lab);
	struct store_study_state *rows;
	struct store_bag bag = {0};
	size_t count;

	(void)state;
	assert_int_equal(store_study_states(s, &bag, &rows, &count), STORE_OK);
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].study.name, "rooms/smoke");
	assert_int_equal(rows[0].trials, 6);
	assert_int_equal(rows[0].done, 1);
	assert_int_equal(rows[0].failed, 1);
	assert_int_equal(rows[0].gates, 2);
	assert_int_equal(rows[0].judged, 0);
	assert_int_equal(rows[1].arms, 3);
	assert_int_equal(rows[1].done, 9);
	assert_int_equal(rows[1].judged, 2);
	assert_int_equal(rows[1].passed, 1);
	store_bag_release(&bag);
}

static const struct study_drawing *drawing(const struct study_view *v,
					   const char *title)
{
	for (int i = 0; i < v->drawings.count; i++)
		if (strstr(v->drawings.all[i].picture->title, title))
			return &v->drawings.all[i];
	fail_msg("no picture %s", title);
	return NULL;
}

static const struct study_row *row(const struct study_drawing *d,
				   const char *label)
{
	for (int i = 0; i < d->row_count; i++)
		if (!strcmp(d->rows[i].label, label))
			return &d->rows[i];
	fail_msg("no row %s", label);
	return NULL;
}

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* Seeds in shares of the teacher's end, and intervals of the judge. */
static void test_rows(void **state)
{
	struct study_view v = {0};
	const struct study_drawing *d;
	const struct study_row *r;

	(void)state;
	made_claim(lab_store(made_lab.lab));
	assert_int_equal(study_view_read(&v, lab_store(made_lab.lab),
					 "claim/desk", NULL),
			 ERR_OK);
	assert_int_equal(v.seeds, 3);
	assert_int_equal(v.link_count, 8);
	assert_string_equal(v.links[1].text + strlen("life 1 "),
			    "0123456789abcdef0123456789abcdef0123456789abcdef01"
			    "23456789abcdef\n");
	d = drawing(&v, "How far");
	assert_string_equal(d->rows[0].label, "strict");
	r = row(d, "strict");
	assert_int_equal(r->seeds, 3);
	assert_near(r->dots[0], -12 / 240.0);
	assert_near(r->dots[1], 12 / 260.0);
	assert_near(r->dots[2], -36 / 220.0);
	assert_near(r->low, -0.06);
	/* Nobody gave one of this: the mean of the seeds. */
	assert_near(row(d, "pooled")->value,
		    (48 / 240.0 + 72 / 260.0 + 24 / 220.0) / 3);
	/* The whole is no row, and the axis goes no further than its marks. */
	assert_int_equal(d->row_count, 6);
	assert_near(d->high, 1);
	d = drawing(&v, "Ladder");
	assert_string_equal(d->rows[0].label, "T_c, best move");
	assert_string_equal(d->rows[d->row_count - 1].label, "T_max");
	assert_near(row(d, "D_c")->value, 0);
	assert_near(row(d, "T_max")->value, 240);
	d = drawing(&v, "strongest control");
	assert_int_equal(d->row_count, 1);
	assert_string_equal(d->rows[0].against, "pooled");
	study_view_release(&v);
}

/* A seed at which the whole is not above 0 has no share. */
static void test_no_whole(void **state)
{
	struct store_study study = {.kind = "claim"};
	struct store_arm arms[] = {{.name = "continued", .role = "teacher"},
				   {.name = "strict", .role = "arm"}};
	struct study_figure f[] = {{"continued", "elo", 1, 0, 200, 0, 0, 9},
				   {"continued", "elo", 2, 0, -10, 0, 0, 9},
				   {"strict", "elo", 1, 0, 50, 40, 60, 9},
				   {"strict", "elo", 2, 0, 50, 40, 60, 9}};
	struct study_seen seen = {.study = &study,
				  .arms = arms,
				  .arm_count = 2,
				  .figures = f,
				  .figure_count = 4};
	struct study_drawings d;

	(void)state;
	study_drawings_make(&d, &seen);
	assert_true(d.all[0].dots);
	assert_int_equal(d.all[0].row_count, 1);
	assert_int_equal(d.all[0].rows[0].seeds, 1);
	assert_near(d.all[0].rows[0].value, 0.25);
	study_drawings_release(&d);
}

/* Up to the cut and past it, and levels; hindcasts in shares. */
static void test_lines(void **state)
{
	struct study_view v = {0};
	const struct study_drawing *d;

	(void)state;
	made_claim(lab_store(made_lab.lab));
	assert_int_equal(study_view_read(&v, lab_store(made_lab.lab),
					 "claim/desk", NULL),
			 ERR_OK);
	d = drawing(&v, "The learner");
	assert_near(d->cut, 500);
	assert_string_equal(d->strokes[0].label, "teacher");
	assert_false(d->strokes[0].dashed);
	assert_near(d->strokes[0].x[d->strokes[0].count - 1], 500);
	assert_true(d->strokes[1].dashed);
	assert_near(d->strokes[1].x[0], 500);
	assert_string_equal(d->strokes[2].label, "M dreams");
	assert_near(d->strokes[2].x[1], 564);
	assert_near(d->rows[0].value, 1.8);
	d = drawing(&v, "Hindcasts");
	assert_int_equal(d->stroke_count, 2);
	assert_string_equal(d->strokes[0].label, "cut 250");
	assert_near(d->strokes[0].x[1], 4);
	assert_near(d->strokes[0].y[1], 0.2);
	study_view_release(&v);
}

/* All strengths but one agree: the fit leaves that one, in part, over. */
static void test_fit(void **state)
{
	struct study_view v = {0};
	const struct study_drawing *d;
	double strict, pooled;

	(void)state;
	made_claim(lab_store(made_lab.lab));
	assert_int_equal(study_view_read(&v, lab_store(made_lab.lab),
					 "claim/desk", NULL),
			 ERR_OK);
	d = drawing(&v, "Transitivity");
	strict = row(d, "strict")->rest[2];
	pooled = row(d, "pooled")->rest[2];
	assert_true(strict > 0 && pooled < 0);
	/* Whatever strengths there are, 30 Elo lie between these residues. */
	assert_near(
		strict - pooled -
			(row(d, "strict")->rest[0] - row(d, "pooled")->rest[0]),
		30);
	assert_true(isnan(row(d, "continued")->rest[1]));
	study_view_release(&v);
}

static void test_svg(void **state)
{
	struct study_view v = {0};

	(void)state;
	made_claim(lab_store(made_lab.lab));
	assert_int_equal(study_view_read(&v, lab_store(made_lab.lab),
					 "claim/desk", NULL),
			 ERR_OK);
	for (int i = 0; i < v.drawings.count; i++) {
		struct buf svg;

		buf_init(&svg);
		study_drawing_svg(&v.drawings.all[i], &svg);
		assert_non_null(
			strstr(svg.data, v.drawings.all[i].picture->title));
		assert_null(strstr(svg.data, "nan"));
		assert_null(strstr(svg.data, "inf"));
		assert_non_null(strstr(svg.data, "</svg>"));
		buf_release(&svg);
	}
	assert_int_equal(v.drawings.count, 7);
	study_view_release(&v);
}

#define lab_test(f) \
	cmocka_unit_test_setup_teardown(f, set_up, made_lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_curves),
		lab_test(test_costs),
		lab_test(test_begun),
		lab_test(test_states),
		lab_test(test_rows),
		lab_test(test_lines),
		lab_test(test_fit),
		lab_test(test_svg),
		cmocka_unit_test(test_no_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
