/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/err.h"
#include "core/game/chess.h"
#include "core/game/chess_board.h"
#include "core/game/chess_state.h"
#include "core/game/game.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"

/* Forsyth-Edwards notation, as the PGN standard defines it (16.1). */

const char chess_letters[CHESS_KINDS + 1] = "PNBRQK";

enum { MEN_MAX = 16, PAWNS_MAX = 8, NUMBER_MAX = 9999 };

static const char castle_letters[] = "KQkq";

/* Writing */

static char piece_letter(const struct chess_board *b, int sq)
{
	int kind = chess_kind_at(b, sq);
	bool white = (b->own >> sq & 1) ^ b->black;

	if (kind == CHESS_KINDS)
		return '\0';
	return white ? chess_letters[kind]
		     : (char)tolower((unsigned char)chess_letters[kind]);
}

/* The squares of a side's first rank beyond its king, on the short or the long
 * wing; squares as the side to move sees them. */
static uint64_t wing_of(const struct chess_board *b, bool own, bool is_long)
{
	uint64_t side = own ? b->own : b->other;
	int king = chess_first(b->kind[CHESS_KING] & side);
	uint64_t rank = (uint64_t)0xff << (king & 56);
	uint64_t below = CHESS_BIT(king) - 1;

	return rank & ~CHESS_BIT(king) & (is_long ? below : ~below);
}

/* Of right `i` of KQkq: the file's own letter where a rook stands further out
 * on the same wing (X-FEN, Scharnagl 2003). */
static char right_letter(const struct chess_board *b, int i)
{
	bool own = (i >= 2) == (b->black != 0), is_long = i & 1;
	uint8_t rooks = b->rooks[!own];
	int file = is_long ? rooks >> 4 : (rooks & 15) ^ 7;
	uint64_t side = own ? b->own : b->other;
	uint64_t out = b->kind[CHESS_ROOK] & side & wing_of(b, own, is_long);
	uint64_t past = CHESS_BIT((own ? 0 : 56) + file);

	out &= is_long ? past - 1 : ~(past | (past - 1));
	if (!b->frc || !out)
		return castle_letters[i];
	return (char)((i < 2 ? 'A' : 'a') + file);
}

void chess_position_text(const struct game *g, const void *state,
			 char out[GAME_START_SIZE])
{
	const struct chess_state *s = state;
	const struct chess_board *b = &s->b;
	/* Rights as White sees them. */
	unsigned int castle =
		b->black ? b->castle >> 2 | b->castle << 2 : b->castle;
	size_t n = 0;

	(void)g;
	for (int row = 0; row < 8; row++) {
		int gap = 0;

		for (int col = 0; col < 8; col++) {
			char c = piece_letter(
				b, chess_turn(b, (row * 8 + col) ^ 56));

			if (c && gap)
				out[n++] = (char)('0' + gap);
			gap = c ? 0 : gap + 1;
			if (c)
				out[n++] = c;
		}
		if (gap)
			out[n++] = (char)('0' + gap);
		out[n++] = row < 7 ? '/' : ' ';
	}
	out[n++] = b->black ? 'b' : 'w';
	out[n++] = ' ';
	for (int i = 0; i < 4; i++)
		if (castle >> i & 1)
			out[n++] = right_letter(b, i);
	if (!b->castle)
		out[n++] = '-';
	out[n++] = ' ';
	if (b->passant) {
		int sq = chess_turn(b, b->passant);

		out[n++] = (char)('a' + sq % 8);
		out[n++] = (char)('1' + sq / 8);
	} else {
		out[n++] = '-';
	}
	snprintf(out + n, GAME_START_SIZE - n, " %d %d", s->quiet, s->number);
}

/* A king and a rook at home may castle: nothing says that they moved. */
void chess_setup_text(const struct game *g, const uint8_t *cell, int player,
		      char out[GAME_START_SIZE])
{
	static const struct {
		int king, rook; /* cells */
		uint8_t what[2];
	} home[4] = {
		{60, 63, {CHESS_WHITE_KING, CHESS_WHITE_ROOK}},
		{60, 56, {CHESS_WHITE_KING, CHESS_WHITE_ROOK}},
		{4, 7, {CHESS_BLACK_KING, CHESS_BLACK_ROOK}},
		{4, 0, {CHESS_BLACK_KING, CHESS_BLACK_ROOK}},
	};
	char rights[5] = "";
	size_t n = 0, r = 0;

	(void)g;
	for (int row = 0; row < 8; row++) {
		int gap = 0;

		for (int col = 0; col <= 8; col++) {
			int v = col < 8 ? cell[row * 8 + col] : -1;
			char c;

			if (!v) {
				gap++;
				continue;
			}
			if (gap)
				out[n++] = (char)('0' + gap);
			gap = 0;
			if (v < 0)
				continue;
			c = chess_letters[(v - 1) / 2];
			out[n++] = v % 2 ? c : (char)tolower((unsigned char)c);
		}
		out[n++] = row < 7 ? '/' : ' ';
	}
	for (int i = 0; i < 4; i++)
		if (cell[home[i].king] == home[i].what[0] &&
		    cell[home[i].rook] == home[i].what[1])
			rights[r++] = castle_letters[i];
	snprintf(out + n, GAME_START_SIZE - n, "%c %s - 0 1",
		 player ? 'b' : 'w', r ? rights : "-");
}

/* Reading: as White sees the board, `own` being White's.  What programs are
 * known to write wrong and nobody needs - rights of rooks that have left, a
 * pawn that did not jump, clocks that ran on - is passed over, and said in
 * `doubts`. */

struct fen {
	const char *text, *at;
	struct chess_board b;
	bool black;
	int quiet, number;
	struct err *e;
	struct buf *doubts; /* (optional) borrowed */
	bool frc;           /* kings and rooks may begin on other files */
};

static void doubt(const struct fen *f, const char *fmt, ...) ATTR_PRINTF(2, 3);

static void doubt(const struct fen *f, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (!f->doubts)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(f->doubts, "%s%s", f->doubts->len ? "; " : "", text);
}

static enum err_code fail(const struct fen *f, const char *at, const char *what)
{
	return err_set(f->e, ERR_FORMAT, "FEN, column %d: %s",
		       (int)(at - f->text) + 1, what);
}

static enum err_code fail_char(const struct fen *f, const char *expected)
{
	unsigned char c = (unsigned char)*f->at;
	int column = (int)(f->at - f->text) + 1;

	if (!c)
		return err_set(f->e, ERR_FORMAT,
			       "FEN, column %d: the text ends, expected %s",
			       column, expected);
	if (c == ' ')
		return err_set(f->e, ERR_FORMAT,
			       "FEN, column %d: a blank, expected %s", column,
			       expected);
	if (!isprint(c))
		return err_set(f->e, ERR_FORMAT,
			       "FEN, column %d: byte 0x%02x, expected %s",
			       column, c, expected);
	return err_set(f->e, ERR_FORMAT, "FEN, column %d: '%c', expected %s",
		       column, c, expected);
}

static enum err_code read_piece(struct fen *f, int sq)
{
	const char *letter =
		strchr(chess_letters, toupper((unsigned char)*f->at));
	bool white = isupper((unsigned char)*f->at);
	uint64_t bit = CHESS_BIT(sq);
	int kind = (int)(letter - chess_letters);
	uint64_t *side = white ? &f->b.own : &f->b.other;

	if (kind == CHESS_PAWN && (sq < 8 || sq >= 56))
		return fail(f, f->at, "a pawn on the first or last rank");
	if (kind == CHESS_KING && (*side & f->b.kind[CHESS_KING]))
		return fail(f, f->at,
			    white ? "a second white king"
				  : "a second black king");
	*side |= bit;
	f->b.kind[kind] |= bit;
	if (__builtin_popcountll(*side) > MEN_MAX)
		return fail(f, f->at, "a seventeenth piece of one side");
	if (__builtin_popcountll(*side & f->b.kind[CHESS_PAWN]) > PAWNS_MAX)
		return fail(f, f->at, "a ninth pawn of one side");
	f->at++;
	return ERR_OK;
}

static enum err_code read_rank(struct fen *f, int row)
{
	bool counted = false;
	int col = 0;

	while (col < 8) {
		unsigned char c = (unsigned char)*f->at;

		if (c >= '1' && c <= '8') {
			if (counted)
				return fail(f, f->at,
					    "two counts of empty squares in a "
					    "row");
			if (col + (c - '0') > 8)
				return fail(f, f->at,
					    "more than eight squares on a "
					    "rank");
			col += c - '0';
			f->at++;
			counted = true;
		} else if (c && strchr("PNBRQKpnbrqk", c)) {
			if (read_piece(f, (row * 8 + col) ^ 56))
				return ERR_FORMAT;
			col++;
			counted = false;
		} else if (c == '/' || !c || c == ' ') {
			return fail(f, f->at,
				    "fewer than eight squares on a "
				    "rank");
		} else {
			return fail_char(f, "a piece or a count of empty "
					    "squares");
		}
	}
	return ERR_OK;
}

static enum err_code read_board(struct fen *f)
{
	for (int row = 0; row < 8; row++) {
		if (read_rank(f, row))
			return ERR_FORMAT;
		if (row == 7)
			break;
		if (*f->at == ' ' || !*f->at)
			return fail(f, f->at, "fewer than eight ranks");
		if (*f->at != '/')
			return fail(f, f->at,
				    "more than eight squares on a rank");
		f->at++;
	}
	if (*f->at == '/')
		return fail(f, f->at, "more than eight ranks");
	if (*f->at && *f->at != ' ')
		return fail(f, f->at, "more than eight squares on a rank");
	if (!(f->b.own & f->b.kind[CHESS_KING]))
		return fail(f, f->text, "White has no king");
	if (!(f->b.other & f->b.kind[CHESS_KING]))
		return fail(f, f->text, "Black has no king");
	return ERR_OK;
}

/* To the next field; false at the end of the text. */
static bool next_field(struct fen *f)
{
	while (*f->at == ' ')
		f->at++;
	return *f->at != '\0';
}

static enum err_code end_field(const struct fen *f, const char *expected)
{
	return *f->at && *f->at != ' ' ? fail_char(f, expected) : ERR_OK;
}

static enum err_code read_side(struct fen *f)
{
	if (!next_field(f) || (*f->at != 'w' && *f->at != 'b'))
		return fail_char(f, "'w' or 'b', the side to move");
	f->black = *f->at++ == 'b';
	return end_field(f, "a blank after the side to move");
}

/* The letter of KQkq that this one stands for: Shredder names files, of which
 * a and h are those of rooks at home.  -1: it is no right to castle. */
static int right_of(char c)
{
	const char *letter = strchr(castle_letters, c);
	bool black = islower((unsigned char)c) != 0;
	int file = tolower((unsigned char)c) - 'a';

	if (letter)
		return (int)(letter - castle_letters);
	if (file < 0 || file > 7)
		return -1;
	/* On other files no rook is at home: a right that does not fit. */
	return (black ? 2 : 0) + (file == 7 ? 0 : file == 0 ? 1 : 4);
}

/* Of Chess960: the rook that a letter means, the outermost of its wing for
 * KQkq, else that of the file; -1: there is none.  As White sees the board. */
static int rook_of(const struct fen *f, char c, bool *is_long)
{
	bool black = islower((unsigned char)c) != 0;
	uint64_t side = black ? f->b.other : f->b.own;
	int first = black ? 56 : 0, letter = toupper((unsigned char)c);
	int king = chess_first(side & f->b.kind[CHESS_KING]) - first;
	uint64_t rooks = (side & f->b.kind[CHESS_ROOK]) >> first & 0xff;

	if (king < 0 || king > 7)
		return -1;
	if (letter == 'K' || letter == 'Q') {
		*is_long = letter == 'Q';
		rooks &= *is_long ? CHESS_BIT(king) - 1
				  : ~(CHESS_BIT(king + 1) - 1);
		if (!rooks)
			return -1;
		return *is_long ? chess_first(rooks)
				: 63 - __builtin_clzll(rooks);
	}
	*is_long = letter - 'A' < king;
	return letter >= 'A' && letter <= 'H' && rooks >> (letter - 'A') & 1
		       ? letter - 'A'
		       : -1;
}

/* True: the right is there. */
static bool take_right(struct fen *f, char c)
{
	bool is_long = false, black = islower((unsigned char)c) != 0;
	int file = rook_of(f, c, &is_long);
	uint64_t side = black ? f->b.other : f->b.own;
	uint8_t *rooks = &f->b.rooks[black];
	unsigned int files = *rooks;

	if (file < 0)
		return false;
	f->b.castle |= (uint8_t)(1 << (2 * black + is_long));
	files = is_long ? (files & 15) | (unsigned int)file << 4
			: (files & 240) | ((unsigned int)file ^ 7);
	*rooks = (uint8_t)files;
	if (file != (is_long ? 0 : 7) ||
	    !(side & f->b.kind[CHESS_KING] & CHESS_BIT(black ? 60 : 4)))
		f->b.frc = 1;
	return true;
}

static enum err_code read_castle(struct fen *f)
{
	/* Of king and rook, for each letter. */
	static const uint8_t home[4][2] = {{4, 7}, {4, 0}, {60, 63}, {60, 56}};

	if (!next_field(f))
		return fail_char(f, "rights to castle, as KQkq or -");
	if (*f->at == '-') {
		f->at++;
		return end_field(f, "a blank after '-'");
	}
	for (; *f->at && *f->at != ' ' && f->frc; f->at++) {
		if (right_of(*f->at) < 0)
			return fail_char(f, "rights to castle, as KQkq or -");
		if (!take_right(f, *f->at))
			doubt(f,
			      "the right %c is left out: there is no such "
			      "rook",
			      *f->at);
	}
	for (; *f->at && *f->at != ' '; f->at++) {
		int i = right_of(*f->at);
		uint64_t side = i % 4 < 2 ? f->b.own : f->b.other;

		if (i < 0)
			return fail_char(f, "rights to castle, as KQkq or -");
		if (i >= 4 ||
		    !(side & f->b.kind[CHESS_KING] & CHESS_BIT(home[i][0])) ||
		    !(side & f->b.kind[CHESS_ROOK] & CHESS_BIT(home[i][1])))
			doubt(f,
			      "the right %c is left out, as king or rook is "
			      "elsewhere",
			      *f->at);
		else
			f->b.castle |= (uint8_t)(1 << i);
	}
	return ERR_OK;
}

static enum err_code read_passant(struct fen *f)
{
	const char *at;
	uint64_t occupied = f->b.own | f->b.other;
	/* From the square behind, towards the pawn that jumped. */
	int rank = f->black ? 2 : 5, ahead = f->black ? 8 : -8, sq;

	if (!next_field(f))
		return fail_char(f, "an en passant square, as e3, or -");
	at = f->at;
	if (*f->at == '-') {
		f->at++;
		return end_field(f, "a blank after '-'");
	}
	if (*f->at < 'a' || *f->at > 'h')
		return fail_char(f, "an en passant square, as e3, or -");
	f->at++;
	if (*f->at < '1' || *f->at > '8')
		return fail_char(f, "the rank of the en passant square");
	sq = (*f->at++ - '1') * 8 + (*at - 'a');
	if (end_field(f, "a blank after the en passant square"))
		return ERR_FORMAT;
	if (sq / 8 != rank ||
	    (occupied & (CHESS_BIT(sq) | CHESS_BIT(sq - ahead))) ||
	    !((f->black ? f->b.own : f->b.other) & f->b.kind[CHESS_PAWN] &
	      CHESS_BIT(sq + ahead)))
		doubt(f,
		      "the en passant square %.2s is left out: no pawn has "
		      "just "
		      "gone over it",
		      at);
	else
		f->b.passant = (uint8_t)sq;
	return ERR_OK;
}

/* "-" is what some write for nothing; and there is no end to numbers. */
static enum err_code read_number(struct fen *f, const char *what, int *out)
{
	int v = 0;

	if (*f->at == '-' && (!f->at[1] || f->at[1] == ' ')) {
		f->at++;
		*out = 0;
		return ERR_OK;
	}
	if (!isdigit((unsigned char)*f->at))
		return fail_char(f, what);
	for (; isdigit((unsigned char)*f->at); f->at++)
		v = v > NUMBER_MAX ? v : v * 10 + (*f->at - '0');
	*out = v;
	return end_field(f, what);
}

/* Missing counters are those of a game that begins here. */
static enum err_code read_counters(struct fen *f)
{
	f->quiet = 0;
	f->number = 1;
	if (!next_field(f))
		return ERR_OK;
	if (read_number(f, "the plies since a capture or a pawn's move",
			&f->quiet))
		return ERR_FORMAT;
	if (f->quiet >= CHESS_QUIET_MAX) {
		doubt(f,
		      "%d plies without a capture or a pawn's move are counted "
		      "anew: the game would be over",
		      f->quiet);
		f->quiet = 0;
	}
	if (!next_field(f))
		return ERR_OK;
	if (read_number(f, "the number of the move", &f->number))
		return ERR_FORMAT;
	if (f->number > NUMBER_MAX) {
		doubt(f, "the number of the move is read as %d", NUMBER_MAX);
		f->number = NUMBER_MAX;
	}
	f->number += !f->number; /* as some programs count from 0 */
	if (next_field(f))
		return fail(f, f->at, "more than six fields");
	return ERR_OK;
}

/* Seen by the side to move from now on. */
static void turn_over(struct chess_board *b)
{
	uint64_t own = b->own;
	uint8_t rooks;

	b->own = chess_flip(b->other);
	b->other = chess_flip(own);
	for (int i = 0; i < CHESS_KINDS; i++)
		b->kind[i] = chess_flip(b->kind[i]);
	b->castle = (uint8_t)((b->castle >> 2 | b->castle << 2) & 15);
	rooks = b->rooks[0];
	b->rooks[0] = b->rooks[1];
	b->rooks[1] = rooks;
	if (b->passant)
		b->passant ^= 56;
	b->black ^= 1;
}

static enum err_code check_reached(struct fen *f, struct chess_state *s)
{
	struct chess_look l;
	bool reached;
	int king;

	/* The other king must not be in reach, even of a king. */
	turn_over(&s->b);
	king = chess_first(s->b.own & s->b.kind[CHESS_KING]);
	reached = chess_attackers(&s->b, king, s->b.own | s->b.other) != 0;
	turn_over(&s->b);
	if (reached)
		return fail(f, f->text,
			    f->black ? "Black is to move and attacks the "
				       "white king"
				     : "White is to move and attacks the "
				       "black king");
	chess_look(&s->b, &l);
	if (s->b.passant && !chess_passant_pawns(&s->b, &l))
		s->b.passant = 0;
	return ERR_OK;
}

static enum err_code read_position(struct fen *f, struct chess_state *s)
{
	memset(s, 0, sizeof(*s));
	next_field(f);
	if (read_board(f) || read_side(f) || read_castle(f) ||
	    read_passant(f) || read_counters(f))
		return ERR_FORMAT;
	if (!f->b.frc)
		memset(f->b.rooks, 0, sizeof(f->b.rooks));
	s->b = f->b;
	s->quiet = (uint16_t)f->quiet;
	s->number = (uint16_t)f->number;
	if (f->black)
		turn_over(&s->b);
	if (check_reached(f, s))
		return ERR_FORMAT;
	s->end = (uint8_t)chess_find_end(s);
	return ERR_OK;
}

/* A position that can be played from. */
static enum err_code read_playable(struct fen *f, struct chess_state *s)
{
	static const char *const over[] = {
		[CHESS_MATE] = "the game is over here: checkmate",
		[CHESS_STALEMATE] = "the game is over here: stalemate",
		[CHESS_BARE] = "the game is over here: no mate is possible",
	};

	if (read_position(f, s))
		return ERR_FORMAT;
	return s->end ? fail(f, f->text, over[s->end]) : ERR_OK;
}

enum err_code chess_position_parse(const struct game *g, void *state,
				   const char *text, struct err *e)
{
	struct fen f = {.text = text, .at = text, .e = e};
	struct chess_state s;

	f.frc = g->param[CHESS_FRC] != CHESS_FRC_NONE;
	if (read_playable(&f, &s))
		return ERR_FORMAT;
	memcpy(state, &s, sizeof(s));
	return ERR_OK;
}

enum err_code chess_position_any(const struct game *g, void *state,
				 const char *text, struct err *e)
{
	struct fen f = {.text = text, .at = text, .e = e};
	struct chess_state s;

	f.frc = g->param[CHESS_FRC] != CHESS_FRC_NONE;
	if (read_position(&f, &s))
		return ERR_FORMAT;
	memcpy(state, &s, sizeof(s));
	return ERR_OK;
}

void chess_position_doubts(const struct game *g, const char *text,
			   struct buf *out)
{
	struct fen f = {.text = text, .at = text, .doubts = out};
	struct chess_state s;

	f.frc = g->param[CHESS_FRC] != CHESS_FRC_NONE;
	if (read_playable(&f, &s))
		buf_clear(out);
}
