/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/families.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/drop_lines.h"
#include "core/game/drop_state.h"
#include "core/game/game.h"

static const struct game_param drop_params[] = {
	{.name = "rows",
	 .min = 2,
	 .max = 12,
	 .fallback = 6,
	 .help = "height of the board"},
	{.name = "cols",
	 .min = 2,
	 .max = 9,
	 .fallback = 7,
	 .help = "width of the board"},
	{.name = "line",
	 .min = 2,
	 .max = 9,
	 .fallback = 4,
	 .help = "pieces in line that win"},
	{.name = "dirs",
	 .fallback = DROP_ALL,
	 .read = drop_dirs_read,
	 .write = drop_dirs_write,
	 .unsaid = true,
	 .help = "directions of lines that win"},
	{.name = "order",
	 .fallback = 0,
	 .read = drop_order_read,
	 .write = drop_order_write,
	 .unsaid = true,
	 .help = "columns in which the stones of each column count"},
	{.name = NULL},
};

static enum err_code drop_setup(struct game *g, struct err *e)
{
	int rows = g->param[DROP_ROWS], cols = g->param[DROP_COLS];
	int line = g->param[DROP_LINE];
	enum err_code rc;

	if ((rows + 1) * cols > 64)
		return err_set(e, ERR_USAGE,
			       "game drop: %d rows x %d columns is too large: "
			       "(rows + 1) x cols must be at most 64",
			       rows, cols);
	if (line > rows && line > cols)
		return err_set(e, ERR_USAGE,
			       "game drop: a line of %d does not fit on %d "
			       "rows x %d columns",
			       line, rows, cols);
	rc = drop_lines_setup(g, e);
	if (rc)
		return rc;
	g->state_size = sizeof(struct drop_state);
	g->player_count = 2;
	g->move_count = cols;
	g->max_plies = rows * cols;
	g->planes = 2;
	g->rows = rows;
	g->cols = cols;
	g->symmetries = drop_has_mirror(g) ? 2 : 1;
	return ERR_OK;
}

static void drop_start(const struct game *g, void *state, uint64_t seed)
{
	(void)g;
	(void)seed;
	memset(state, 0, sizeof(struct drop_state));
}

static int drop_to_act(const struct game *g, const void *state)
{
	const struct drop_state *s = state;

	(void)g;
	return s->end ? GAME_OVER : (int)(s->ply & 1);
}

static uint64_t cell_bit(const struct game *g, int row, int col)
{
	int rows = g->param[DROP_ROWS];

	return 1ULL << (col * (rows + 1) + rows - 1 - row);
}

static bool column_open(const struct game *g, const struct drop_state *s,
			int col)
{
	return !((s->stones[0] | s->stones[1]) & cell_bit(g, 0, col));
}

static int drop_legal(const struct game *g, const void *state, game_move *out)
{
	int n = 0;

	for (int col = 0; col < g->cols; col++)
		if (column_open(g, state, col))
			out[n++] = (game_move)col;
	return n;
}

static void drop_apply(const struct game *g, void *state, game_move m)
{
	struct drop_state *s = state;
	uint64_t *mine = &s->stones[s->ply & 1];
	uint64_t all = s->stones[0] | s->stones[1];
	int base = m * (g->param[DROP_ROWS] + 1);
	uint64_t column = ((1ULL << g->param[DROP_ROWS]) - 1) << base;

	assert(!s->end && m < g->cols && column_open(g, s, m));
	/* Adding one at the bottom carries to the first empty cell. */
	*mine |= (all + (1ULL << base)) & column & ~all;
	s->ply++;
	if (drop_has_line(g, *mine))
		s->end = DROP_WON;
	else if (s->ply == (uint32_t)g->max_plies)
		s->end = DROP_FULL;
}

static void drop_score(const struct game *g, const void *state, float *value)
{
	const struct drop_state *s = state;
	uint32_t winner = (s->ply & 1) ^ 1;

	(void)g;
	assert(s->end);
	value[winner] = s->end == DROP_WON ? 1.0f : 0.0f;
	value[winner ^ 1] = s->end == DROP_WON ? -1.0f : 0.0f;
}

static void drop_encode(const struct game *g, const void *state, float *out)
{
	const struct drop_state *s = state;

	for (int p = 0; p < 2; p++) {
		uint64_t stones = s->stones[(s->ply & 1) ^ (uint32_t)p];

		for (int row = 0; row < g->rows; row++)
			for (int col = 0; col < g->cols; col++)
				*out++ = stones & cell_bit(g, row, col) ? 1.0f
									: 0.0f;
	}
}

static uint64_t drop_hash(const struct game *g, const void *state)
{
	const struct drop_state *s = state;
	uint64_t h = rng_mix(s->stones[0], s->stones[1]);
	int dirs = g->param[DROP_DIRS], order = g->param[DROP_ORDER];

	/* The same stones go another way under another rule. */
	if (dirs == DROP_ALL && !order)
		return h;
	return rng_mix(h, (uint64_t)order << 4 | (uint64_t)dirs);
}

static game_move drop_move_symmetry(const struct game *g, int sym, game_move m)
{
	return (game_move)(sym ? g->cols - 1 - m : m);
}

static int drop_cell_symmetry(const struct game *g, int sym, int cell)
{
	int col = cell % g->cols;

	return sym ? cell - col + g->cols - 1 - col : cell;
}

static int drop_cell(const struct game *g, const void *state, int row, int col)
{
	const struct drop_state *s = state;
	uint64_t bit = cell_bit(g, row, col);

	return s->stones[0] & bit ? 1 : s->stones[1] & bit ? 2 : GAME_EMPTY;
}

static int drop_move_cell(const struct game *g, const void *state, game_move m)
{
	for (int row = g->rows - 1; row >= 0; row--)
		if (drop_cell(g, state, row, m) == GAME_EMPTY)
			return row * g->cols + m;
	return -1;
}

static void drop_move_text(const struct game *g, const void *state, game_move m,
			   char out[GAME_TEXT_SIZE])
{
	(void)g;
	(void)state;
	snprintf(out, GAME_TEXT_SIZE, "%d", m + 1);
}

static game_move drop_move_parse(const struct game *g, const void *state,
				 const char *text)
{
	const struct drop_state *s = state;
	int col = text[0] - '1';

	if (col < 0 || col >= g->cols || text[1] || s->end ||
	    !column_open(g, s, col))
		return GAME_NO_MOVE;
	return (game_move)col;
}

static int drop_winning_cells(const struct game *g, const void *state, int *out)
{
	const struct drop_state *s = state;
	uint64_t cells;
	int n = 0;

	if (s->end != DROP_WON)
		return 0;
	cells = drop_line_cells(g, s->stones[(s->ply & 1) ^ 1]);
	for (int cell = 0; cell < g->rows * g->cols; cell++)
		if (cells & cell_bit(g, cell / g->cols, cell % g->cols))
			out[n++] = cell;
	return n;
}

const struct game_rules game_drop = {
	.family = "drop",
	.title = "Connect-style drop games",
	.source = "Connect Four, Milton Bradley 1974; Allis 1988, \"A "
		  "Knowledge-based Approach of Connect-Four\", chapter 1",
	.params = drop_params,
	.setup = drop_setup,
	.start = drop_start,
	.to_act = drop_to_act,
	.legal = drop_legal,
	.apply = drop_apply,
	.score = drop_score,
	.encode = drop_encode,
	.hash = drop_hash,
	.move_symmetry = drop_move_symmetry,
	.cell_symmetry = drop_cell_symmetry,
	.cell = drop_cell,
	.move_cell = drop_move_cell,
	.move_text = drop_move_text,
	.move_parse = drop_move_parse,
	.compact_text = true,
	.winning_cells = drop_winning_cells,
};
