/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/rate/graded.h"
#include "core/search/solver.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

/* Longer lines are not games. */
enum { LINE_MOST = 1 << 16 };

struct solve_args {
	const char *game, *moves;
	int memory; /* MB; 0: what is usual */
	bool score, time, json;
};

struct solving {
	const struct cmd_line *line;
	const struct solve_args *args;
	struct game game;
	struct solver *solver;
	bool best_only, as_json;
	struct buf out;
	struct json json;
	/* The position in hand. */
	int number; /* of its line; 0: not from a file */
	void *start, *state;
	game_move *moves;
	int plies, best, *scores;
	/* All of them. */
	int count, bad;
	double seconds;
};

static void put_score(struct json *j, int score)
{
	if (score == SOLVER_NO_MOVE)
		json_null(j);
	else
		json_int(j, score);
}

static void put_json(struct solving *s)
{
	struct json *j = &s->json;
	struct buf text;

	buf_init(&text);
	game_line_text(&s->game, s->start, s->moves, s->plies, &text);
	json_open(j, '{');
	json_key(j, "moves");
	json_string(j, text.data);
	json_key(j, "score");
	put_score(j, s->best);
	if (!s->best_only) {
		json_key(j, "scores");
		json_open(j, '[');
		for (int m = 0; m < s->game.move_count; m++)
			put_score(j, s->scores[m]);
		json_close(j, ']');
	}
	json_close(j, '}');
	buf_release(&text);
}

static void put_text(struct solving *s)
{
	struct graded_position p = {
		.moves = s->moves,
		.plies = s->plies,
		.scores = s->scores,
	};
	struct graded_set set = {
		.game = &s->game,
		.positions = &p,
		.count = 1,
	};

	if (!s->best_only) {
		graded_write(&set, &s->out);
		return;
	}
	game_line_text(&s->game, s->start, s->moves, s->plies, &s->out);
	buf_printf(&s->out, " %d\n", s->best);
}

/* How far the file is solved.  Where the answers go to a terminal they are the
 * progress. */
static void show_progress(const struct solving *s)
{
	struct stat st;

	if (isatty(STDOUT_FILENO) || fstat(STDIN_FILENO, &st) ||
	    !S_ISREG(st.st_mode))
		return;
	cmd_progress_of((double)ftello(stdin), (double)st.st_size,
			"%d positions solved", s->count);
}

/* What is there so far, so that whoever waits sees it. */
static void flush(struct solving *s)
{
	show_progress(s);
	fwrite(s->out.data, 1, s->out.len, stdout);
	fflush(stdout);
	buf_clear(&s->out);
}

static bool ask(struct solving *s)
{
	const atomic_bool *cancel = work_interrupt();

	if (s->best_only)
		return solver_score(s->solver, s->state, cancel, &s->best);
	if (!solver_moves(s->solver, s->state, cancel, s->scores))
		return false;
	s->best = SOLVER_NO_MOVE;
	for (int m = 0; m < s->game.move_count; m++)
		if (s->scores[m] > s->best)
			s->best = s->scores[m];
	return true;
}

/* The position in hand; false: it was interrupted. */
static bool solve(struct solving *s)
{
	double from = clock_thread_seconds();

	if (!ask(s))
		return false;
	s->seconds += clock_thread_seconds() - from;
	s->count++;
	if (s->as_json)
		put_json(s);
	else
		put_text(s);
	flush(s);
	return true;
}

/* A word that is a score, or "-" where there is none. */
static bool is_score(const char *word)
{
	size_t sign = *word == '-' || *word == '+';

	return word[sign + strspn(word + sign, "0123456789")] == '\0';
}

/* A line of `solve` or `grade --dump` about the start: no moves, and a score
 * for each there is.  A lone number in a game of digits is a line of moves. */
static bool is_start(const struct game *g, const char *text)
{
	char *copy = mem_strdup(text), *rest = copy, *word;
	int n = 0;

	while ((word = strtok_r(rest, " \t", &rest)) && is_score(word))
		n++;
	free(copy);
	return !word && n && (n == g->move_count || !g->rules->compact_text);
}

/* Cut off the scores: what is left are moves. */
static char *moves_of(const struct game *g, char *text)
{
	char *from, *at;

	from = text + strspn(text, " \t");
	at = from;
	for (;;) {
		char *end = at + strcspn(at, " \t"), kept = *end;
		bool score;

		*end = '\0';
		score = *at && is_score(at);
		*end = kept;
		if (g->rules->compact_text) {
			*end = '\0';
			return from;
		}
		if (score) {
			*at = '\0';
			return from;
		}
		if (!*end)
			return from;
		at = end + strspn(end, " \t");
	}
}

static enum err_code play(struct solving *s, const char *moves, struct err *e)
{
	enum err_code rc;

	memcpy(s->state, s->start, s->game.state_size);
	rc = game_play_text(&s->game, s->state, moves, s->moves, &s->plies, e);
	if (!rc && s->game.rules->to_act(&s->game, s->state) == GAME_OVER)
		rc = err_set(e, ERR_FORMAT, "the game is over after '%.80s'",
			     moves);
	return rc;
}

/* False: it was interrupted. */
static bool take_line(struct solving *s, char *text)
{
	struct err e = ERR_INIT;
	const char *moves;

	text[strcspn(text, "#\r\n")] = '\0';
	if (!text[strspn(text, " \t")])
		return true;
	moves = is_start(&s->game, text) ? "" : moves_of(&s->game, text);
	if (!play(s, moves, &e))
		return solve(s);
	err_prefix(&e, "line %d", s->number);
	cmd_fail(s->line, &e);
	s->bad++;
	return true;
}

/* Whoever waits for the next line has written all that is solved. */
static ssize_t next_line(char **text, size_t *cap)
{
	ssize_t len;

	work_wait_for(NULL);
	len = getline(text, cap, stdin);
	work_wait_over();
	return len;
}

static int take_lines(struct solving *s)
{
	char *text = NULL;
	int status = 0;
	size_t cap = 0;
	ssize_t len;

	while (!status && (len = next_line(&text, &cap)) >= 0) {
		s->number++;
		if (len > LINE_MOST || strlen(text) != (size_t)len) {
			cmd_complain(s->line, CMD_FAILED,
				     "line %d: not a line of text", s->number);
			s->bad++;
		} else if (!take_line(s, text)) {
			status = cmd_complain(s->line, CMD_FAILED,
					      "interrupted in line %d",
					      s->number);
		}
	}
	free(text);
	if (!status && ferror(stdin))
		status = cmd_complain(s->line, CMD_FAILED,
				      "cannot read standard input: %s",
				      strerror(errno));
	return status ? status : s->bad ? CMD_FAILED : 0;
}

static int take_position(struct solving *s, const char *moves)
{
	struct err e = ERR_INIT;

	if (play(s, moves, &e)) {
		err_prefix(&e, "--moves");
		return cmd_fail(s->line, &e);
	}
	if (!solve(s))
		return cmd_complain(s->line, CMD_FAILED, "interrupted");
	return 0;
}

static void put_figures(struct solving *s)
{
	double each = s->count ? 1.0 / s->count : 0;
	double nodes = (double)solver_nodes(s->solver) * each;

	if (s->as_json) {
		json_close(&s->json, ']');
		json_key(&s->json, "count");
		json_int(&s->json, s->count);
		json_key(&s->json, "seconds");
		json_double(&s->json, s->seconds * each);
		json_key(&s->json, "nodes");
		json_double(&s->json, nodes);
		json_close(&s->json, '}');
		buf_putc(&s->out, '\n');
	} else if (s->args->time) {
		buf_printf(&s->out,
			   "# %d positions, each %.6f s and %.1f nodes\n",
			   s->count, s->seconds * each, nodes);
	}
}

static int run_solver(struct solving *s)
{
	const char *moves = s->args->moves;
	int status, finish;

	buf_init(&s->out);
	json_init(&s->json, &s->out);
	if (s->as_json) {
		json_open(&s->json, '{');
		json_key(&s->json, "game");
		json_string(&s->json, game_short_name(&s->game));
		json_key(&s->json, "positions");
		json_open(&s->json, '[');
	}
	s->start = game_state_new(&s->game, 0);
	s->state = game_state_new(&s->game, 0);
	s->moves = mem_zalloc((size_t)s->game.max_plies, sizeof(*s->moves));
	s->scores = mem_zalloc((size_t)s->game.move_count, sizeof(*s->scores));
	status = moves ? take_position(s, moves) : take_lines(s);
	put_figures(s);
	finish = cmd_finish(s->line, &s->out);
	free(s->start);
	free(s->state);
	free(s->moves);
	free(s->scores);
	return status ? status : finish;
}

static int run(const struct cmd_line *line)
{
	const struct solve_args *a = line->args;
	struct solving s = {
		.line = line,
		.args = a,
		.best_only = a->score,
		.as_json = a->json,
	};
	struct err e = ERR_INIT;
	int status;

	if (game_init(&s.game, a->game, &e) ||
	    solver_open(&s.solver, &s.game, (size_t)a->memory << 20, &e))
		return cmd_fail(line, &e);
	status = run_solver(&s);
	solver_close(s.solver);
	return status;
}

#define ARGS struct solve_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "GAME", game),
	CMD_STRING("moves", "LINE", moves, NULL,
		   "this one position, not those of standard input"),
	CMD_FLAG("score", score, "only the score of the best move"),
	CMD_FLAG("time", time, "at the end, mean processor time and nodes"),
	CMD_INT("memory", "MB", memory, 1, 65536, NULL,
		"largest table, else what is usual for the game"),
	CMD_FLAG("json", json, "as one JSON object"),
	CMD_END,
};

const struct cmd cmd_solve = {
	.name = "solve",
	.synopsis = "GAME [--moves LINE] [--score] [--time] [--json] [< FILE]",
	.summary = "the exact score of every move, by exhaustive search",
	.details =
		"Reads a line of moves from each line; scores after them and\n"
		"what follows '#' are left out.  Writes the moves and the "
		"score of\neach move of the game, \"-\" where it cannot be "
		"made.",
	.options = options,
	.args_size = sizeof(struct solve_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
