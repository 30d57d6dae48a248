/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/go.h"

#include <assert.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/families.h"
#include "core/game/go_board.h"
#include "core/game/stones.h"

/*
 * Go by the rules of Tromp and Taylor, but that suicide is illegal and the game
 * ends after that many plies as it stands: area counts, and no placement may
 * bring a whole-board position of the game back (positional superko).  Moves
 * are cells from the top left, then the pass.
 */
enum { PLIES_LEAST = 60 };

static const struct game_param go_params[] = {
	{.name = "size",
	 .min = 2,
	 .max = GO_SIZE_MAX,
	 .fallback = 9,
	 .help = "lines of the board"},
	{.name = "komi",
	 .min = -800,
	 .max = 800,
	 .fallback = 14,
	 .help = "points that White has for moving second",
	 .scale = 2,
	 .loose = true},
	{.name = "plies",
	 .min = 0,
	 .max = 2000,
	 .fallback = 0,
	 .help = "largest number of moves in a game; 0: three per cell",
	 .loose = true},
	{.name = NULL},
};

bool go_is(const struct game *g)
{
	return g->rules == &game_go;
}

int go_komi_halves(const struct game *g)
{
	return g->param[GO_KOMI];
}

static enum err_code setup(struct game *g, struct err *e)
{
	int size = g->param[GO_SIZE], cells = size * size;
	int plies = g->param[GO_PLIES];

	(void)e;
	if (!plies)
		plies = 3 * cells < PLIES_LEAST ? PLIES_LEAST : 3 * cells;
	g->state_size = go_state_size(size, plies);
	g->player_count = 2;
	g->move_count = cells + 1;
	g->max_plies = plies;
	g->planes = GO_PLANES;
	g->rows = size;
	g->cols = size;
	g->symmetries = 8;
	return ERR_OK;
}

static void start(const struct game *g, void *state, uint64_t seed)
{
	enum err_code rc = ERR_OK;

	(void)seed;
	if (g->start[0])
		rc = go_position_parse(g, state, g->start, NULL);
	else
		go_board_init(state, g->param[GO_SIZE], g->max_plies, NULL, 0,
			      NULL);
	assert(!rc);
	(void)rc;
}

static bool is_over(const struct game *g, const struct go_state *s)
{
	return s->passes >= 2 || s->ply >= g->max_plies;
}

static int to_act(const struct game *g, const void *state)
{
	const struct go_state *s = state;

	return is_over(g, s) ? GAME_OVER : s->to_move;
}

/* A second pass, or the last ply. */
static bool may_end(const struct game *g, const void *state)
{
	const struct go_state *s = state;

	return s->passes >= 1 || s->ply + 1 >= g->max_plies;
}

static int legal(const struct game *g, const void *state, game_move *out)
{
	const struct go_state *s = state;
	int n = 0, cell = 0;

	for (int row = 1; row <= s->size; row++)
		for (int p = row * s->width + 1; p < (row + 1) * s->width;
		     p++, cell++)
			if (s->point[p].what == GO_EMPTY && go_allowed(s, p))
				out[n++] = (game_move)cell;
	out[n++] = (game_move)(g->move_count - 1);
	return n;
}

static bool is_legal(const struct game *g, const struct go_state *s,
		     game_move m)
{
	int p;

	if (m >= g->move_count || is_over(g, s))
		return false;
	if (m == g->move_count - 1)
		return true;
	p = go_point_of(s, m);
	return s->point[p].what == GO_EMPTY && go_allowed(s, p);
}

static const char *refusal(const struct game *g, const void *state, int cell)
{
	const struct go_state *s = state;
	int p = go_point_of(s, cell);

	(void)g;
	return !go_breathes(s, p)  ? "it would leave no liberty (suicide)"
	       : !go_allowed(s, p) ? "it repeats a position (superko)"
				   : NULL;
}

static void apply(const struct game *g, void *state, game_move m)
{
	struct go_state *s = state;

	assert(is_legal(g, s, m));
	if (m == g->move_count - 1)
		go_pass(s);
	else
		go_place(s, go_point_of(s, m));
}

void go_area(const struct game *g, const void *state, int area[2])
{
	uint8_t owner[GO_CELLS_MAX];

	go_owners(state, owner);
	area[0] = area[1] = 0;
	for (int cell = 0; cell < g->rows * g->cols; cell++)
		if (owner[cell] != GO_EMPTY)
			area[owner[cell] - GO_BLACK]++;
}

void go_captured(const struct game *g, const void *state, int lost[2])
{
	const struct go_state *s = state;

	(void)g;
	lost[0] = s->taken[0];
	lost[1] = s->taken[1];
}

int go_liberties(const struct game *g, const void *state, int cell)
{
	uint8_t libs[(GO_SIZE_MAX + 1) * (GO_SIZE_MAX + 2) + 1];
	const struct go_state *s = state;

	(void)g;
	go_count_liberties(s, 255, libs);
	return libs[go_point_of(s, cell)];
}

int go_chain(const struct game *g, const void *state, int cell, int *out)
{
	const struct go_state *s = state;
	int from = go_point_of(s, cell), p = from, n = 0;

	(void)g;
	if (s->point[p].what == GO_EMPTY)
		return 0;
	do {
		out[n++] = go_cell_of(s, p);
		p = s->point[p].next;
	} while (p != from);
	return n;
}

bool go_repeats(const struct game *g, const void *state, game_move m)
{
	const struct go_state *s = state;
	int p;

	if (m >= g->move_count - 1)
		return false;
	p = go_point_of(s, m);
	return s->point[p].what == GO_EMPTY && go_breathes(s, p) &&
	       go_again(s, p);
}

static float lead(const struct game *g, const void *state)
{
	int area[2];

	go_area(g, state, area);
	return (float)(2 * (area[0] - area[1]) - g->param[GO_KOMI]) / 2;
}

static float lead_scale(const struct game *g)
{
	return (float)(g->rows * g->cols) / 2;
}

static void score(const struct game *g, const void *state, float *value)
{
	float points = lead(g, state);

	assert(is_over(g, state));
	value[0] = points > 0 ? 1.0f : points < 0 ? -1.0f : 0;
	value[1] = points > 0 ? -1.0f : points < 0 ? 1.0f : 0;
}

static void ownership(const struct game *g, const void *state, float *out)
{
	uint8_t owner[GO_CELLS_MAX];

	go_owners(state, owner);
	for (int cell = 0; cell < g->rows * g->cols; cell++)
		out[cell] = owner[cell] == GO_BLACK   ? 1.0f
			    : owner[cell] == GO_WHITE ? -1.0f
						      : 0;
}

static int facts(const struct game *g, const void *state, struct game_fact *out)
{
	int area[2];

	go_area(g, state, area);
	out[0] = (struct game_fact){"black", area[0]};
	out[1] = (struct game_fact){"white", area[1]};
	return 2;
}

static const char *ended(const struct game *g, const void *state)
{
	const struct go_state *s = state;

	(void)g;
	return s->passes >= 2 ? "two passes" : "ply cap";
}

/*
 * Stones, the side to move, whether the last move was a pass, and the points
 * that superko refuses now.  What it may refuse later is left out, and how
 * near the cap is: else no two orders of moves would meet.
 */
static uint64_t hash(const struct game *g, const void *state)
{
	const struct go_state *s = state;
	const uint16_t *empty = go_empties_of(s);
	uint64_t refused = 0;

	(void)g;
	for (int i = 0; i < s->empty_count; i++)
		if (s->point[empty[i]].taken & go_stone_to_move(s) &&
		    go_breathes(s, empty[i]) && go_again(s, empty[i]))
			refused += rng_mix(empty[i], 1);
	return rng_mix(s->position ^ refused,
		       (uint64_t)(s->to_move * 4 + s->passes));
}

static int cell_at(const struct game *g, const void *state, int row, int col)
{
	const struct go_state *s = state;

	(void)g;
	return s->point[(row + 1) * s->width + col + 1].what;
}

static void move_text(const struct game *g, const void *state, game_move m,
		      char out[GAME_TEXT_SIZE])
{
	(void)state;
	go_vertex_text(g, m, out);
}

static game_move move_parse(const struct game *g, const void *state,
			    const char *text)
{
	game_move m = go_vertex_parse(g, text);

	return is_legal(g, state, m) ? m : GAME_NO_MOVE;
}

/* Drawn from the empty points until one will do: each that would do is as
 * likely as any other.  When few are left, they are listed. */
static game_move random_move(const struct game *g, const void *state,
			     struct rng *r)
{
	const struct go_state *s = state;
	const uint16_t *empty = go_empties_of(s);
	uint16_t good[GO_CELLS_MAX];
	int n = 0, tries = s->empty_count < 4 ? 0 : 4;

	for (int i = 0; i < tries; i++) {
		int p = empty[rng_below(r, s->empty_count)];

		if (!go_own_eye(s, p) && go_allowed(s, p))
			return (game_move)go_cell_of(s, p);
	}
	for (int i = 0; i < s->empty_count; i++)
		if (!go_own_eye(s, empty[i]) && go_allowed(s, empty[i]))
			good[n++] = empty[i];
	return n ? (game_move)go_cell_of(s, good[rng_below(r, (uint32_t)n)])
		 : (game_move)(g->move_count - 1);
}

/* One plane of points; the pass is on none. */
static int move_plane(const struct game *g, game_move m, int *cell)
{
	*cell = m;
	return m < g->rows * g->cols ? 0 : -1;
}

const struct game_rules game_go = {
	.family = "go",
	.title = "Go",
	.source = "Tromp, Taylor, \"The Game of Go\", "
		  "tromp.github.io/go.html, without suicide",
	.params = go_params,
	.setup = setup,
	.start = start,
	.to_act = to_act,
	.legal = legal,
	.apply = apply,
	.score = score,
	.encode = go_encode,
	.hash = hash,
	.move_symmetry = stones_move_symmetry,
	.cell_symmetry = board_symmetry,
	.cell = cell_at,
	.move_cell = stones_move_cell,
	.refusal = refusal,
	.move_text = move_text,
	.move_parse = move_parse,
	.facts = facts,
	.ended = ended,
	.start_param = "start",
	.position_text = go_position_text,
	.setup_text = go_setup_text,
	.position_parse = go_position_parse,
	.ownership = ownership,
	.lead = lead,
	.lead_scale = lead_scale,
	.move_plane = move_plane,
	.random_move = random_move,
	.may_end = may_end,
};
