/* SPDX-License-Identifier: MIT */
/*
 * Go held against GNU Go: it is given the moves of random 9x9 games and must
 * see the same stones and the same score.  Skips where there is no gnugo.
 *
 * Games end when neither side has a move outside its own eyes, so that no
 * stone can be dead and nothing is left to dispute but what area scoring
 * counts.
 */
#include "config.h"

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
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/game/go.h"

enum { GAMES = 100, ANSWER_SIZE = 1024 };

static const char *find_gnugo(void)
{
	static const char *const places[] = {
		"/usr/games/gnugo", "/usr/bin/gnugo", "/usr/local/bin/gnugo"};

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (!access(places[i], X_OK))
			return places[i];
	return NULL;
}

/* One game's commands, and the state that it comes to. */
static void *play_game(const struct game *g, uint64_t seed, FILE *script)
{
	void *s = game_state_new(g, 0);
	struct rng r;

	rng_init(&r, seed, RNG_TEST, 0, 0);
	fprintf(script, "boardsize %d\nclear_board\nkomi 7\n", g->rows);
	while (g->rules->to_act(g, s) != GAME_OVER) {
		game_move m = g->rules->random_move(g, s, &r);
		char text[GAME_TEXT_SIZE];

		go_vertex_text(g, m, text);
		fprintf(script, "play %s %s\n",
			g->rules->to_act(g, s) ? "white" : "black", text);
		g->rules->apply(g, s, m);
	}
	assert_string_equal(g->rules->ended(g, s), "two passes");
	fprintf(script, "1 list_stones black\n2 list_stones white\n"
			"3 captures black\n4 captures white\n5 final_score\n");
	return s;
}

/* The text of the next answer with that number. */
static void read_answer(FILE *in, int id, char out[ANSWER_SIZE])
{
	char line[ANSWER_SIZE], mark[8];

	snprintf(mark, sizeof(mark), "=%d ", id);
	while (fgets(line, sizeof(line), in)) {
		if (line[0] == '?')
			fail_msg("gnugo: %s", line);
		if (strncmp(line, mark, strlen(mark)) != 0)
			continue;
		line[strcspn(line, "\r\n")] = '\0';
		snprintf(out, ANSWER_SIZE, "%s", line + strlen(mark));
		return;
	}
	fail_msg("gnugo ended before answer %d", id);
}

static void check_stones(const struct game *g, const void *s, int colour,
			 char *answer)
{
	int want = 0, found = 0;

	for (int c = 0; c < g->rows * g->cols; c++)
		want += g->rules->cell(g, s, c / g->cols, c % g->cols) ==
			colour;
	for (char *rest, *word = strtok_r(answer, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		int c = go_vertex_parse(g, word);

		assert_true(c < g->rows * g->cols);
		assert_int_equal(g->rules->cell(g, s, c / g->cols, c % g->cols),
				 colour);
		found++;
	}
	assert_int_equal(found, want);
}

static bool check_game(const struct game *g, const void *s, FILE *in)
{
	float lead = g->rules->lead(g, s);
	char answer[ANSWER_SIZE], want[32];
	int lost[2];

	for (int colour = 1; colour <= 2; colour++) {
		read_answer(in, colour, answer);
		check_stones(g, s, colour, answer);
	}
	go_captured(g, s, lost);
	/* Its "captures" are of the other's stones. */
	for (int player = 0; player < 2; player++) {
		read_answer(in, 3 + player, answer);
		assert_int_equal(atoi(answer), lost[1 - player]);
	}
	read_answer(in, 5, answer);
	if (lead == 0)
		snprintf(want, sizeof(want), "0");
	else
		snprintf(want, sizeof(want), "%c+%.1f", lead > 0 ? 'B' : 'W',
			 (double)(lead > 0 ? lead : -lead));
	if (strcmp(answer, want) != 0) {
		char text[GAME_START_SIZE];

		g->rules->position_text(g, s, text);
		print_message("# %s: gnugo %s, here %s\n", text, answer, want);
	}
	return !strcmp(answer, want);
}

static void test_games(void **state)
{
	const char *program = find_gnugo();
	char name[] = "/tmp/test_go_gnugo.XXXXXX", command[128];
	void *states[GAMES];
	int agree = 0;
	struct game g;
	FILE *script, *in;

	(void)state;
	if (!program) {
		print_message("# skipped: gnugo is not installed\n");
		return;
	}
	assert_int_equal(game_init(&g, "go:size=9", NULL), ERR_OK);
	script = fdopen(mkstemp(name), "w");
	assert_non_null(script);
	for (int i = 0; i < GAMES; i++)
		states[i] = play_game(&g, (uint64_t)i, script);
	fprintf(script, "quit\n");
	assert_int_equal(fclose(script), 0);
	snprintf(command, sizeof(command),
		 "%s --mode gtp --chinese-rules --level 1 <%s", program, name);
	in = popen(command, "r");
	assert_non_null(in);
	for (int i = 0; i < GAMES; i++) {
		agree += check_game(&g, states[i], in);
		free(states[i]);
	}
	pclose(in);
	unlink(name);
	print_message("# gnugo scores %d of %d games as we do\n", agree, GAMES);
	assert_true(agree == GAMES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_games),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
