/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/go_board.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/game/go.h"
#include "core/game/stones.h"

void go_vertex_text(const struct game *g, game_move m, char out[GAME_TEXT_SIZE])
{
	int size = g->param[GO_SIZE], col = m % size, row = size - m / size;

	/* By hand, for the sake of those who read or write many games. */
	if (m == size * size) {
		memcpy(out, "pass", 5);
		return;
	}
	*out++ = (char)('A' + col + (col >= 'I' - 'A'));
	if (row > 9)
		*out++ = (char)('0' + row / 10);
	*out++ = (char)('0' + row % 10);
	*out = '\0';
}

game_move go_vertex_parse(const struct game *g, const char *text)
{
	int size = g->param[GO_SIZE], letter, col, number;

	if (!strcasecmp(text, "pass"))
		return (game_move)(size * size);
	letter = toupper((unsigned char)text[0]);
	if (letter < 'A' || letter > 'Z' || letter == 'I')
		return GAME_NO_MOVE;
	col = letter - 'A' - (letter > 'I');
	if (col >= size || text[1] < '1' || text[1] > '9')
		return GAME_NO_MOVE;
	number = text[1] - '0';
	if (text[2] >= '0' && text[2] <= '9' && !text[3])
		number = number * 10 + text[2] - '0';
	else if (text[2])
		return GAME_NO_MOVE;
	return (game_move)(number > size ? GAME_NO_MOVE
					 : (size - number) * size + col);
}

int go_handicap(const struct game *g, int stones, int cell[GO_HANDICAP_MAX])
{
	int size = g->param[GO_SIZE];
	int low = size < 13 ? 2 : 3, high = size - 1 - low, mid = size / 2;
	/* Columns and rows from the lower left, in GTP's order. */
	const int corner[4][2] = {
		{low, low}, {high, high}, {low, high}, {high, low}};
	const int side[4][2] = {
		{low, mid}, {high, mid}, {mid, low}, {mid, high}};
	int most = size % 2 && size > 7 ? GO_HANDICAP_MAX : 4;
	int n = 0;

	if (size < 7 || stones < 2 || stones > most)
		return 0;
	for (int i = 0; i < 4 && n < stones; i++)
		cell[n++] = (size - 1 - corner[i][1]) * size + corner[i][0];
	/* 6 and 8 leave the middle free, which 5, 7 and 9 take. */
	for (int i = 0; i < 4 && n < stones - stones % 2; i++)
		cell[n++] = (size - 1 - side[i][1]) * size + side[i][0];
	if (n < stones)
		cell[n++] = mid * size + mid;
	return n;
}

void go_position_text(const struct game *g, const void *state,
		      char out[GAME_START_SIZE])
{
	const struct go_state *s = state;
	uint8_t stone[GO_CELLS_MAX] = {0};
	int cells = s->size * s->size, len, bans = 0;

	for (int cell = 0; cell < cells; cell++)
		stone[cell] = s->point[go_point_of(s, cell)].what;
	len = stones_text(s->size, stone, s->to_move, out);
	/* What superko forbids now; the positions behind it are forgotten. */
	for (int cell = 0; cell < cells && bans < GO_BANS_MAX; cell++) {
		char text[GAME_TEXT_SIZE];
		int p = go_point_of(s, cell);

		if (stone[cell] != GO_EMPTY || !go_breathes(s, p) ||
		    !go_again(s, p))
			continue;
		go_vertex_text(g, (game_move)cell, text);
		if (len + 1 + (int)strlen(text) >= GAME_START_SIZE)
			break;
		len += snprintf(out + len, (size_t)(GAME_START_SIZE - len),
				" %s", text);
		bans++;
	}
}

void go_setup_text(const struct game *g, const uint8_t *cell, int player,
		   char out[GAME_START_SIZE])
{
	stones_text(g->rows, cell, player, out);
}

/* The points after the side to move, which superko forbids. */
static enum err_code scan_bans(struct stones_scan *c, const struct game *g,
			       struct go_state *s)
{
	while (*c->at == ' ') {
		size_t n = strcspn(++c->at, " ");
		char text[GAME_TEXT_SIZE];
		game_move m = GAME_NO_MOVE;
		int p;

		if (n < sizeof(text)) {
			memcpy(text, c->at, n);
			text[n] = '\0';
			m = go_vertex_parse(g, text);
		}
		if (m >= g->move_count - 1)
			return err_set(c->e, ERR_FORMAT,
				       "column %d: not a point of the board",
				       stones_column(c));
		p = go_point_of(s, m);
		if (s->ban_count == GO_BANS_MAX ||
		    s->point[p].what != GO_EMPTY || !go_allowed(s, p))
			return err_set(c->e, ERR_FORMAT,
				       "column %d: %s needs no ban here",
				       stones_column(c), text);
		go_ban(s, p);
		c->at += n;
	}
	return *c->at ? stones_expected(c, "a blank or the end") : ERR_OK;
}

static enum err_code no_liberty(const struct game *g, int cell, struct err *e)
{
	char text[GAME_TEXT_SIZE];

	go_vertex_text(g, (game_move)cell, text);
	return err_set(e, ERR_FORMAT, "the stones at %s have no liberty", text);
}

enum err_code go_position_parse(const struct game *g, void *state,
				const char *text, struct err *e)
{
	struct stones_scan c = {text, text, e};
	int size = g->param[GO_SIZE], player, bad = 0;
	uint8_t stone[GO_CELLS_MAX] = {0};
	struct go_state *s;
	enum err_code rc;

	rc = stones_parse(&c, size, stone, &player);
	if (rc)
		return rc;
	s = mem_alloc(g->state_size);
	if (go_board_init(s, size, g->max_plies, stone, player, &bad))
		rc = scan_bans(&c, g, s);
	else
		rc = no_liberty(g, bad, e);
	if (!rc)
		memcpy(state, s, g->state_size);
	free(s);
	return rc;
}

enum err_code go_start_text(const struct game *g, const uint8_t *stone,
			    int player, char out[GAME_START_SIZE],
			    struct err *e)
{
	struct go_state *s = mem_alloc(g->state_size);
	int size = g->param[GO_SIZE], bad = 0;
	bool fine = go_board_init(s, size, g->max_plies, stone, player, &bad);

	free(s);
	if (!fine)
		return no_liberty(g, bad, e);
	stones_text(size, stone, player, out);
	return ERR_OK;
}
