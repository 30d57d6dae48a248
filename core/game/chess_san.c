/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/game/chess_board.h"
#include "core/game/chess_state.h"
#include "core/game/game.h"

/* Standard algebraic notation, as the PGN standard defines it (8.2.3), and
 * UCI's long one. */

#define FILE_SET 0x0101010101010101ULL
#define RANK_SET 0xffULL

static size_t add_square(const struct chess_board *b, int sq, char *out)
{
	sq = chess_turn(b, sq);
	out[0] = (char)('a' + sq % 8);
	out[1] = (char)('1' + sq / 8);
	return 2;
}

/* Writing */

/* Own pieces of `kind` that may go to `to`. */
static uint64_t movers(const struct chess_board *b, const struct chess_look *l,
		       int kind, uint64_t among, int to)
{
	uint64_t found = 0;

	for (among &= b->own & b->kind[kind]; among; among &= among - 1)
		if (chess_moves_from(b, l, kind, chess_first(among)) >> to & 1)
			found |= among & -among;
	return found;
}

/* What tells the piece on `from` from others that may go there: its file if
 * that is enough, else its rank, else both. */
static size_t add_origin(const struct chess_board *b,
			 const struct chess_look *l, int kind, int from, int to,
			 char *out)
{
	uint64_t others = movers(b, l, kind, ~CHESS_BIT(from), to);
	uint64_t file = FILE_SET << from % 8;
	uint64_t rank = RANK_SET << (from & 56);
	char square[2];

	if (!others)
		return 0;
	add_square(b, from, square);
	if (!(others & file)) {
		out[0] = square[0];
		return 1;
	}
	if (!(others & rank)) {
		out[0] = square[1];
		return 1;
	}
	memcpy(out, square, 2);
	return 2;
}

void chess_move_text(const struct game *g, const void *state, game_move number,
		     char out[GAME_TEXT_SIZE])
{
	const struct chess_board *b = &((const struct chess_state *)state)->b;
	struct chess_move m = chess_tables.move[number];
	int kind = chess_kind_at(b, m.from);
	bool takes = b->other >> m.to & 1;
	struct chess_board next;
	struct chess_look l;
	size_t n = 0;

	(void)g;
	assert(number < CHESS_MOVES && kind != CHESS_KINDS);
	if (chess_castling(b, kind, m.from, m.to)) {
		n = m.to > m.from ? 3 : 5;
		memcpy(out, "O-O-O", n);
	} else {
		if (kind == CHESS_PAWN) {
			takes = (m.to - m.from) % 8 != 0;
			if (takes)
				out[n++] = (char)('a' + m.from % 8);
		} else {
			out[n++] = chess_letters[kind];
			chess_look(b, &l);
			n += add_origin(b, &l, kind, m.from, m.to, out + n);
		}
		if (takes)
			out[n++] = 'x';
		n += add_square(b, m.to, out + n);
		if (kind == CHESS_PAWN && m.to >= 56) {
			out[n++] = '=';
			out[n++] = chess_letters[m.promoted];
		}
	}
	chess_make(b, &next, kind, m.from, m.to, m.promoted);
	chess_look(&next, &l);
	if (l.checkers)
		out[n++] = chess_any_move(&next, &l) ? '+' : '#';
	out[n] = '\0';
}

void chess_uci_text(const struct game *g, const void *state, game_move number,
		    char out[GAME_TEXT_SIZE])
{
	const struct chess_board *b = &((const struct chess_state *)state)->b;
	struct chess_move m = chess_tables.move[number];
	int castle = chess_castling(b, chess_kind_at(b, m.from), m.from, m.to);
	size_t n = 0;

	/* In Chess960 always to the rook, as UCI_Chess960 has it. */
	if (castle && g->param[CHESS_FRC] != CHESS_FRC_NONE)
		m.to = (uint8_t)chess_rook_home(b, castle == 2);
	n += add_square(b, m.from, out + n);
	n += add_square(b, m.to, out + n);
	if (m.to >= 56 && (b->own & b->kind[CHESS_PAWN]) >> m.from & 1)
		out[n++] =
			(char)tolower((unsigned char)chess_letters[m.promoted]);
	out[n] = '\0';
}

/* Reading */

/* What a text says of a move: -1 what it leaves out. */
struct wanted {
	int kind, file, rank; /* of the piece, and whence */
	int to_file, to_rank;
	int promoted;
};

static int read_file(const char **at)
{
	return **at >= 'a' && **at <= 'h' ? *(*at)++ - 'a' : -1;
}

static int read_rank(const char **at)
{
	return **at >= '1' && **at <= '8' ? *(*at)++ - '1' : -1;
}

static bool read_one(const char **at, const char *set)
{
	if (!**at || !strchr(set, **at))
		return false;
	++*at;
	return true;
}

/* The kind that a letter names, of those from knight to queen; -1: none. */
static int read_promoted(const char **at)
{
	bool marked = read_one(at, "=/(");
	const char *letter;

	letter = strchr("NBRQ", toupper((unsigned char)**at));
	if (!letter || !*letter) {
		*at -= marked;
		return -1;
	}
	++*at;
	read_one(at, ")");
	return CHESS_KNIGHT + (int)(letter - "NBRQ");
}

/* What may follow a move and says nothing new. */
static bool ends_well(const char *at)
{
	if (!strncmp(at, "e.p.", 4))
		at += 4;
	else if (!strncmp(at, "ep", 2))
		at += 2;
	return !at[strspn(at, "+#!?")];
}

/* "O-O", "0-0-0", "oo": 0 is none, else the number of castles' parts. */
static int read_castle(const char *at)
{
	int parts = 0;

	while (read_one(&at, "O0o")) {
		parts++;
		read_one(&at, "-");
	}
	return at[-(parts > 0)] != '-' && ends_well(at) ? parts : 0;
}

static bool read_wanted(const char *at, struct wanted *w)
{
	/* Not b: a file. */
	static const char letters[] = "PNBRQKpn?rqk";
	const char *letter = *at ? strchr(letters, *at) : NULL;

	*w = (struct wanted){.kind = -1};
	if (letter && *letter != '?') {
		w->kind = (int)(letter - letters) % CHESS_KINDS;
		at++;
	}
	w->file = read_file(&at);
	w->rank = read_rank(&at);
	read_one(&at, "x:-");
	w->to_file = read_file(&at);
	w->to_rank = read_rank(&at);
	if (w->to_file < 0 && w->to_rank < 0) {
		w->to_file = w->file;
		w->to_rank = w->rank;
		w->file = w->rank = -1;
	}
	w->promoted = read_promoted(&at);
	/* Two squares may be those of any piece, else it is a pawn; one that
	 * captures says whence. */
	if (w->kind < 0 && (w->file < 0 || w->rank < 0))
		w->kind = CHESS_PAWN;
	if (w->kind == CHESS_PAWN && w->file < 0)
		w->file = w->to_file;
	return w->to_file >= 0 && w->to_rank >= 0 && ends_well(at);
}

static game_move find_castle(const struct chess_board *b, bool is_long)
{
	struct chess_look l;
	int to = is_long ? 2 : 6;

	chess_look(b, &l);
	if (b->frc)
		to = chess_rook_home(b, is_long);
	/* Nobody else's king steps over a square. */
	if ((!b->frc && l.king != 4) || !(chess_king_moves(b, &l) >> to & 1) ||
	    !chess_castling(b, CHESS_KING, l.king, to))
		return GAME_NO_MOVE;
	return chess_move_number(l.king, to, CHESS_QUEEN);
}

static game_move find(const struct chess_board *b, const struct wanted *w)
{
	int to = chess_turn(b, w->to_rank * 8 + w->to_file);
	uint64_t from = b->own;
	struct chess_look l;
	int kind = w->kind;
	bool promotes;

	if (w->file >= 0)
		from &= FILE_SET << w->file;
	if (w->rank >= 0)
		from &= RANK_SET << (b->black ? 7 - w->rank : w->rank) * 8;
	if (kind < 0 && from)
		kind = chess_kind_at(b, chess_first(from));
	if (!from)
		return GAME_NO_MOVE;
	/* To its rook, or two squares and more: as other programs write it. */
	if (kind == CHESS_KING && !(from & (from - 1)) &&
	    (b->own & b->kind[CHESS_ROOK] & CHESS_BIT(to) ||
	     (b->frc && to / 8 == 0 && abs(to - chess_first(from)) > 1)))
		return find_castle(b, to < chess_first(from));
	chess_look(b, &l);
	from = movers(b, &l, kind, from, to);
	if (!from || (from & (from - 1)))
		return GAME_NO_MOVE;
	promotes = kind == CHESS_PAWN && to >= 56;
	if (!promotes && w->promoted >= 0)
		return GAME_NO_MOVE;
	return chess_move_number(chess_first(from), to,
				 w->promoted < 0 ? CHESS_QUEEN : w->promoted);
}

game_move chess_move_parse(const struct game *g, const void *state,
			   const char *text)
{
	const struct chess_state *s = state;
	int castle = read_castle(text);
	struct wanted w;

	(void)g;
	if (s->end)
		return GAME_NO_MOVE;
	if (castle == 2 || castle == 3)
		return find_castle(&s->b, castle == 3);
	return read_wanted(text, &w) ? find(&s->b, &w) : GAME_NO_MOVE;
}
