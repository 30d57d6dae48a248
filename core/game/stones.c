/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/stones.h"

#include <stdio.h>

int stones_column(const struct stones_scan *c)
{
	return (int)(c->at - c->text) + 1;
}

enum err_code stones_expected(const struct stones_scan *c, const char *what)
{
	char found[16];

	if (!*c->at)
		snprintf(found, sizeof(found), "the end");
	else if (*c->at >= ' ' && *c->at <= '~')
		snprintf(found, sizeof(found), "'%c'", *c->at);
	else
		snprintf(found, sizeof(found), "byte %d",
			 (unsigned char)*c->at);
	return err_set(c->e, ERR_FORMAT, "column %d: %s where %s should be",
		       stones_column(c), found, what);
}

static int stone_of(char c)
{
	return c == 'x' || c == 'X' ? 1 : c == 'o' || c == 'O' ? 2 : 0;
}

/* One stone or a run of empty cells; 0 if neither stands here. */
static int scan_run(const char **at)
{
	int n = 0;

	if (stone_of(**at)) {
		++*at;
		return 1;
	}
	if (**at == '0')
		return 0;
	while (**at >= '0' && **at <= '9' && n < 100)
		n = n * 10 + *(*at)++ - '0';
	return n;
}

static enum err_code scan_row(struct stones_scan *c, int size, uint8_t *stone)
{
	int col = 0;

	for (int i = 0; i < size; i++)
		stone[i] = 0;
	while (*c->at && *c->at != '/' && *c->at != ' ') {
		const char *next = c->at;
		int run = scan_run(&next), what = stone_of(*c->at);

		if (!run)
			return stones_expected(c, "x, o, a number or '/'");
		if (col + run > size)
			return err_set(c->e, ERR_FORMAT,
				       "column %d: this row has more than %d "
				       "cells",
				       stones_column(c), size);
		if (what)
			stone[col] = (uint8_t)what;
		col += run;
		c->at = next;
	}
	if (col < size)
		return err_set(c->e, ERR_FORMAT,
			       "column %d: this row has %d cells and not %d",
			       stones_column(c), col, size);
	return ERR_OK;
}

enum err_code stones_parse(struct stones_scan *c, int size, uint8_t *stone,
			   int *player)
{
	for (int row = 0; row < size; row++) {
		enum err_code rc;

		if (row && *c->at != '/')
			return err_set(c->e, ERR_FORMAT,
				       "column %d: after %d rows, where the "
				       "board has %d",
				       stones_column(c), row, size);
		c->at += row > 0;
		rc = scan_row(c, size, stone + row * size);
		if (rc)
			return rc;
	}
	if (*c->at != ' ')
		return stones_expected(c, "a blank");
	c->at++;
	if (*c->at != 'b' && *c->at != 'w')
		return stones_expected(c, "b or w, who is to move,");
	*player = *c->at++ == 'w';
	return ERR_OK;
}

int stones_text(int size, const uint8_t *stone, int player, char *out)
{
	int len = 0;

	for (int row = 0; row < size; row++) {
		int run = 0;

		if (row)
			out[len++] = '/';
		for (int col = 0; col <= size; col++) {
			int what = col < size ? stone[row * size + col] : -1;

			if (!what) {
				run++;
				continue;
			}
			if (run)
				len += snprintf(out + len, 4, "%d", run);
			run = 0;
			if (what > 0)
				out[len++] = what == 1 ? 'x' : 'o';
		}
	}
	return len + snprintf(out + len, 4, " %c", player ? 'w' : 'b');
}

int board_symmetry(const struct game *g, int sym, int cell)
{
	int row = cell / g->cols, col = cell % g->cols;

	if (sym & 4) {
		int t = row;

		row = col;
		col = t;
	}
	if (sym & 1)
		col = g->cols - 1 - col;
	if (sym & 2)
		row = g->rows - 1 - row;
	return row * g->cols + col;
}

game_move stones_move_symmetry(const struct game *g, int sym, game_move m)
{
	return m == g->move_count - 1 ? m
				      : (game_move)board_symmetry(g, sym, m);
}

int stones_move_cell(const struct game *g, const void *state, game_move m)
{
	(void)state;
	return m == g->move_count - 1 ? -1 : m;
}
