/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/families.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/game/othello_state.h"
#include "core/game/stones.h"

enum { PLANES = 5, CELLS_MAX = 64 };

static const char *const empties[] = {"winner", "none"};

static const struct game_param params[] = {
	{.name = "size",
	 .min = 4,
	 .max = 8,
	 .fallback = 8,
	 .help = "width of the board: 4, 6 or 8"},
	{.name = "empties",
	 .max = 1,
	 .choices = empties,
	 .help = "who gets the cells that are empty at the end",
	 .loose = true,
	 .unsaid = true},
	{.name = NULL},
};

static enum err_code setup(struct game *g, struct err *e)
{
	int size = g->param[OTHELLO_SIZE];

	if (size % 2)
		return err_set(e, ERR_USAGE,
			       "game othello: size %d is odd: use 4, 6 or 8",
			       size);
	g->state_size = sizeof(struct othello_state);
	g->player_count = 2;
	g->move_count = size * size + 1;
	/* Two passes in a row would have ended the game before. */
	g->max_plies = 2 * size * size;
	g->planes = PLANES;
	g->rows = size;
	g->cols = size;
	g->symmetries = 8;
	return ERR_OK;
}

static inline int bit_of(const struct game *g, int cell)
{
	return cell / g->cols * 8 + cell % g->cols;
}

static inline int cell_of(const struct game *g, int bit)
{
	return (bit >> 3) * g->cols + (bit & 7);
}

/* After discs or turn have changed. */
static void refresh(struct othello_state *s, uint64_t cells)
{
	uint64_t mine = s->discs[s->to_move], theirs = s->discs[1 - s->to_move];

	s->moves = othello_placements(mine, theirs, cells);
	s->over = !s->moves && !othello_placements(theirs, mine, cells);
}

static void first_position(const struct game *g, struct othello_state *s)
{
	int mid = g->cols / 2;

	memset(s, 0, sizeof(*s));
	s->discs[0] =
		1ULL << (8 * (mid - 1) + mid) | 1ULL << (8 * mid + mid - 1);
	s->discs[1] =
		1ULL << (8 * (mid - 1) + mid - 1) | 1ULL << (8 * mid + mid);
	refresh(s, othello_board(g->cols));
}

static enum err_code position_parse(const struct game *g, void *state,
				    const char *text, struct err *e)
{
	struct stones_scan c = {text, text, e};
	struct othello_state s = {.over = 0};
	uint8_t stone[CELLS_MAX];
	enum err_code rc;
	int player;

	rc = stones_parse(&c, g->cols, stone, &player);
	if (!rc && *c.at)
		rc = stones_expected(&c, "the end");
	if (rc)
		return rc;
	for (int cell = 0; cell < g->rows * g->cols; cell++)
		if (stone[cell])
			s.discs[stone[cell] - 1] |= 1ULL << bit_of(g, cell);
	s.to_move = (uint32_t)player;
	refresh(&s, othello_board(g->cols));
	if (s.over)
		return err_set(e, ERR_FORMAT,
			       "column 1: neither player has a move here");
	memcpy(state, &s, sizeof(s));
	return ERR_OK;
}

static void position_text(const struct game *g, const void *state,
			  char out[GAME_START_SIZE])
{
	const struct othello_state *s = state;
	uint8_t stone[CELLS_MAX];

	for (int cell = 0; cell < g->rows * g->cols; cell++)
		stone[cell] =
			(uint8_t)(s->discs[0] >> bit_of(g, cell) & 1) |
			(uint8_t)((s->discs[1] >> bit_of(g, cell) & 1) << 1);
	stones_text(g->cols, stone, (int)s->to_move, out);
}

static void setup_text(const struct game *g, const uint8_t *cell, int player,
		       char out[GAME_START_SIZE])
{
	stones_text(g->cols, cell, player, out);
}

static void start(const struct game *g, void *state, uint64_t seed)
{
	(void)seed;
	first_position(g, state);
	if (g->start[0] && position_parse(g, state, g->start, NULL))
		assert(!"a start is checked when the game is made");
}

static int to_act(const struct game *g, const void *state)
{
	const struct othello_state *s = state;

	(void)g;
	return s->over ? GAME_OVER : (int)s->to_move;
}

static int legal(const struct game *g, const void *state, game_move *out)
{
	const struct othello_state *s = state;
	int n = 0;

	for (uint64_t left = s->moves; left; left &= left - 1)
		out[n++] = (game_move)cell_of(g, __builtin_ctzll(left));
	if (!n && !s->over)
		out[n++] = (game_move)(g->move_count - 1);
	return n;
}

static bool is_legal(const struct game *g, const struct othello_state *s,
		     game_move m)
{
	if (s->over || m >= g->move_count)
		return false;
	if (m == g->move_count - 1)
		return !s->moves;
	return s->moves >> bit_of(g, m) & 1;
}

static void place(struct othello_state *s, int bit, uint64_t cells)
{
	uint64_t *mine = &s->discs[s->to_move];
	uint64_t *theirs = &s->discs[1 - s->to_move];
	uint64_t turn = othello_turned(*mine, *theirs, bit);

	*mine |= turn | 1ULL << bit;
	*theirs &= ~turn;
	s->to_move ^= 1;
	refresh(s, cells);
}

static void apply(const struct game *g, void *state, game_move m)
{
	struct othello_state *s = state;

	assert(is_legal(g, s, m));
	if (m < g->move_count - 1) {
		place(s, bit_of(g, m), othello_board(g->cols));
		return;
	}
	s->to_move ^= 1;
	refresh(s, othello_board(g->cols));
}

static int disc_count(const struct othello_state *s, int player)
{
	return __builtin_popcountll(s->discs[player]);
}

/* Discs alone: empty cells belong to nobody, as they do in ownership(), and
 * this is what networks learn. */
static float lead(const struct game *g, const void *state)
{
	(void)g;
	return (float)(disc_count(state, 0) - disc_count(state, 1));
}

/* Tournaments give empty cells to the winner, which does not change who wins.
 */
static float final_lead(const struct game *g, const void *state)
{
	const struct othello_state *s = state;

	return (float)othello_final(g, s, 0);
}

static float lead_scale(const struct game *g)
{
	return (float)(g->rows * g->cols) / 2;
}

static void score(const struct game *g, const void *state, float *value)
{
	const struct othello_state *s = state;
	float by = lead(g, s);

	assert(s->over);
	(void)s;
	value[0] = by > 0 ? 1.0f : by < 0 ? -1.0f : 0;
	value[1] = by > 0 ? -1.0f : by < 0 ? 1.0f : 0;
}

static int cell_at(const struct game *g, const void *state, int row, int col)
{
	const struct othello_state *s = state;
	int bit = row * 8 + col;

	(void)g;
	return s->discs[0] >> bit & 1 ? 1 : s->discs[1] >> bit & 1 ? 2 : 0;
}

static void ownership(const struct game *g, const void *state, float *out)
{
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			int what = cell_at(g, state, row, col);

			*out++ = what == 1 ? 1.0f : what == 2 ? -1.0f : 0;
		}
}

static int facts(const struct game *g, const void *state, struct game_fact *out)
{
	(void)g;
	out[0] = (struct game_fact){"black", disc_count(state, 0)};
	out[1] = (struct game_fact){"white", disc_count(state, 1)};
	return 2;
}

static const char *ended(const struct game *g, const void *state)
{
	const struct othello_state *s = state;

	if ((s->discs[0] | s->discs[1]) == othello_board(g->cols))
		return "full board";
	return s->discs[0] && s->discs[1] ? "no moves" : "all discs turned";
}

/*
 * Planes, as the player to move sees them: own discs, the opponent's, own
 * placements, the opponent's if it were the opponent's turn, and ones, which
 * show where the board ends.
 */
static void encode(const struct game *g, const void *state, float *out)
{
	const struct othello_state *s = state;
	uint64_t mine = s->discs[s->to_move], theirs = s->discs[1 - s->to_move];
	const uint64_t plane[PLANES] = {
		mine, theirs, s->moves,
		othello_placements(theirs, mine, othello_board(g->cols)),
		othello_board(g->cols)};

	for (int i = 0; i < PLANES; i++)
		for (int cell = 0; cell < g->rows * g->cols; cell++)
			*out++ = plane[i] >> bit_of(g, cell) & 1 ? 1.0f : 0;
}

static uint64_t hash(const struct game *g, const void *state)
{
	const struct othello_state *s = state;

	(void)g;
	return rng_mix(rng_mix(s->discs[0], s->discs[1]), s->to_move);
}

static void move_text(const struct game *g, const void *state, game_move m,
		      char out[GAME_TEXT_SIZE])
{
	(void)state;
	if (m == g->move_count - 1)
		snprintf(out, GAME_TEXT_SIZE, "pass");
	else
		snprintf(out, GAME_TEXT_SIZE, "%c%d", 'a' + m % g->cols,
			 m / g->cols + 1);
}

static game_move move_parse(const struct game *g, const void *state,
			    const char *text)
{
	int col = (text[0] | 0x20) - 'a', row;
	game_move m;

	if (!strcasecmp(text, "pass")) {
		m = (game_move)(g->move_count - 1);
		return is_legal(g, state, m) ? m : GAME_NO_MOVE;
	}
	if (col < 0 || col >= g->cols || !text[1] || text[2])
		return GAME_NO_MOVE;
	row = text[1] - '1';
	if (row < 0 || row >= g->rows)
		return GAME_NO_MOVE;
	m = (game_move)(row * g->cols + col);
	return is_legal(g, state, m) ? m : GAME_NO_MOVE;
}

/* The last ply is counted, not played. */
static uint64_t count_leaves(const struct othello_state *s, uint64_t cells,
			     int depth)
{
	struct othello_state child;
	uint64_t sum = 0;

	if (s->over)
		return 0;
	if (depth == 1)
		return s->moves ? (uint64_t)__builtin_popcountll(s->moves) : 1;
	if (!s->moves) {
		child = *s;
		child.to_move ^= 1;
		refresh(&child, cells);
		return count_leaves(&child, cells, depth - 1);
	}
	for (uint64_t left = s->moves; left; left &= left - 1) {
		child = *s;
		place(&child, __builtin_ctzll(left), cells);
		sum += count_leaves(&child, cells, depth - 1);
	}
	return sum;
}

static uint64_t perft(const struct game *g, const void *state, int depth)
{
	return depth ? count_leaves(state, othello_board(g->cols), depth) : 1;
}

/* One plane of squares; the pass is on none. */
static int move_plane(const struct game *g, game_move m, int *cell)
{
	*cell = m;
	return m < g->rows * g->cols ? 0 : -1;
}

static const char *refusal(const struct game *g, const void *state, int cell)
{
	game_move legal[CELLS_MAX + 1];
	int n = g->rules->legal(g, state, legal);

	for (int i = 0; i < n; i++)
		if (legal[i] == cell)
			return NULL;
	return "it turns no disc";
}

const struct game_rules game_othello = {
	.family = "othello",
	.title = "Othello",
	.source = "World Othello Federation, \"World Othello Championship "
		  "Rules\", worldothello.org",
	.params = params,
	.setup = setup,
	.start = start,
	.to_act = to_act,
	.legal = legal,
	.apply = apply,
	.score = score,
	.encode = encode,
	.hash = hash,
	.move_symmetry = stones_move_symmetry,
	.cell_symmetry = board_symmetry,
	.cell = cell_at,
	.refusal = refusal,
	.move_cell = stones_move_cell,
	.move_text = move_text,
	.move_parse = move_parse,
	.facts = facts,
	.ended = ended,
	.start_param = "start",
	.position_text = position_text,
	.setup_text = setup_text,
	.position_parse = position_parse,
	.ownership = ownership,
	.lead = lead,
	.final_lead = final_lead,
	.lead_scale = lead_scale,
	.move_plane = move_plane,
	.perft = perft,
};
