/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/drop_lines.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/game/drop_state.h"
#include "core/game/game.h"

static const struct {
	const char *letter;
	int dirs;
} letters[] = {
	/* In the order in which they are written. */
	{"h", DROP_ALONG},
	{"v", DROP_UP},
	{"d", DROP_RISING | DROP_FALLING},
	{"r", DROP_RISING},
	{"f", DROP_FALLING},
};

static int dirs_of(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (n == 1 && *letters[i].letter == *word)
			return letters[i].dirs;
	return 0;
}

enum err_code drop_dirs_read(const char *text, int *value, struct err *e)
{
	int all = 0;

	for (const char *at = text;; at++) {
		size_t n = strcspn(at, "+");
		int dirs = dirs_of(at, n);

		if (!dirs || (all & dirs))
			return err_set(e, ERR_USAGE,
				       "must be h (along the row), v (up the "
				       "column), r (rising), f (falling) or d "
				       "(r+f), each at most once, joined by +");
		all |= dirs;
		at += n;
		if (!*at)
			break;
	}
	*value = all;
	return ERR_OK;
}

void drop_dirs_write(int value, char out[GAME_PARAM_SIZE])
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		if ((value & letters[i].dirs) != letters[i].dirs)
			continue;
		len += (size_t)snprintf(out + len, GAME_PARAM_SIZE - len,
					"%s%s", len ? "+" : "",
					letters[i].letter);
		value &= ~letters[i].dirs;
	}
}

enum { MOST_COLS = 9 };

enum err_code drop_order_read(const char *text, int *value, struct err *e)
{
	size_t n = strlen(text);
	int order = 1;

	if (!n || n > MOST_COLS || text[strspn(text, "012345678")])
		return err_set(e, ERR_USAGE,
			       "must be a digit for each column, from 0 on, "
			       "each once");
	for (size_t i = 0; i < n; i++)
		order = order * 10 + text[i] - '0';
	*value = order;
	return ERR_OK;
}

void drop_order_write(int value, char out[GAME_PARAM_SIZE])
{
	char text[GAME_PARAM_SIZE];

	snprintf(text, sizeof(text), "%d", value);
	snprintf(out, GAME_PARAM_SIZE, "%s", value ? text + 1 : "");
}

/* Bits from a cell to the next of a line. */
static int step_of(const struct game *g, int dir)
{
	int up = g->param[DROP_ROWS] + 1;

	switch (dir) {
	case DROP_UP:
		return 1;
	case DROP_ALONG:
		return up;
	case DROP_FALLING:
		return up - 1;
	default:
		return up + 1;
	}
}

/* The directions in which lines fit. */
static int fitting(const struct game *g)
{
	bool along = g->param[DROP_LINE] <= g->param[DROP_COLS];
	bool up = g->param[DROP_LINE] <= g->param[DROP_ROWS];

	return (along ? DROP_ALONG : 0) | (up ? DROP_UP : 0) |
	       (along && up ? DROP_FALLING | DROP_RISING : 0);
}

static enum err_code check_order(const struct game *g, struct err *e)
{
	int cols = g->param[DROP_COLS], seen = 0;
	char text[GAME_PARAM_SIZE];

	drop_order_write(g->param[DROP_ORDER], text);
	if ((int)strlen(text) != cols)
		return err_set(e, ERR_USAGE,
			       "game drop: order = '%s': has %zu digits for a "
			       "board of %d columns",
			       text, strlen(text), cols);
	for (int i = 0; i < cols; i++) {
		int at = text[i] - '0';

		if (at >= cols || (seen >> at & 1))
			return err_set(e, ERR_USAGE,
				       "game drop: order = '%s': must name "
				       "each column from 0 to %d once",
				       text, cols - 1);
		seen |= 1 << at;
	}
	return ERR_OK;
}

/* Digits from the last to the first. */
static void order_digits(const struct game *g, int *out)
{
	int order = g->param[DROP_ORDER];

	for (int col = g->param[DROP_COLS] - 1; col >= 0; col--) {
		out[col] = order ? order % 10 : col;
		order /= 10;
	}
}

/* The same lines with the columns counted from the right: keep whichever has
 * the smaller order. */
static void settle_order(struct game *g)
{
	int cols = g->param[DROP_COLS], dirs = g->param[DROP_DIRS];
	int digit[MOST_COLS], same = 1, turned = 1;

	order_digits(g, digit);
	for (int i = 0; i < cols; i++) {
		same = same * 10 + i;
		turned = turned * 10 + cols - 1 - digit[i];
	}
	if (turned < g->param[DROP_ORDER]) {
		g->param[DROP_ORDER] = turned;
		g->param[DROP_DIRS] = (dirs & (DROP_UP | DROP_ALONG)) |
				      (dirs & DROP_RISING ? DROP_FALLING : 0) |
				      (dirs & DROP_FALLING ? DROP_RISING : 0);
	}
	if (g->param[DROP_ORDER] == same)
		g->param[DROP_ORDER] = 0;
}

enum err_code drop_lines_setup(struct game *g, struct err *e)
{
	int fit = fitting(g), dirs = g->param[DROP_DIRS];
	char text[GAME_PARAM_SIZE];
	enum err_code rc;

	if (!(dirs & fit)) {
		drop_dirs_write(dirs, text);
		return err_set(
			e, ERR_USAGE,
			"game drop: dirs = '%s': no line of %d fits that "
			"way on %d rows x %d columns",
			text, g->param[DROP_LINE], g->param[DROP_ROWS],
			g->param[DROP_COLS]);
	}
	if (g->param[DROP_ORDER]) {
		rc = check_order(g, e);
		if (rc)
			return rc;
		settle_order(g);
	}
	dirs = g->param[DROP_DIRS] & fit;
	if (dirs == DROP_UP)
		g->param[DROP_ORDER] = 0;
	g->param[DROP_DIRS] = dirs == fit ? DROP_ALL : dirs;
	return ERR_OK;
}

uint64_t drop_counted(const struct game *g, uint64_t shown)
{
	int up = g->param[DROP_ROWS] + 1, order = g->param[DROP_ORDER];
	uint64_t column = (1ULL << up) - 1, out = 0;

	if (!order)
		return shown;
	for (int col = g->param[DROP_COLS] - 1; col >= 0; col--) {
		out |= (shown >> (col * up) & column) << (order % 10 * up);
		order /= 10;
	}
	return out;
}

uint64_t drop_shown(const struct game *g, uint64_t counted)
{
	int up = g->param[DROP_ROWS] + 1, order = g->param[DROP_ORDER];
	uint64_t column = (1ULL << up) - 1, out = 0;

	if (!order)
		return counted;
	for (int col = g->param[DROP_COLS] - 1; col >= 0; col--) {
		out |= (counted >> (order % 10 * up) & column) << (col * up);
		order /= 10;
	}
	return out;
}

/* The lowest cell of every line along `step`, as bits. */
static uint64_t lines_along(uint64_t stones, int step, int line)
{
	int have = 1;

	if ((line - 1) * step >= 64)
		return 0;
	while (have < line) {
		int more = have < line - have ? have : line - have;

		stones &= stones >> (more * step);
		have += more;
	}
	return stones;
}

bool drop_has_line(const struct game *g, uint64_t stones)
{
	int dirs = g->param[DROP_DIRS];

	stones = drop_counted(g, stones);
	for (int dir = 1; dir <= dirs; dir *= 2)
		if ((dirs & dir) &&
		    lines_along(stones, step_of(g, dir), g->param[DROP_LINE]))
			return true;
	return false;
}

uint64_t drop_line_cells(const struct game *g, uint64_t stones)
{
	int dirs = g->param[DROP_DIRS], line = g->param[DROP_LINE];
	uint64_t cells = 0;

	stones = drop_counted(g, stones);
	for (int dir = 1; dir <= dirs; dir *= 2) {
		int step = step_of(g, dir);
		uint64_t low = dirs & dir ? lines_along(stones, step, line) : 0;

		for (int k = 0; low && k < line; k++)
			cells |= low << (k * step);
	}
	return drop_shown(g, cells);
}

/* Every cell of the board. */
static uint64_t board_of(const struct game *g)
{
	int up = g->param[DROP_ROWS] + 1;
	uint64_t column = (1ULL << g->param[DROP_ROWS]) - 1, out = 0;

	for (int col = 0; col < g->param[DROP_COLS]; col++)
		out |= column << (col * up);
	return out;
}

int drop_lines(const struct game *g, uint64_t *out)
{
	int dirs = g->param[DROP_DIRS], line = g->param[DROP_LINE], n = 0;
	uint64_t board = board_of(g);

	for (int dir = 1; dir <= dirs; dir *= 2) {
		int step = step_of(g, dir);
		uint64_t low = dirs & dir ? lines_along(board, step, line) : 0;

		for (; low; low &= low - 1) {
			uint64_t cells = 0;

			for (int k = 0; k < line; k++)
				cells |= (low & -low) << (k * step);
			assert(n < DROP_MOST_LINES);
			out[n++] = drop_shown(g, cells);
		}
	}
	return n;
}

uint64_t drop_mirrored(const struct game *g, uint64_t stones)
{
	int up = g->param[DROP_ROWS] + 1, last = g->param[DROP_COLS] - 1;
	uint64_t column = (1ULL << up) - 1, out = 0;

	for (int col = 0; col <= last; col++)
		out |= (stones >> (col * up) & column) << ((last - col) * up);
	return out;
}

bool drop_has_mirror(const struct game *g)
{
	uint64_t lines[DROP_MOST_LINES];
	int n;

	if (g->param[DROP_DIRS] == DROP_ALL && !g->param[DROP_ORDER])
		return true;
	n = drop_lines(g, lines);
	for (int i = 0; i < n; i++) {
		uint64_t image = drop_mirrored(g, lines[i]);
		int k = 0;

		while (k < n && lines[k] != image)
			k++;
		if (k == n)
			return false;
	}
	return true;
}
