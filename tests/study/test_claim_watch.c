/* SPDX-License-Identifier: MIT */
/* What imitators that watch are given, and what they hand over. */
#include "config.h"

#include "core/study/claim_int.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/learn/life.h"
#include "core/study/claim_int.h"
#include "core/study/plan.h"
#include "core/study/result.h"
#include "core/study/said.h"
#include "core/study/study.h"

static const char tiny[] =
	"rows=4,cols=4,line=3,lives=tiny,filters=4,blocks=1,simulations=4,"
	"games=160,cut=40,before=4,after=3,per_stage=8,train=2,more=1,"
	"zero_epochs=0.1,zero_filters=4,zero_blocks=1,"
	"opening_plies=2,pairs=6,panel_pairs=0,curve_pairs=1,regret_moves=0,"
	"watch_width=16,watch_layers=1,watch_heads=2,watch_context=64,"
	"watch_tokens=0.01,watch_sequences=4,watch_warmup=2,"
	"dreamed=8,dream_lanes=2,dream_tail=30,simulated=8,sim_lanes=2";

enum { MOST = 400 };

/* All that trials kept and put, by name. */
static struct {
	char *name; /* owned */
	struct buf bytes;
} shelf[MOST];
static int on_shelf, read_past; /* parts past a cut that were asked for */

static struct study_plan plan;
static struct pool *pool;

static void put(const char *name, const void *data, size_t len)
{
	assert_true(on_shelf < MOST);
	shelf[on_shelf].name = mem_strdup(name);
	buf_init(&shelf[on_shelf].bytes);
	buf_add(&shelf[on_shelf++].bytes, data, len);
}

static enum err_code find(const char *name, struct buf *out, struct err *e)
{
	for (int i = 0; i < on_shelf; i++)
		if (!strcmp(shelf[i].name, name)) {
			buf_add(out, shelf[i].bytes.data, shelf[i].bytes.len);
			return ERR_OK;
		}
	return err_set(e, ERR_NOTFOUND, "no %s", name);
}

static enum err_code kept(void *self, const char *arm, uint64_t seed,
			  const char *name, struct buf *out, struct err *e)
{
	char full[128];

	(void)self;
	snprintf(full, sizeof(full), "%s.%llu.%s", arm,
		 (unsigned long long)seed, name);
	return find(full, out, e);
}

static void life_name(uint64_t seed, enum life_part part, char out[64])
{
	snprintf(out, 64, "life.%llu.%d", (unsigned long long)seed, (int)part);
}

static enum err_code life(void *self, const char *set, uint64_t seed,
			  enum life_part part, struct buf *out, struct err *e)
{
	char name[64];

	(void)self;
	(void)set;
	read_past += part == LIFE_AFTER;
	life_name(seed, part, name);
	return find(name, out, e);
}

static enum err_code life_put(void *self, const char *set, uint64_t seed,
			      enum life_part part, const char *settings,
			      const void *data, size_t len, struct err *e)
{
	char name[64];

	(void)self;
	(void)set;
	(void)settings;
	(void)e;
	life_name(seed, part, name);
	put(name, data, len);
	return ERR_OK;
}

static bool follows(void *self, const char *set, uint64_t seed,
		    enum life_part part)
{
	(void)self;
	(void)set;
	(void)seed;
	(void)part;
	return true;
}

/* An arm at each of its seeds; the result of the last is the caller's. */
static void try_arm(const char *arm, struct study_result *out)
{
	const struct study_sink sink = {.kept = kept,
					.life = life,
					.life_put = life_put,
					.life_follows = follows};
	struct err e = ERR_INIT;
	bool tried = false;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < study_plan_trials(&plan); i++) {
		uint64_t seed;
		char name[128];

		if (strcmp(study_plan_trial(&plan, i, &seed)->name, arm))
			continue;
		if (tried)
			study_result_release(out);
		tried = true;
		if (study_try(&plan, i, pool, NULL, &sink, out, &e))
			fail_msg("%s: %s", arm, e.msg);
		for (size_t k = 0; k < out->blob_count; k++) {
			snprintf(name, sizeof(name), "%s.%llu.%s", arm,
				 (unsigned long long)seed, out->blobs[k].name);
			put(name, out->blobs[k].data, out->blobs[k].len);
		}
	}
	assert_true(tried);
}

static void do_arm(const char *arm)
{
	struct study_result r;

	try_arm(arm, &r);
	study_result_release(&r);
}

static int setup(void **state)
{
	struct study_request want = {.study = &study_claim,
				     .size = "smoke",
				     .settings = tiny,
				     .seeds = 2,
				     .development = true};
	struct err e = ERR_INIT;
	char commitment[65];

	(void)state;
	if (study_plan_make(&plan, &want, &e))
		fail_msg("%s", e.msg);
	pool = pool_new(2);
	do_arm("histories");
	do_arm("teacher");
	do_arm("offline");
	memset(commitment, '7', 64);
	put("commit.0.commitment", commitment, 64);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < on_shelf; i++) {
		free(shelf[i].name);
		buf_release(&shelf[i].bytes);
	}
	pool_free(pool);
	study_plan_release(&plan);
	return 0;
}

static double value_of(const struct study_result *r, const char *name, double x)
{
	for (size_t i = 0; i < r->measure_count; i++)
		if (!strcmp(r->measures[i].name, name) &&
		    fabs(r->measures[i].x - x) < 1e-9)
			return r->measures[i].value;
	return (double)NAN;
}

/* Only the imitator of whole lives is given anything past a cut. */
static void test_what_is_given(void **state)
{
	static const char *const cut[] = {"net-strict",   "net-shuffled",
					  "net-reversed", "net-last",
					  "net-masked",   "legible"};
	struct study_result r;
	struct buf unused;

	(void)state;
	/* One that nobody sees whole is made no further than its cut. */
	buf_init(&unused);
	assert_int_equal(find("life.2003.0", &unused, NULL), ERR_OK);
	assert_int_equal(find("life.2003.1", &unused, NULL), ERR_NOTFOUND);
	buf_release(&unused);
	for (size_t i = 0; i < sizeof(cut) / sizeof(*cut); i++) {
		read_past = 0;
		try_arm(cut[i], &r);
		assert_int_equal(read_past, 0);
		/* Of three lives, 4 stages of 8 games. */
		if (!strcmp(cut[i], "net-strict"))
			assert_int_equal(r.games, 3 * 4 * 8);
		study_result_release(&r);
	}
	read_past = 0;
	try_arm("net-whole", &r);
	assert_int_equal(read_past, 2);
	assert_int_equal(r.games, 2 * 7 * 8);
	assert_false(isnan(value_of(&r, "unseen/kl", 0)));
	assert_true(r.ledger_count > 3);
	assert_true(r.state_bytes > 0);
	study_result_release(&r);
}

/* Who sees no life past its cut may learn for a shorter time. */
static void test_how_long(void **state)
{
	struct claim_conf *c = plan.conf;
	struct study_result r;

	(void)state;
	c->watch_cut_tokens = 0.005f;
	try_arm("net-last", &r);
	assert_false(isnan(value_of(&r, "loss", 20)));
	assert_true(isnan(value_of(&r, "loss", 40)));
	study_result_release(&r);
	try_arm("net-whole", &r);
	assert_false(isnan(value_of(&r, "loss", 40)));
	study_result_release(&r);
	c->watch_cut_tokens = 0;
}

/* A dream is told as games by both sides, and scored before and after it. */
static void test_strict(void **state)
{
	struct study_result r;
	int dreamed = 0;

	(void)state;
	do_arm("continued");
	read_past = 0;
	try_arm("strict", &r);
	assert_int_equal(read_past, 0);
	assert_false(isnan(value_of(&r, "elo", 0)));
	assert_false(isnan(value_of(&r, "elo", 8)));
	assert_true(isnan(value_of(&r, "elo", 64)));
	assert_true(isnan(value_of(&r, "top", 0)));
	assert_false(isnan(value_of(&r, "top", 8)));
	assert_true(value_of(&r, "dream/truly", 8) > 0);
	/* These seeds tune: its moves drawn, too. */
	assert_false(isnan(value_of(&r, "warm", 1)));
	for (size_t i = 0; i < r.played_count; i++)
		dreamed += !strcmp(r.played[i].first, r.played[i].second);
	assert_int_equal(dreamed, 2);
	assert_string_equal(r.before, r.after);
	study_result_release(&r);
}

/* One reader is there to be looked at, with what it read.  Every player but the
 * solver gives chances that sum to one. */
static void test_said(void **state)
{
	const struct study_sink sink = {.kept = kept,
					.life = life,
					.life_put = life_put,
					.life_follows = follows};
	const struct study_blob *b = NULL;
	struct study_result r;
	struct said s;
	uint64_t seed;
	char *text;
	int read = 0, trial = 0;

	(void)state;
	while (strcmp(study_plan_trial(&plan, trial, &seed)->name, "strict"))
		trial++;
	memset(&r, 0, sizeof(r));
	read_past = 0;
	assert_int_equal(study_try(&plan, trial, pool, NULL, &sink, &r, NULL),
			 ERR_OK);
	assert_int_equal(read_past, 0);
	for (size_t i = 0; i < r.played_count; i++)
		read += !strncmp(r.played[i].first, "policy:tiny/1001.", 17);
	assert_true(read > 0);
	for (size_t i = 0; i < r.blob_count; i++)
		if (!strcmp(r.blobs[i].name, "positions"))
			b = &r.blobs[i];
	assert_non_null(b);
	text = mem_printf("%.*s", (int)b->len, b->data);
	assert_int_equal(said_read(text, &s, NULL), ERR_OK);
	assert_int_equal(s.count, 40);
	assert_int_equal(s.player_count, 5);
	assert_string_equal(s.players[4], "solver");
	for (int i = 0; i < s.count; i++) {
		const struct said_position *p = &s.positions[i];

		for (int k = 0; k < s.player_count; k++) {
			double sum = 0;

			for (int m = 0; m < p->legal; m++)
				sum += (double)p->figures[k * p->legal + m];
			assert_false(isnan(p->value[k]));
			assert_true(k == 4 || fabs(sum - 1) < 0.01);
		}
	}
	said_release(&s);
	free(text);
	study_result_release(&r);
}

/* What is read differs: by the real end of the life, and by no tail at all. */
static void test_controls(void **state)
{
	struct study_result r;

	(void)state;
	read_past = 0;
	try_arm("yoked", &r);
	assert_true(read_past > 0);
	assert_false(isnan(value_of(&r, "elo", 0)));
	assert_true(isnan(value_of(&r, "elo", 8)));
	study_result_release(&r);
	read_past = 0;
	do_arm("empty");
	assert_int_equal(read_past, 0);
	try_arm("sim", &r);
	assert_true(value_of(&r, "dream/truly", 8) == 1);
	study_result_release(&r);
}

/* At the cut, at half of its games and at a quarter: an imitator, and the
 * teacher at the cut and past it. */
static void test_hindcast(void **state)
{
	static const char *const cuts[] = {"40", "20", "10"};
	struct study_result r;

	(void)state;
	try_arm("hindcast", &r);
	for (int i = 0; i < 3; i++) {
		char name[64];
		int count = 0;

		snprintf(name, sizeof(name), "hind/%s/imitator", cuts[i]);
		assert_false(isnan(value_of(&r, name, 0)));
		assert_false(isnan(value_of(&r, name, 8)));
		snprintf(name, sizeof(name), "hind/%s/teacher", cuts[i]);
		for (size_t k = 0; k < r.measure_count; k++)
			count += !strcmp(r.measures[k].name, name);
		assert_true(count >= 3);
	}
	study_result_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_given),
		cmocka_unit_test(test_how_long),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_hindcast),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
