/* SPDX-License-Identifier: MIT */
/*
 * Our legal moves are those of stockfish ("go perft 1"), on positions of random
 * games.  It writes every move on its own, which is what takes the time, so two
 * run side by side, from files into files; then the same games are played again
 * and held against the answers.
 */
#include "config.h"

#include "core/game/chess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

/* Sanitizers take ten times as long. */
#ifdef __SANITIZE_ADDRESS__
enum { POSITIONS = 10000 };
#else
enum { POSITIONS = 100000 };
#endif

enum { PARTS = 2 };

/* Games begin at these by turns: kings in the open, pawns about to promote,
 * castling and en passant soon. */
static const char *const starts[] = {
	"rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
	"r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1",
	"8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1",
	"r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1",
	"rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 0 1",
};

/* Random games, position after position. */
struct walk {
	struct game g;
	void *state; /* owned */
	struct rng r;
	int games;
};

static void walk_begin(struct walk *w, int part)
{
	assert_int_equal(game_init(&w->g, "chess", NULL), ERR_OK);
	w->state = game_state_new(&w->g, 0);
	w->games = 0;
	rng_init(&w->r, 1, RNG_TEST, (uint64_t)part, 0);
}

static void walk_next(struct walk *w, game_move *moves)
{
	const struct game_rules *rules = w->g.rules;

	if (w->games) {
		int n = rules->legal(&w->g, w->state, moves);

		rules->apply(&w->g, w->state,
			     moves[rng_below(&w->r, (uint32_t)n)]);
	}
	if (w->games && rules->to_act(&w->g, w->state) != GAME_OVER)
		return;
	assert_int_equal(rules->position_parse(
				 &w->g, w->state,
				 starts[w->games++ % (int)ARRAY_LEN(starts)],
				 NULL),
			 ERR_OK);
}

static const char *find_stockfish(void)
{
	static char path[512];
	const char *dirs = getenv("PATH");

	for (const char *at = dirs ? dirs : ""; *at;) {
		size_t n = strcspn(at, ":");

		snprintf(path, sizeof(path), "%.*s/stockfish", (int)n, at);
		if (n && !access(path, X_OK))
			return path;
		at += n + (at[n] == ':');
	}
	/* Where Debian puts games; not in everybody's PATH. */
	snprintf(path, sizeof(path), "/usr/games/stockfish");
	return access(path, X_OK) ? NULL : path;
}

static void write_questions(FILE *f, int part)
{
	game_move moves[256];
	struct walk w;

	walk_begin(&w, part);
	for (int i = 0; i < POSITIONS / PARTS; i++) {
		char fen[GAME_START_SIZE];

		walk_next(&w, moves);
		w.g.rules->position_text(&w.g, w.state, fen);
		fprintf(f, "position fen %s\ngo perft 1\n", fen);
	}
	fprintf(f, "quit\n");
	free(w.state);
}

/* The answer for one position: lines "e2e4: 1", then "Nodes searched: 20". */
static int check_answer(FILE *f, const struct walk *w)
{
	const struct game_rules *rules = w->g.rules;
	game_move moves[256];
	bool seen[256] = {false};
	int n = rules->legal(&w->g, w->state, moves), told = 0;
	char line[256], fen[GAME_START_SIZE];

	rules->position_text(&w->g, w->state, fen);
	while (fgets(line, sizeof(line), f)) {
		char *colon = strchr(line, ':');
		char text[GAME_TEXT_SIZE];
		game_move m;
		int i;

		if (!strncmp(line, "Nodes searched", 14)) {
			if (told != n)
				fail_msg("%s: %d moves, stockfish %d", fen, n,
					 told);
			return told;
		}
		if (!colon || colon[1] != ' ' || colon[2] != '1' ||
		    colon - line > 5)
			continue; /* its greeting, blank lines */
		*colon = '\0';
		m = rules->move_parse(&w->g, w->state, line);
		for (i = 0; i < n && moves[i] != m; i++)
			;
		if (i == n || seen[i])
			fail_msg("%s: stockfish plays %s", fen, line);
		seen[i] = true;
		told++;
		chess_uci_text(&w->g, w->state, m, text);
		assert_string_equal(text, line);
	}
	fail_msg("stockfish fell silent at %s", fen);
	return 0;
}

/* Part `i` of the work, in files of a folder of their own. */
static FILE *open_part(const char *folder, const char *name, int i,
		       const char *mode)
{
	char *path = mem_printf("%s/%s%d", folder, name, i);
	FILE *f = fopen(path, mode);

	assert_non_null(f);
	free(path);
	return f;
}

static void ask(const char *program, const char *folder)
{
	char *command = mem_printf("cd '%s' && { '%s' <ask0 >told0 & "
				   "'%s' <ask1 >told1; wait; }",
				   folder, program, program);

	for (int i = 0; i < PARTS; i++) {
		FILE *f = open_part(folder, "ask", i, "w");

		write_questions(f, i);
		assert_int_equal(fclose(f), 0);
	}
	assert_int_equal(system(command), 0);
	free(command);
}

static void remove_folder(const char *folder)
{
	char *command = mem_printf("rm -r '%s'", folder);

	assert_int_equal(system(command), 0);
	free(command);
}

static void test_moves_are_those_of_stockfish(void **state)
{
	const char *program = find_stockfish();
	char folder[] = "/tmp/plyscope-chess-XXXXXX";
	long told = 0;
	int games = 0;

	(void)state;
	if (!program) {
		print_message(
			"# skipped: no stockfish in PATH or /usr/games\n");
		return;
	}
	assert_non_null(mkdtemp(folder));
	ask(program, folder);
	for (int i = 0; i < PARTS; i++) {
		FILE *f = open_part(folder, "told", i, "r");
		game_move moves[256];
		struct walk w;

		walk_begin(&w, i);
		for (int k = 0; k < POSITIONS / PARTS; k++) {
			walk_next(&w, moves);
			told += check_answer(f, &w);
		}
		games += w.games;
		free(w.state);
		fclose(f);
	}
	remove_folder(folder);
	print_message("%d positions of %d games, %ld moves\n", POSITIONS, games,
		      told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves_are_those_of_stockfish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
