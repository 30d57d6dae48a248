/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/chess_board.h"
#include "core/game/chess_state.h"
#include "core/game/families.h"

/* The longest game that fifty moves allow has some 11800 plies. */
enum { LONGEST = 12000 };

/* encode(): by plane. */
enum {
	PLANE_OWN = 0,
	PLANE_OTHER = PLANE_OWN + CHESS_KINDS,
	PLANE_BEFORE = PLANE_OTHER + CHESS_KINDS,
	PLANE_CASTLE = PLANE_BEFORE + 2 * CHESS_KINDS,
	PLANE_PASSANT = PLANE_CASTLE + 4,
	PLANE_QUIET,
	PLANE_REPEATED,
	PLANES,
};

static enum err_code frc_read(const char *text, int *value, struct err *e)
{
	size_t digits = strspn(text, "0123456789");

	if (!strcmp(text, "no")) {
		*value = CHESS_FRC_NONE;
		return ERR_OK;
	}
	if (!digits || digits > 3 || text[digits] ||
	    atoi(text) >= CHESS_FRC_STARTS)
		return err_set(e, ERR_USAGE,
			       "must be no, or a start from 0 to 959; 518 is "
			       "that of usual chess");
	*value = atoi(text);
	return ERR_OK;
}

static void frc_write(int value, char out[GAME_PARAM_SIZE])
{
	if (value == CHESS_FRC_NONE)
		snprintf(out, GAME_PARAM_SIZE, "no");
	else
		snprintf(out, GAME_PARAM_SIZE, "%d", value);
}

static const struct game_param chess_params[] = {
	{.name = "plies",
	 .min = 2,
	 .max = LONGEST,
	 .fallback = LONGEST,
	 .help = "moves of both sides together after which it is a draw",
	 .loose = true},
	{.name = "frc",
	 .fallback = CHESS_FRC_NONE,
	 .read = frc_read,
	 .write = frc_write,
	 .help = "Chess960 (Fischer random), from start 0 to 959",
	 .unsaid = true,
	 .loose = true},
	{.name = NULL},
};

static enum err_code chess_setup(struct game *g, struct err *e)
{
	(void)e;
	chess_board_init();
	g->state_size = sizeof(struct chess_state);
	g->player_count = 2;
	g->move_count = CHESS_MOVES;
	g->max_plies = g->param[CHESS_PLIES];
	g->planes = PLANES;
	g->rows = 8;
	g->cols = 8;
	g->symmetries = 1;
	return ERR_OK;
}

static void chess_start(const struct game *g, void *state, uint64_t seed)
{
	char usual[GAME_START_SIZE];

	(void)seed;
	chess_frc_start(g->param[CHESS_FRC] == CHESS_FRC_NONE
				? CHESS_FRC_USUAL
				: g->param[CHESS_FRC],
			usual);
	if (chess_position_parse(g, state, g->start[0] ? g->start : usual,
				 NULL))
		assert(!"a start that game_init() took does not parse");
}

static int chess_to_act(const struct game *g, const void *state)
{
	const struct chess_state *s = state;

	(void)g;
	return s->end ? GAME_OVER : s->b.black;
}

static int chess_legal(const struct game *g, const void *state, game_move *out)
{
	const struct chess_state *s = state;

	(void)g;
	return chess_all_moves(&s->b, out);
}

/* Playing */

static void pack(const struct chess_board *b, uint64_t out[4])
{
	const uint64_t *k = b->kind;

	out[0] = k[CHESS_PAWN] | k[CHESS_BISHOP] | k[CHESS_QUEEN];
	out[1] = k[CHESS_KNIGHT] | k[CHESS_BISHOP] | k[CHESS_KING];
	out[2] = k[CHESS_ROOK] | k[CHESS_QUEEN] | k[CHESS_KING];
	out[3] = b->other; /* who moves next */
	for (int i = 0; i < 4; i++)
		out[i] = chess_flip(out[i]);
}

/* A square behind a pawn matters only where the capture is legal. */
static void drop_idle_passant(struct chess_board *b)
{
	struct chess_look l;

	if (!b->passant)
		return;
	chess_look(b, &l);
	if (!chess_passant_pawns(b, &l))
		b->passant = 0;
}

static bool is_legal(const struct chess_board *b, struct chess_move m)
{
	struct chess_look l;

	if (!(b->own >> m.from & 1))
		return false;
	chess_look(b, &l);
	return chess_moves_from(b, &l, chess_kind_at(b, m.from), m.from) >>
		       m.to &
	       1;
}

static void chess_apply(const struct game *g, void *state, game_move m)
{
	struct chess_state *s = state;
	struct chess_board was = s->b;
	struct chess_move move;
	int kind;

	assert(!s->end && m < CHESS_MOVES);
	move = chess_tables.move[m];
	assert(is_legal(&was, move));
	kind = chess_kind_at(&was, move.from);
	pack(&was, s->before);
	chess_make(&was, &s->b, kind, move.from, move.to, move.promoted);
	drop_idle_passant(&s->b);
	s->ply++;
	s->number = (uint16_t)(s->number + was.black);
	s->quiet++;
	if (kind == CHESS_PAWN || (was.other >> move.to & 1))
		s->quiet = 0;
	/* Rights turned over with the board: compare them as they stood. */
	if (!s->quiet ||
	    (s->b.castle >> 2 | (s->b.castle & 3) << 2) != was.castle) {
		memset(s->past, 0, sizeof(s->past));
		s->past_count = 0;
		s->past_closed = 0;
	} else {
		if (!s->past_count)
			s->past_closed = was.passant != 0;
		s->past[s->past_count++] =
			(uint16_t)(chess_turn(&was, move.from) |
				   chess_turn(&was, move.to) << 6 | kind << 12);
	}
	s->repeats = (uint8_t)chess_count_repeats(s);
	s->end = (uint8_t)chess_find_end(s);
	if (!s->end && s->ply >= g->max_plies)
		s->end = CHESS_CAP;
}

static void chess_score(const struct game *g, const void *state, float *value)
{
	const struct chess_state *s = state;

	(void)g;
	assert(s->end);
	value[s->b.black] = s->end == CHESS_MATE ? -1.0f : 0.0f;
	value[!s->b.black] = s->end == CHESS_MATE ? 1.0f : 0.0f;
}

static const char *chess_ended(const struct game *g, const void *state)
{
	static const char *const words[] = {
		[CHESS_RUNNING] = "",
		[CHESS_MATE] = "checkmate",
		[CHESS_STALEMATE] = "stalemate",
		[CHESS_REPETITION] = "repetition",
		[CHESS_FIFTY] = "fifty moves",
		[CHESS_BARE] = "bare material",
		[CHESS_CAP] = "ply cap",
	};
	const struct chess_state *s = state;

	(void)g;
	return words[s->end];
}

/* Seen by a network */

/* Row 0 is the far rank. */
static void add_plane(float *out, uint64_t set)
{
	for (; set; set &= set - 1)
		out[chess_first(set) ^ 56] = 1;
}

static void fill_plane(float *out, float v)
{
	for (int i = 0; i < 64; i++)
		out[i] = v;
}

static void chess_encode(const struct game *g, const void *state, float *out)
{
	const struct chess_state *s = state;
	const struct chess_board *b = &s->b;

	(void)g;
	memset(out, 0, PLANES * 64 * sizeof(*out));
	for (int k = 0; k < CHESS_KINDS; k++) {
		uint64_t was = s->before[0] ^ ((k + 1) & 1 ? 0 : ~0ULL);

		was &= s->before[1] ^ ((k + 1) & 2 ? 0 : ~0ULL);
		was &= s->before[2] ^ ((k + 1) & 4 ? 0 : ~0ULL);
		add_plane(out + (PLANE_OWN + k) * 64, b->kind[k] & b->own);
		add_plane(out + (PLANE_OTHER + k) * 64, b->kind[k] & b->other);
		add_plane(out + (PLANE_BEFORE + k) * 64, was & s->before[3]);
		add_plane(out + (PLANE_BEFORE + CHESS_KINDS + k) * 64,
			  was & ~s->before[3]);
	}
	for (int i = 0; i < 4; i++)
		if (b->castle >> i & 1)
			fill_plane(out + (PLANE_CASTLE + i) * 64, 1);
	if (b->passant)
		add_plane(out + PLANE_PASSANT * 64, CHESS_BIT(b->passant));
	if (s->quiet)
		fill_plane(out + PLANE_QUIET * 64,
			   (float)s->quiet / CHESS_QUIET_MAX);
	if (s->repeats)
		fill_plane(out + PLANE_REPEATED * 64, 1);
}

/* Material, in pawns; the usual values. */
static float chess_lead(const struct game *g, const void *state)
{
	static const int worth[CHESS_KINDS] = {1, 3, 3, 5, 9, 0};
	const struct chess_board *b = &((const struct chess_state *)state)->b;
	int sum = 0;

	(void)g;
	for (int k = 0; k < CHESS_KINDS; k++)
		sum += worth[k] * (__builtin_popcountll(b->kind[k] & b->own) -
				   __builtin_popcountll(b->kind[k] & b->other));
	return (float)(b->black ? -sum : sum);
}

static float chess_lead_scale(const struct game *g)
{
	(void)g;
	return 20;
}

static uint64_t board_key(const struct chess_board *b)
{
	uint64_t h =
		rng_mix(b->own, (uint64_t)b->rooks[1] << 40 |
					(uint64_t)b->rooks[0] << 32 |
					(uint64_t)b->castle << 16 |
					(uint64_t)b->passant << 8 | b->black);

	for (int k = 0; k < CHESS_KINDS; k++)
		h = rng_mix(h, b->kind[k]);
	return h;
}

/* The boards that could come again count too, in any order; the cap on plies
 * does not. */
static uint64_t chess_hash(const struct game *g, const void *state)
{
	const struct chess_state *s = state;
	struct chess_board b = s->b;
	uint64_t past = 0;

	(void)g;
	b.passant = 0;
	for (int i = s->past_count - 1; i >= (s->past_closed ? 1 : 0); i--) {
		unsigned int move = s->past[i];
		uint64_t squares =
			CHESS_BIT(move & 63) | CHESS_BIT(move >> 6 & 63);

		/* Always seen by White here: only whose turn it is matters. */
		if (s->b.black)
			squares = chess_flip(squares);
		b.black ^= 1;
		b.kind[move >> 12] ^= squares;
		if (b.black == s->b.black)
			b.own ^= squares;
		else
			b.other ^= squares;
		past += rng_mix(board_key(&b), b.other);
	}
	return rng_mix(board_key(&s->b), past + s->quiet);
}

/* Cells and moves */

static game_move chess_move_symmetry(const struct game *g, int sym, game_move m)
{
	(void)g;
	(void)sym;
	return m;
}

static int chess_cell_symmetry(const struct game *g, int sym, int cell)
{
	(void)g;
	(void)sym;
	return cell;
}

static int chess_cell(const struct game *g, const void *state, int row, int col)
{
	const struct chess_board *b = &((const struct chess_state *)state)->b;
	int sq = chess_turn(b, (row * 8 + col) ^ 56);
	int kind = chess_kind_at(b, sq);
	int black = (int)(b->own >> sq & 1) ^ 1 ^ b->black;

	(void)g;
	return kind == CHESS_KINDS ? GAME_EMPTY : 1 + 2 * kind + black;
}

static int chess_move_cell(const struct game *g, const void *state, game_move m)
{
	(void)g;
	return chess_cell_of(&((const struct chess_state *)state)->b,
			     chess_tables.move[m].to);
}

static int chess_move_from(const struct game *g, const void *state, game_move m)
{
	(void)g;
	return chess_cell_of(&((const struct chess_state *)state)->b,
			     chess_tables.move[m].from);
}

/* Planes of moves, at the square that they leave: 8 directions by 7 lengths, 8
 * jumps of a knight, 3 promotions by 3 steps (Silver et al. 2018, table S2). */
static int chess_move_plane(const struct game *g, game_move m, int *cell)
{
	struct chess_move move = chess_tables.move[m];
	int rows = move.to / 8 - move.from / 8;
	int cols = move.to % 8 - move.from % 8;
	int length = abs(rows) > abs(cols) ? abs(rows) : abs(cols);
	/* Nine ways to go, the middle one none. */
	int way = 3 * ((rows > 0) - (rows < 0)) + (cols > 0) - (cols < 0) + 4;

	(void)g;
	*cell = move.from ^ 56;
	if (move.promoted != CHESS_QUEEN)
		return 64 + 3 * (move.promoted - CHESS_KNIGHT) + cols + 1;
	if (rows && cols && abs(rows) != abs(cols))
		return 56 + (rows > 0) * 4 + (cols > 0) * 2 +
		       (abs(rows) > abs(cols));
	return (way - (way > 4)) * 7 + length - 1;
}

/* Counting leaves */

/* Whether no game of `plies` more can end in a draw by rule. */
static bool no_draw_within(const struct game *g, const struct chess_state *s,
			   int plies)
{
	const uint64_t *k = s->b.kind;
	uint64_t strong = k[CHESS_PAWN] | k[CHESS_ROOK] | k[CHESS_QUEEN];

	/* A third time takes eight plies, and a ply takes at most two of the
	 * men that can mate: by a pawn that captures and promotes. */
	return s->past_count + plies < 8 &&
	       s->quiet + plies < CHESS_QUIET_MAX &&
	       s->ply + plies < g->max_plies &&
	       __builtin_popcountll(strong) > 2 * plies;
}

static uint64_t count_state(const struct game *g, const struct chess_state *s,
			    int depth)
{
	/* Sixteen men of a side have fewer than 500 moves. */
	game_move moves[512];
	uint64_t sum = 0;
	int n;

	if (s->end)
		return depth == 0;
	/* The last ply's games may end as they like. */
	if (depth <= 1 || no_draw_within(g, s, depth - 1))
		return chess_count(&s->b, depth);
	n = chess_all_moves(&s->b, moves);
	for (int i = 0; i < n; i++) {
		struct chess_state next = *s;

		chess_apply(g, &next, moves[i]);
		sum += count_state(g, &next, depth - 1);
	}
	return sum;
}

static uint64_t chess_perft(const struct game *g, const void *state, int depth)
{
	return count_state(g, state, depth);
}

bool chess_in_check(const void *state)
{
	const struct chess_state *s = state;
	struct chess_look l;

	chess_look(&s->b, &l);
	return l.checkers != 0;
}

bool chess_play_on(void *state)
{
	struct chess_state *s = state;
	struct chess_look l;

	chess_look(&s->b, &l);
	if (!chess_any_move(&s->b, &l))
		return false;
	memset(s->past, 0, sizeof(s->past));
	s->past_count = s->quiet = s->ply = 0;
	s->past_closed = s->repeats = 0;
	s->end = CHESS_RUNNING;
	return true;
}

int chess_quiet_plies(const void *state)
{
	return ((const struct chess_state *)state)->quiet;
}

int chess_move_count(const void *state)
{
	return ((const struct chess_state *)state)->number;
}

const struct game_rules game_chess = {
	.family = "chess",
	.title = "Chess",
	.source = "FIDE Laws of Chess, 2023; draws by repetition, fifty moves "
		  "and dead material without a claim",
	.params = chess_params,
	.setup = chess_setup,
	.start = chess_start,
	.to_act = chess_to_act,
	.legal = chess_legal,
	.apply = chess_apply,
	.score = chess_score,
	.encode = chess_encode,
	.hash = chess_hash,
	.move_symmetry = chess_move_symmetry,
	.cell_symmetry = chess_cell_symmetry,
	.cell = chess_cell,
	.move_cell = chess_move_cell,
	.move_text = chess_move_text,
	.move_parse = chess_move_parse,
	.ended = chess_ended,
	.start_param = "fen",
	.position_text = chess_position_text,
	.setup_text = chess_setup_text,
	.position_parse = chess_position_parse,
	.position_doubts = chess_position_doubts,
	.move_from = chess_move_from,
	.move_letters = "KQRBNO",
	.lead = chess_lead,
	.lead_scale = chess_lead_scale,
	.move_plane = chess_move_plane,
	.perft = chess_perft,
};
