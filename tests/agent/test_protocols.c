/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/format/gtp.h"
#include "core/format/uci.h"

/* The text of GTP and UCI, without any pipe. */

static void gtp_commands(void **state)
{
	struct gtp_line l;

	(void)state;
	gtp_parse("12 play\tblack D4 # a comment\n", &l);
	assert_true(l.has_id);
	assert_int_equal(l.id, 12);
	assert_string_equal(l.name, "play");
	assert_int_equal(l.count, 2);
	assert_string_equal(l.words[0], "black");
	assert_string_equal(l.words[1], "D4");
	assert_string_equal(l.rest, "black D4");
	gtp_parse("name\r\n", &l);
	assert_false(l.has_id);
	assert_string_equal(l.name, "name");
	gtp_parse("  \t # nothing\n", &l);
	assert_null(l.name);
	gtp_parse("7\n", &l);
	assert_null(l.name);
	/* Not a number: a name. */
	gtp_parse("7a\n", &l);
	assert_false(l.has_id);
	assert_string_equal(l.name, "7a");
}

static void gtp_long_lines(void **state)
{
	char text[3 * GTP_TEXT_SIZE];
	struct gtp_line l;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	gtp_parse(text, &l);
	assert_true(l.cut);
	for (size_t i = 0; i < sizeof(text) - 1; i += 2)
		text[i] = ' ';
	gtp_parse(text, &l);
	assert_true(l.cut);
	assert_int_equal(l.count, GTP_MAX_WORDS);
}

static void gtp_responses(void **state)
{
	struct gtp_status s;
	struct gtp_line l;
	struct buf b;

	(void)state;
	buf_init(&b);
	gtp_parse("3 name", &l);
	gtp_respond(&l, true, "plyscope", &b);
	gtp_parse("nam", &l);
	gtp_respond(&l, false, "unknown command", &b);
	gtp_respond(&l, true, "", &b);
	gtp_respond(&l, true, "a\n\nb\n", &b);
	assert_string_equal(b.data, "=3 plyscope\n\n? unknown command\n\n"
				    "=\n\n= a\nb\n\n");
	buf_release(&b);
	assert_true(gtp_parse_status("=17 D4", &s));
	assert_true(s.ok && s.has_id && s.id == 17);
	assert_string_equal(s.text, "D4");
	assert_true(gtp_parse_status("? no", &s));
	assert_true(!s.ok && !s.has_id);
	assert_false(gtp_parse_status("info move", &s));
	assert_false(gtp_parse_status("=99999999999999999999 D4", &s));
}

static const char *analyze(const char *line, struct gtp_analyze *a)
{
	static struct gtp_line l;

	gtp_parse(line, &l);
	return gtp_parse_analyze(l.words, l.count, a);
}

static void gtp_analysis_arguments(void **state)
{
	struct gtp_analyze a;
	const char *list;
	char v[8];

	(void)state;
	assert_null(analyze("lz-analyze 10", &a)); /* Lizzie */
	assert_int_equal(a.interval, 10);
	assert_int_equal(a.player, -1);
	assert_null(analyze("analyze B 50", &a)); /* Sabaki */
	assert_int_equal(a.player, 0);
	assert_int_equal(a.interval, 50);
	assert_null(analyze("kata-analyze w interval 20 minmoves 3 maxmoves 5 "
			    "ownership true rootInfo true",
			    &a));
	assert_int_equal(a.player, 1);
	assert_int_equal(a.interval, 20);
	assert_int_equal(a.min_moves, 3);
	assert_int_equal(a.max_moves, 5);
	assert_true(a.ownership && a.root_info);
	assert_null(
		analyze("lz-analyze 10 avoid w D4,E5,pass 3 allow b C3 1", &a));
	assert_int_equal(a.limit_count, 2);
	assert_false(a.limits[0].allow);
	assert_int_equal(a.limits[0].player, 1);
	assert_int_equal(a.limits[0].until, 3);
	list = a.limits[0].vertices;
	assert_true(gtp_next_vertex(&list, v));
	assert_string_equal(v, "D4");
	assert_true(gtp_next_vertex(&list, v));
	assert_true(gtp_next_vertex(&list, v));
	assert_string_equal(v, "pass");
	assert_false(gtp_next_vertex(&list, v));
	assert_null(
		analyze("kata-analyze pvVisits true movesOwnership true", &a));
	assert_true(a.pv_visits && a.moves_ownership);
	/* Front ends find out so what a program knows. */
	assert_string_equal(analyze("kata-analyze foo true", &a), "foo");
	assert_string_equal(analyze("lz-analyze avoid b", &a), "avoid");
	assert_string_equal(analyze("lz-analyze interval x", &a), "interval");
}

static void gtp_analysis_lines(void **state)
{
	struct gtp_info i = {
		.move = "Q16",
		.visits = 77,
		.winrate = 0.4697,
		.prior = 0.1204,
		.lcb = 0.459,
		.has_lead = true,
		.lead = -0.5,
		.spread = 6.25,
		.order = 0,
		.pv = "Q16 D4",
	};
	struct buf b;

	(void)state;
	buf_init(&b);
	gtp_format_info(&i, false, &b);
	assert_string_equal(b.data, "info move Q16 visits 77 winrate 4697 "
				    "prior 1204 lcb 4590 order 0 pv Q16 D4");
	buf_clear(&b);
	gtp_format_info(&i, true, &b);
	assert_string_equal(
		b.data,
		"info move Q16 visits 77 utility -0.060600 winrate 0.469700 "
		"scoreMean -0.5000 scoreStdev 6.2500 scoreLead -0.5000 prior "
		"0.120400 "
		"lcb 0.459000 utilityLcb -0.082000 order 0 pv Q16 D4");
	buf_release(&b);
}

static void uci_positions(void **state)
{
	struct uci_position p;
	char m[UCI_MOVE_SIZE];

	(void)state;
	uci_parse_position("startpos moves e2e4 E7E5\n", &p);
	assert_true(p.given);
	assert_string_equal(p.fen, "");
	assert_true(uci_next_move(&p.moves, m));
	assert_string_equal(m, "e2e4");
	assert_true(uci_next_move(&p.moves, m));
	assert_string_equal(m, "e7e5");
	assert_false(uci_next_move(&p.moves, m));
	uci_parse_position("fen  8/8/8/8/8/8/8/K1k5 w - - 0 1 moves a1a2", &p);
	assert_true(p.given);
	assert_string_equal(p.fen, "8/8/8/8/8/8/8/K1k5 w - - 0 1");
	assert_true(uci_next_move(&p.moves, m));
	uci_parse_position("fen moves a1a2", &p);
	assert_false(p.given);
	uci_parse_position("", &p);
	assert_false(p.given);
}

static void uci_searches(void **state)
{
	struct uci_go g;

	(void)state;
	uci_parse_go("nodes 100 searchmoves e2e4 d2d4 movetime 50 infinite",
		     &g);
	assert_int_equal(g.nodes, 100);
	assert_int_equal(g.movetime, 50);
	assert_int_equal(g.searchmove_count, 2);
	assert_true(g.infinite);
	uci_parse_go("wtime 60000 btime -20 winc 1000 binc 0 movestogo 20", &g);
	assert_int_equal(g.time[0], 60000);
	assert_int_equal(g.time[1], 0);
	assert_int_equal(g.inc[0], 1000);
	assert_int_equal(g.movestogo, 20);
	assert_int_equal(uci_time(&g, 0, UCI_MARGIN_MS), 60000 / 20 + 750 - 25);
	assert_int_equal(uci_time(&g, 1, UCI_MARGIN_MS), 1);
	uci_parse_go("wtime x nodes", &g);
	assert_int_equal(g.time[0], -1);
	assert_int_equal(g.nodes, -1);
	assert_int_equal(uci_time(&g, 0, UCI_MARGIN_MS), -1);
}

/* Whatever the clocks say, less is thought than is left. */
static void uci_clocks(void **state)
{
	(void)state;
	for (int64_t left = 1; left < 100000; left += 1 + left / 3)
		for (int64_t inc = 0; inc < 20000; inc = inc * 3 + 7)
			for (int moves = -1; moves < 50; moves += 7) {
				struct uci_go g = {
					.movetime = -1,
					.time = {left, -1},
					.inc = {inc, 0},
					.movestogo = moves,
				};
				int64_t t = uci_time(&g, 0, UCI_MARGIN_MS);

				assert_true(t >= 1);
				assert_true(t < left || left <= 2);
			}
}

static void uci_settings(void **state)
{
	struct uci_setting s;
	struct uci_option o;

	(void)state;
	assert_true(uci_parse_setting("name Skill Level value 3\n", &s));
	assert_string_equal(s.name, "Skill Level");
	assert_string_equal(s.value, "3");
	assert_true(uci_parse_setting("name Clear Hash", &s));
	assert_string_equal(s.value, "");
	assert_false(uci_parse_setting("value 3", &s));
	assert_false(uci_parse_setting("", &s));
	assert_true(uci_parse_option(
		"name UCI_Elo type spin default 1320 min 1320 max 3190", &o));
	assert_string_equal(o.name, "UCI_Elo");
	assert_string_equal(o.type, "spin");
	assert_int_equal(o.min, 1320);
	assert_int_equal(o.max, 3190);
}

static void uci_infos(void **state)
{
	struct uci_info i, j;
	struct buf b;

	(void)state;
	uci_parse_info("depth 10 seldepth 14 multipv 2 score cp -31 upperbound "
		       "wdl 100 800 100 nodes 5000 nps 100000 time 50 pv e2e4",
		       &i);
	assert_int_equal(i.depth, 10);
	assert_int_equal(i.seldepth, 14);
	assert_int_equal(i.multipv, 2);
	assert_true(i.has_cp && i.bound && i.has_wdl && !i.has_mate);
	assert_int_equal(i.cp, -31);
	assert_int_equal(i.wdl[1], 800);
	assert_string_equal(i.pv, " e2e4");
	uci_parse_info("score mate -2 string score cp 5", &i);
	assert_true(i.has_mate && !i.has_cp);
	assert_int_equal(i.mate, -2);
	assert_string_equal(i.string, "score cp 5");
	i = (struct uci_info)UCI_INFO_NONE;
	i.depth = 3;
	i.has_cp = true;
	i.cp = 12;
	i.nodes = 99;
	i.pv = "e2e4 e7e5";
	buf_init(&b);
	uci_format_info(&i, &b);
	assert_string_equal(b.data, "info depth 3 multipv 1 score cp 12 nodes "
				    "99 pv e2e4 e7e5");
	uci_parse_info(b.data + 5, &j);
	assert_int_equal(j.cp, 12);
	assert_int_equal(j.nodes, 99);
	buf_release(&b);
}

static void uci_values(void **state)
{
	(void)state;
	assert_int_equal(uci_cp_of(0), 0);
	assert_int_equal(uci_cp_of(-0.5), -uci_cp_of(0.5));
	assert_true(uci_cp_of(1) < 30000);
	for (int cp = -1500; cp <= 1500; cp += 50)
		assert_int_equal(uci_cp_of(uci_value_of(cp)), cp);
	assert_true(fabs(uci_value_of(1 << 30)) <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gtp_commands),
		cmocka_unit_test(gtp_long_lines),
		cmocka_unit_test(gtp_responses),
		cmocka_unit_test(gtp_analysis_arguments),
		cmocka_unit_test(gtp_analysis_lines),
		cmocka_unit_test(uci_positions),
		cmocka_unit_test(uci_searches),
		cmocka_unit_test(uci_clocks),
		cmocka_unit_test(uci_settings),
		cmocka_unit_test(uci_infos),
		cmocka_unit_test(uci_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
