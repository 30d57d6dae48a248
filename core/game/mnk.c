/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/families.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/game/mnk_state.h"
#include "core/game/stones.h"

static const struct game_param mnk_params[] = {
	{.name = "rows",
	 .min = 1,
	 .max = MNK_SIDE_MAX,
	 .fallback = 3,
	 .help = "height of the board"},
	{.name = "cols",
	 .min = 1,
	 .max = MNK_SIDE_MAX,
	 .fallback = 3,
	 .help = "width of the board"},
	{.name = "line",
	 .min = 1,
	 .max = MNK_SIDE_MAX,
	 .fallback = 3,
	 .help = "stones in line that win"},
	{.name = NULL},
};

static enum err_code mnk_setup(struct game *g, struct err *e)
{
	int rows = g->param[MNK_ROWS], cols = g->param[MNK_COLS];
	int line = g->param[MNK_LINE];

	if (line > rows && line > cols)
		return err_set(e, ERR_USAGE,
			       "game mnk: a line of %d does not fit on %d rows "
			       "x %d columns",
			       line, rows, cols);
	g->state_size = sizeof(struct mnk_state);
	g->player_count = 2;
	g->move_count = rows * cols;
	g->max_plies = rows * cols;
	g->planes = 2;
	g->rows = rows;
	g->cols = cols;
	g->symmetries = rows == cols ? 8 : 4;
	return ERR_OK;
}

static bool has_stone(const uint64_t *stones, int cell)
{
	return stones[cell >> 6] >> (cell & 63) & 1;
}

static void mnk_start(const struct game *g, void *state, uint64_t seed)
{
	(void)g;
	(void)seed;
	memset(state, 0, sizeof(struct mnk_state));
}

static int mnk_to_act(const struct game *g, const void *state)
{
	const struct mnk_state *s = state;

	(void)g;
	return s->end ? GAME_OVER : (int)(s->ply & 1);
}

static int mnk_legal(const struct game *g, const void *state, game_move *out)
{
	const struct mnk_state *s = state;
	int cells = g->move_count;
	int n = 0;

	for (int w = 0; w * 64 < cells; w++) {
		uint64_t free = ~(s->stones[0][w] | s->stones[1][w]);

		if (cells - w * 64 < 64)
			free &= (1ULL << (cells - w * 64)) - 1;
		for (; free; free &= free - 1)
			out[n++] = (game_move)(w * 64 + __builtin_ctzll(free));
	}
	return n;
}

/* How many stones follow `cell` without a gap in direction (dr, dc). */
static int run_length(const struct game *g, const uint64_t *stones, int cell,
		      int dr, int dc)
{
	int row = cell / g->cols + dr, col = cell % g->cols + dc;
	int n = 0;

	while (row >= 0 && row < g->rows && col >= 0 && col < g->cols &&
	       has_stone(stones, row * g->cols + col)) {
		n++;
		row += dr;
		col += dc;
	}
	return n;
}

static const int directions[4][2] = {{0, 1}, {1, 0}, {1, 1}, {1, -1}};

static bool completes_line(const struct game *g, const uint64_t *stones,
			   int cell)
{
	for (int d = 0; d < 4; d++) {
		int dr = directions[d][0], dc = directions[d][1];

		if (run_length(g, stones, cell, dr, dc) + 1 +
			    run_length(g, stones, cell, -dr, -dc) >=
		    g->param[MNK_LINE])
			return true;
	}
	return false;
}

static void mnk_apply(const struct game *g, void *state, game_move m)
{
	struct mnk_state *s = state;
	uint64_t *mine = s->stones[s->ply & 1];

	assert(!s->end && m < g->move_count && !has_stone(mine, m) &&
	       !has_stone(s->stones[~s->ply & 1], m));
	mine[m >> 6] |= 1ULL << (m & 63);
	s->ply++;
	if (completes_line(g, mine, m))
		s->end = MNK_WON;
	else if (s->ply == (uint32_t)g->max_plies)
		s->end = MNK_FULL;
}

static void mnk_score(const struct game *g, const void *state, float *value)
{
	const struct mnk_state *s = state;
	uint32_t winner = (s->ply & 1) ^ 1;

	(void)g;
	assert(s->end);
	value[winner] = s->end == MNK_WON ? 1.0f : 0.0f;
	value[winner ^ 1] = s->end == MNK_WON ? -1.0f : 0.0f;
}

static void mnk_encode(const struct game *g, const void *state, float *out)
{
	const struct mnk_state *s = state;

	for (int p = 0; p < 2; p++) {
		const uint64_t *stones = s->stones[(s->ply & 1) ^ (uint32_t)p];

		for (int cell = 0; cell < g->move_count; cell++)
			*out++ = has_stone(stones, cell) ? 1.0f : 0.0f;
	}
}

static uint64_t mnk_hash(const struct game *g, const void *state)
{
	const struct mnk_state *s = state;
	uint64_t h = 0;

	for (int w = 0; w * 64 < g->move_count; w++)
		h = rng_mix(rng_mix(h, s->stones[0][w]), s->stones[1][w]);
	return h;
}

static game_move mnk_move_symmetry(const struct game *g, int sym, game_move m)
{
	return (game_move)board_symmetry(g, sym, m);
}

static int mnk_cell(const struct game *g, const void *state, int row, int col)
{
	const struct mnk_state *s = state;
	int cell = row * g->cols + col;

	return has_stone(s->stones[0], cell)   ? 1
	       : has_stone(s->stones[1], cell) ? 2
					       : GAME_EMPTY;
}

static int mnk_move_cell(const struct game *g, const void *state, game_move m)
{
	(void)g;
	(void)state;
	return m;
}

static void mnk_move_text(const struct game *g, const void *state, game_move m,
			  char out[GAME_TEXT_SIZE])
{
	(void)state;
	snprintf(out, GAME_TEXT_SIZE, "%c%d", 'a' + m % g->cols,
		 g->rows - m / g->cols);
}

static game_move mnk_move_parse(const struct game *g, const void *state,
				const char *text)
{
	const struct mnk_state *s = state;
	int col = text[0] - 'a', cell;
	char *end;
	long number;

	/* strtol() alone would also take "a +1" or "a01". */
	if (col < 0 || col >= g->cols || text[1] < '1' || text[1] > '9' ||
	    s->end)
		return GAME_NO_MOVE;
	number = strtol(text + 1, &end, 10);
	if (*end || number > g->rows)
		return GAME_NO_MOVE;
	cell = (g->rows - (int)number) * g->cols + col;
	if (has_stone(s->stones[0], cell) || has_stone(s->stones[1], cell))
		return GAME_NO_MOVE;
	return (game_move)cell;
}

static int mnk_winning_cells(const struct game *g, const void *state, int *out)
{
	const struct mnk_state *s = state;
	const uint64_t *stones;
	int n = 0;

	if (s->end != MNK_WON)
		return 0;
	stones = s->stones[(s->ply & 1) ^ 1];
	for (int cell = 0; cell < g->move_count; cell++)
		for (int d = 0; has_stone(stones, cell) && d < 4; d++) {
			int dr = directions[d][0], dc = directions[d][1];

			if (run_length(g, stones, cell, dr, dc) + 1 +
				    run_length(g, stones, cell, -dr, -dc) >=
			    g->param[MNK_LINE]) {
				out[n++] = cell;
				break;
			}
		}
	return n;
}

const struct game_rules game_mnk = {
	.family = "mnk",
	.title = "m,n,k games: k in line on m by n",
	.source = "van den Herik, Uiterwijk, van Rijswijck 2002, \"Games "
		  "solved: now and in the future\", section 4 (free style: "
		  "longer lines win too)",
	.params = mnk_params,
	.setup = mnk_setup,
	.start = mnk_start,
	.to_act = mnk_to_act,
	.legal = mnk_legal,
	.apply = mnk_apply,
	.score = mnk_score,
	.encode = mnk_encode,
	.hash = mnk_hash,
	.move_symmetry = mnk_move_symmetry,
	.cell_symmetry = board_symmetry,
	.cell = mnk_cell,
	.move_cell = mnk_move_cell,
	.move_text = mnk_move_text,
	.move_parse = mnk_move_parse,
	.winning_cells = mnk_winning_cells,
};
