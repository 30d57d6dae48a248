/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/gtp_int.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/game/go.h"

static struct gtp_part *now(const struct gtp_server *v)
{
	return &v->parts[v->part_count - 1];
}

int gtp_to_act(const struct gtp_server *v)
{
	return v->game.rules->to_act(&v->game, v->state);
}

/* The position from the last part. */
static void play_again(struct gtp_server *v)
{
	const struct gtp_part *p = now(v);

	memset(v->state, 0, v->game.state_size);
	p->from.rules->start(&p->from, v->state, 0);
	for (int i = 0; i < p->plies; i++)
		v->game.rules->apply(&v->game, v->state, p->moves[i]);
}

static void add_part(struct gtp_server *v, const struct game *from, bool quiet)
{
	size_t n = (size_t)v->part_count + 1;
	struct gtp_part *p;

	v->parts = mem_realloc(v->parts, n * sizeof(*v->parts));
	v->part_count++;
	p = now(v);
	p->from = *from;
	p->plies = 0;
	p->quiet = quiet;
	p->moves = mem_zalloc((size_t)from->max_plies, sizeof(*p->moves));
	play_again(v);
}

static void drop_parts(struct gtp_server *v, int keep)
{
	while (v->part_count > keep)
		free(v->parts[--v->part_count].moves);
}

void gtp_board_release(struct gtp_server *v)
{
	drop_parts(v, 0);
	free(v->parts);
	free(v->state);
	free(v->scratch);
	v->parts = NULL;
	v->state = v->scratch = NULL;
}

static void take_game(struct gtp_server *v, const struct game *g)
{
	if (game_from(&v->game, g, "", NULL))
		v->game = *g;
	v->state = mem_realloc(v->state, g->state_size);
	v->scratch = mem_realloc(v->scratch, g->state_size);
}

void gtp_board_clear(struct gtp_server *v)
{
	take_game(v, &v->game);
	drop_parts(v, 0);
	add_part(v, &v->game, false);
	v->number++;
}

/* --- other parameters ---------------------------------------------------- */

static bool make_game(const struct game *g, const char *name, const char *value,
		      struct game *out)
{
	const struct game_param *p = g->rules->params;
	bool found = false;
	enum err_code code;
	struct buf spec;

	buf_init(&spec);
	buf_puts(&spec, g->rules->family);
	for (int i = 0; p && p[i].name; i++) {
		bool named = !strcmp(p[i].name, name);
		char text[GAME_PARAM_SIZE];

		found |= named;
		if (!named && p[i].unsaid && g->param[i] == p[i].fallback)
			continue;
		game_param_text(g, p[i].name, text);
		buf_printf(&spec, "%c%s=%s", i ? ',' : ':', p[i].name,
			   named ? value : text);
	}
	code = found ? game_init(out, spec.data, NULL) : ERR_USAGE;
	buf_release(&spec);
	return !code;
}

/* Every part again under the new parameters. */
static void keep_board(struct gtp_server *v)
{
	for (int i = 0; i < v->part_count; i++) {
		struct game from;

		if (game_from(&from, &v->game, v->parts[i].from.start, NULL))
			from = v->game;
		v->parts[i].from = from;
	}
	play_again(v);
}

const char *gtp_board_param(struct gtp_server *v, const char *name,
			    const char *value)
{
	struct game g;

	if (!make_game(&v->game, name, value, &g))
		return "unacceptable value";
	if (serve_agent(&v->serve, &g, NULL))
		return "the agent does not play that";
	if (g.state_size == v->game.state_size && g.rows == v->game.rows &&
	    g.cols == v->game.cols && g.max_plies == v->game.max_plies) {
		take_game(v, &g);
		keep_board(v);
	} else {
		v->game = g;
		gtp_board_clear(v);
	}
	return NULL;
}

const char *gtp_board_load(struct gtp_server *v, const struct game *g,
			   const game_move *moves, int count)
{
	struct game usual;

	if (game_from(&usual, g, "", NULL))
		usual = *g;
	if (serve_agent(&v->serve, &usual, NULL))
		return "the agent does not play a game of this size or rules";
	take_game(v, g);
	drop_parts(v, 0);
	add_part(v, g, false);
	for (int i = 0; i < count; i++)
		now(v)->moves[now(v)->plies++] = moves[i];
	play_again(v);
	v->number++;
	return NULL;
}

/* --- moves --------------------------------------------------------------- */

/* A set-up as on the board, or with stones put on it. */
static const char *set_up(struct gtp_server *v, int player, const int *black,
			  int count, bool quiet)
{
	uint8_t stone[GO_CELLS_MAX] = {0};
	char start[GAME_START_SIZE];
	const struct game *g = &v->game;
	struct game from;

	if (!go_is(g))
		return "it is the other player's turn";
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			stone[row * g->cols + col] =
				(uint8_t)g->rules->cell(g, v->state, row, col);
	for (int i = 0; i < count; i++)
		stone[black[i]] = GO_BLACK;
	if (go_start_text(g, stone, player, start, NULL) ||
	    game_from(&from, g, start, NULL))
		return "this position cannot be set up";
	add_part(v, &from, quiet);
	return NULL;
}

const char *gtp_board_set(struct gtp_server *v, const uint8_t *stone)
{
	char start[GAME_START_SIZE];
	struct game from;

	if (go_start_text(&v->game, stone, 0, start, NULL) ||
	    game_from(&from, &v->game, start, NULL))
		return "this position cannot be set up";
	drop_parts(v, 0);
	add_part(v, &from, false);
	v->number++;
	return NULL;
}

const char *gtp_board_turn(struct gtp_server *v, int player)
{
	int turn = gtp_to_act(v);

	if (turn == player)
		return NULL;
	if (turn == GAME_OVER && !go_is(&v->game))
		return "the game is over";
	return set_up(v, player, NULL, 0, true);
}

void gtp_board_untouch(struct gtp_server *v, int parts)
{
	drop_parts(v, parts);
	play_again(v);
}

const char *gtp_board_play(struct gtp_server *v, int player, const char *text)
{
	const struct game_rules *rules = v->game.rules;
	int parts = v->part_count;
	const char *why = gtp_board_turn(v, player);
	game_move m;

	if (why)
		return why;
	m = strlen(text) < GAME_TEXT_SIZE
		    ? rules->move_parse(&v->game, v->state, text)
		    : GAME_NO_MOVE;
	if (m == GAME_NO_MOVE) {
		/* Nothing has happened. */
		gtp_board_untouch(v, parts);
		return "illegal move";
	}
	rules->apply(&v->game, v->state, m);
	now(v)->moves[now(v)->plies++] = m;
	return NULL;
}

const char *gtp_board_undo(struct gtp_server *v)
{
	struct gtp_part *p = now(v);

	/* A part that a question out of turn began has no move yet. */
	while (!p->plies && p->quiet) {
		drop_parts(v, v->part_count - 1);
		p = now(v);
	}
	if (!p->plies)
		return "cannot undo";
	p->plies--;
	if (!p->plies && p->quiet)
		drop_parts(v, v->part_count - 1);
	play_again(v);
	return NULL;
}

bool gtp_board_is_empty(const struct gtp_server *v)
{
	const struct game *g = &v->game;

	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			if (g->rules->cell(g, v->state, row, col))
				return false;
	return true;
}

const char *gtp_board_handicap(struct gtp_server *v, const int *cells,
			       int count)
{
	if (!go_is(&v->game))
		return "handicap is for Go";
	if (!gtp_board_is_empty(v))
		return "board not empty";
	return set_up(v, 1, cells, count, false);
}

const game_move *gtp_board_line(const struct gtp_server *v, int *plies)
{
	const struct gtp_part *p = now(v);

	*plies = p->plies;
	return *p->from.start ? NULL : p->moves;
}

/* --- as text ------------------------------------------------------------- */

static void show_columns(const struct game *g, struct buf *out)
{
	buf_puts(out, "   ");
	for (int col = 0; col < g->cols; col++) {
		char c = (char)('A' + col);

		/* Go has no I. */
		if (go_is(g) && c >= 'I')
			c++;
		buf_printf(out, " %c", c);
	}
	buf_putc(out, '\n');
}

void gtp_board_show(const struct gtp_server *v, struct buf *out)
{
	static const char pieces[] = ".XO";
	const struct game *g = &v->game;
	int turn = gtp_to_act(v);

	buf_putc(out, '\n');
	show_columns(g, out);
	for (int row = 0; row < g->rows; row++) {
		buf_printf(out, "%2d ", g->rows - row);
		for (int col = 0; col < g->cols; col++) {
			int what = g->rules->cell(g, v->state, row, col);

			if (what >= 0 && what < 3)
				buf_printf(out, " %c", pieces[what]);
			else
				buf_printf(out, "%2d", what);
		}
		buf_printf(out, " %2d\n", g->rows - row);
	}
	show_columns(g, out);
	if (go_is(g)) {
		int lost[2];

		go_captured(g, v->state, lost);
		buf_printf(out, "lost stones: black %d, white %d; komi %g\n",
			   lost[0], lost[1], go_komi_halves(g) / 2.0);
	}
	buf_puts(out, turn == GAME_OVER ? "the game is over"
		      : turn == 0       ? "black to play"
					: "white to play");
}
