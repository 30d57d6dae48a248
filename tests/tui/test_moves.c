/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/tui/play_fixture.h"

/* A piece, then where it goes; promotions are asked, the queen first. */
static void test_chess_by_cursor(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play",
		     "human game=\"chess:fen=7k/4P3/8/8/8/8/8/K7 w - - 0 1\"",
		     24, 80);
	fixture_run(&f, "expect Play  Chess\nkey Enter\nexpect e4 is empty\n"
			"key Up Up Up Enter\nexpect •\nkey Up Enter\n"
			"expect Which one?\nexpect > e8=Q+\n");
	fixture_picture(&f, "play-promotion");
	fixture_run(&f, "key Esc\nrefuse Which\nkey Enter n\n"
			"expect e8=N\nexpect 1/2-1/2 bare material\n");
	fixture_close(&f);
}

static void test_typed_moves(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "play", "human game=chess", 24, 80);
	fixture_run(&f, "key m\ntype e2e4\nkey Enter\nexpect e4\nkey m\n"
			"type Nf3\nkey Enter\nexpect Nf3 is not a legal move\n"
			"key Ctrl-U\ntype Nf6\nkey Enter\nexpect Nf6\n"
			"key p\nexpect you cannot pass here\n");
	fixture_picture(&f, "play-chess");
	fixture_run(&f, "command play human game=go:size=5\nkey m\ntype c3\n"
			"key Enter\nexpect C3\nkey m\ntype C3\nkey Enter\n"
			"expect C3 is taken already\nkey Esc p p\n"
			"expect B+18\nkey w\n");
	fixture_picture(&f, "play-go-over");
	fixture_run(&f, "command play human game=othello\nkey m\ntype d3\n"
			"key Enter\nexpect Move 2\nkey m\ntype a1\n"
			"key Enter\nexpect not a1: it turns no disc\n");
	fixture_picture(&f, "play-othello");
	fixture_run(&f, "command play human game=go:size=5\n"
			"key m\ntype a2\nkey Enter\nkey p\n"
			"key m\ntype b1\nkey Enter\nexpect B1\n"
			"key m\ntype a1\nkey Enter\n"
			"expect not A1: it would leave no liberty\n"
			"expect p passes\n");
	fixture_run(&f, "command play human \"game=othello:size=4,"
			"start=xo2/4/4/4 w\"\n"
			"expect nothing but to pass\nkey p\nexpect Move 2\n");
	fixture_close(&f);
}

static void test_pasted_positions(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "position", "chess", 24, 80);
	fixture_run(&f, "paste 1. e4 e5 2. Nf3 Nc6\nexpect ply 4/4\n"
			"paste r3k2r/8/8/8/8/8/8/R3K2R b KQkq - 0 1\n"
			"expect ply 0/0\nkey m\ntype O-O\nkey Enter\n"
			"expect moves O-O\n"
			"paste (;GM[1]SZ[9]AB[cc];W[ee];B[gg])\n"
			"expect Go 9x9\nexpect moves E5 G3\n"
			"paste nothing of the kind\nexpect ply 2/2\n");
	fixture_picture(&f, "position-pasted");
	fixture_close(&f);
}

static void test_set_up(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "position", "chess", 24, 80);
	fixture_run(&f,
		    "key e\nexpect Set up\n"
		    "expect Enter done\nrefuse analyse\nrefuse q back\nkey c "
		    "Enter\n"
		    "expect White has no king\nrefuse FEN\ntype K\nkey Up Up\n"
		    "type k\nkey Left\ntype p\nkey Space Space Tab\n");
	fixture_picture(&f, "position-set-up");
	fixture_run(&f, "key Enter\nrefuse Set up\nexpect to move ♚\n"
			"expect Position  Chess\n"
			/* A dialog that begins here. */
			"key p\nexpect New game\nexpect 8/8/3pk3/8/4K3\n"
			"key Esc\ncommand position connect4\nkey e\n"
			"expect reached by moves alone\n");
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chess_by_cursor),
		cmocka_unit_test(test_typed_moves),
		cmocka_unit_test(test_pasted_positions),
		cmocka_unit_test(test_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
