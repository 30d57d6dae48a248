/* SPDX-License-Identifier: MIT */
/* Rows as JSON, lines and cells: a kind of our own, then those of the lab. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/json.h"
#include "store/game.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/row/write.h"

struct thing {
	int64_t id, parent, step, made_ms;
	int plies;
	uint64_t seed;
	size_t bytes;
	double elo, low, high;
	const char *name, *game, *facts;
};

ROW_ESTIMATE(struct thing, elo, low, high);

static void write_both(const void *row, struct row_at *at, struct buf *out)
{
	const struct thing *t = row;

	if (t->step < 0)
		return;
	buf_printf(out, "%s/%lld in %d", t->name, (long long)t->step,
		   at->width);
	at->style = STYLE_BAD;
}

#define ROW struct thing

static const struct row_field fields[] = {
	ROW_FIELD("id", ROW_INT64, id, .label = "number"),
	ROW_FIELD("parent", ROW_ID, parent, .flags = ROW_OMIT),
	ROW_FIELD("step", ROW_STEP, step),
	ROW_FIELD("plies", ROW_INT, plies),
	ROW_FIELD("seed", ROW_SEED, seed),
	ROW_FIELD("bytes", ROW_SIZE, bytes, .flags = ROW_ONLY_SHOW),
	ROW_FIELD("elo", ROW_REAL, elo, .head = "Elo", .decimals = 1,
		  .width = 6, .flags = ROW_SORTS),
	ROW_FIELD("name", ROW_TEXT, name, .flags = ROW_DASH),
	ROW_FIELD("game", ROW_TEXT, game, .text = row_write_game),
	ROW_FIELD("facts", ROW_JSON, facts, .flags = ROW_ONLY_LIST),
	ROW_FIELD("made_ms", ROW_DATE, made_ms, .label = "made"),
	ROW_READ("range", elo, .text = row_write_range, .label = "elo"),
	ROW_MAKE("both", .text = write_both, .width = 9, .style = STYLE_DIM,
		 .flags = ROW_DASH | ROW_RIGHT),
	ROW_FIELD("spec", ROW_TEXT, game, .flags = ROW_NO_JSON),
	{.name = NULL},
};

static const struct row_kind kind = {
	.name = "thing",
	.size = sizeof(struct thing),
	.fields = fields,
};

static const struct thing full = {
	.id = 7,
	.parent = 3,
	.step = 0,
	.made_ms = 1700000000000,
	.plies = 9,
	.seed = UINT64_MAX,
	.bytes = 12,
	.elo = 10.25,
	.low = 1,
	.high = 20,
	.name = "c4",
	.game = "drop:rows=6,cols=7,line=4",
	.facts = "{\"dots\":3}",
};

static struct thing empty(void)
{
	return (struct thing){.step = -1,
			      .elo = (double)NAN,
			      .low = (double)NAN,
			      .high = (double)NAN,
			      .game = "tictactoe"};
}

static void expect_json(const struct thing *t, enum row_flags place,
			const char *text)
{
	struct json j;
	struct buf b;

	buf_init(&b);
	json_init(&j, &b);
	row_json(&kind, t, place, &j);
	assert_string_equal(b.data, text);
	buf_release(&b);
}

static void test_json(void **state)
{
	struct thing none = empty();

	(void)state;
	expect_json(&full, ROW_ONLY_LIST,
		    "{\"id\":7,\"parent\":3,\"step\":0,\"plies\":9,"
		    "\"seed\":-1,\"elo\":10.25,\"name\":\"c4\","
		    "\"game\":\"drop:rows=6,cols=7,line=4\","
		    "\"facts\":{\"dots\":3},\"made_ms\":1700000000000}");
	expect_json(&none, ROW_ONLY_SHOW,
		    "{\"id\":0,\"parent\":null,\"step\":null,\"plies\":0,"
		    "\"seed\":0,\"bytes\":0,\"elo\":null,\"name\":null,"
		    "\"game\":\"tictactoe\",\"made_ms\":0}");
}

static void test_lines(void **state)
{
	static const char names[] = "id parent step seed elo name game spec "
				    "range both made_ms";
	struct thing none = empty();
	struct buf b;

	(void)state;
	buf_init(&b);
	row_lines(&kind, NULL, &full, "id parent seed elo game spec range both",
		  &b);
	assert_string_equal(b.data, "number      7\n"
				    "parent      3\n"
				    "seed        18446744073709551615\n"
				    "Elo         10.2\n"
				    "game        connect4\n"
				    "spec        drop:rows=6,cols=7,line=4\n"
				    "elo         10 (1 to 20)\n"
				    "both        c4/0 in 0\n");
	buf_clear(&b);
	row_lines(&kind, NULL, &none, names, &b);
	assert_string_equal(b.data, "number      0\n"
				    "step        -\n"
				    "seed        0\n"
				    "Elo         -\n"
				    "name        -\n"
				    "game        tictactoe\n"
				    "spec        tictactoe\n"
				    "elo         -\n"
				    "both        -\n"
				    "made        -\n");
	buf_release(&b);
}

static void expect_cell(const struct row_view *v, int column,
			const struct thing *t, const char *text,
			enum style style)
{
	enum style st = STYLE_NORMAL;
	struct buf b;

	buf_init(&b);
	row_cell(v, column, t, 9, &b, &st);
	assert_string_equal(b.data, text);
	assert_int_equal(st, style);
	buf_release(&b);
}

static void test_cells(void **state)
{
	static const struct row_field own[] = {
		ROW_FIELD("game", ROW_TEXT, name, .head = "mine"),
		{.name = NULL},
	};
	struct thing none = empty();
	struct row_view v;

	(void)state;
	row_view_init(&v, &kind, own, "game elo both");
	assert_int_equal(v.count, 3);
	assert_string_equal(v.columns[0].head, "mine");
	assert_false(v.columns[0].right);
	assert_string_equal(v.columns[1].head, "Elo");
	assert_int_equal(v.columns[1].width, 6);
	assert_true(v.columns[1].right && v.columns[1].sorts);
	assert_true(v.columns[2].right);
	assert_int_equal(row_view_column(&v, "both"), 2);
	assert_int_equal(row_view_column(&v, "id"), -1);
	expect_cell(&v, 0, &full, "c4", STYLE_NORMAL);
	expect_cell(&v, 2, &full, "c4/0 in 9", STYLE_BAD);
	expect_cell(&v, 1, &none, "", STYLE_NORMAL);
	expect_cell(&v, 2, &none, "-", STYLE_DIM);
}

/* What names a row is not cut. */
static void test_hold(void **state)
{
	struct store_game g = {.id = 1234567890, .moves = "", .purpose = ""};
	struct row_view v;
	int id;

	(void)state;
	row_view_init(&v, &row_game, NULL, row_game.cells);
	id = row_view_column(&v, "id");
	assert_int_equal(v.columns[id].least, 4);
	g.id = 123;
	row_view_hold(&v, "id", &g);
	assert_int_equal(v.columns[id].least, 4);
	g.id = 123456;
	row_view_hold(&v, "id", &g);
	assert_int_equal(v.columns[id].least, 6);
	assert_int_equal(v.columns[id].width, 7);
	g.id = 1234567890;
	row_view_hold(&v, "id", &g);
	assert_int_equal(v.columns[id].least, 10);
	assert_int_equal(v.columns[id].width, 10);
}

static void test_order(void **state)
{
	const struct row_field *elo = row_find(fields, "elo");
	const struct row_field *name = row_find(fields, "name");
	struct thing none = empty(), other = full;

	(void)state;
	other.elo = 11;
	other.name = "c5";
	assert_true(row_compare(elo, &full, &other) < 0);
	assert_true(row_compare(elo, &full, &none) > 0);
	assert_true(row_compare(elo, &none, &full) < 0);
	assert_int_equal(row_compare(elo, &none, &none), 0);
	assert_true(row_compare(name, &other, &full) > 0);
	assert_true(row_compare(name, &none, &full) < 0);
}

static void test_titles(void **state)
{
	char title[ROW_TITLE_SIZE];

	(void)state;
	row_title(row_find(fields, "elo"), title);
	assert_string_equal(title, "ELO");
	row_title(row_find(row_checkpoint.fields, "hash"), title);
	assert_string_equal(title, "SHA-256");
}

static void test_dates(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	date_text(0, &b);
	day_text(0, &b);
	time_text(0, &b);
	assert_string_equal(b.data, "---");
	buf_clear(&b);
	day_text(1700000000000, &b);
	buf_putc(&b, ' ');
	time_text(1700000000000, &b);
	buf_putc(&b, '|');
	date_text(1700000000000, &b);
	assert_int_equal(b.len, 33);
	assert_memory_equal(b.data, b.data + 17, 16);
	buf_release(&b);
}

/* The names in a list are there; a screen may have more of its own. */
static void check_names(const struct row_kind *k, const char *names, bool all)
{
	char name[ROW_TITLE_SIZE];
	int n = 0;

	for (; names && row_next_name(&names, name); n++)
		if (all && !row_find(k->fields, name))
			fail_msg("%s has no field %s", k->name, name);
	assert_true(n <= ROW_COLUMNS || !all);
}

static void test_kinds(void **state)
{
	static const struct row_kind *const kinds[] = {
		&row_run,   &row_checkpoint, &row_game, &row_search, &row_job,
		&row_match, &row_rating,     &row_life, &row_score};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct row_kind *k = kinds[i];

		check_names(k, k->list, true);
		check_names(k, k->cells, false);
		for (const struct row_field *f = k->fields; f->name; f++) {
			assert_ptr_equal(row_find(k->fields, f->name), f);
			assert_true(f->offset < k->size);
			assert_true(f->type != ROW_MADE || f->text || f->json);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),  cmocka_unit_test(test_lines),
		cmocka_unit_test(test_cells), cmocka_unit_test(test_hold),
		cmocka_unit_test(test_order), cmocka_unit_test(test_titles),
		cmocka_unit_test(test_dates), cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
