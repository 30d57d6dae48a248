/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess_book.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/chess_board.h"
#include "core/game/chess_keys.h"
#include "core/game/chess_state.h"
#include "core/game/families.h"
#include "core/game/game.h"

enum { ENTRY = 16, MOST_BYTES = 1 << 30 };

/* Where the parts of the table begin. */
enum { KEY_CASTLE = 768, KEY_PASSANT = 772, KEY_WHITE = 780 };

struct chess_book {
	char *data; /* owned; [count] entries */
	size_t count;
};

static uint64_t number_at(const struct chess_book *b, size_t entry, int at,
			  int bytes)
{
	const unsigned char *p =
		(const unsigned char *)b->data + entry * ENTRY + at;
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

enum err_code chess_book_open(struct chess_book **out, const char *path,
			      struct err *e)
{
	FILE *f = fopen(path, "rb");
	struct chess_book *b;
	struct buf data;
	bool whole;

	*out = NULL;
	if (!f)
		return err_set(e, ERR_IO, "cannot read the book %s: %s", path,
			       strerror(errno));
	buf_init(&data);
	whole = buf_add_stream(&data, f, MOST_BYTES);
	fclose(f);
	if (!whole || !data.len || data.len % ENTRY) {
		buf_release(&data);
		return err_set(e, ERR_FORMAT,
			       "%s is not a book of openings: entries of 16 "
			       "bytes, as Polyglot writes them",
			       path);
	}
	b = mem_zalloc(1, sizeof(*b));
	b->data = buf_detach(&data, &b->count);
	b->count /= ENTRY;
	for (size_t i = 1; i < b->count; i++)
		if (number_at(b, i, 0, 8) < number_at(b, i - 1, 0, 8)) {
			chess_book_close(b);
			return err_set(e, ERR_FORMAT,
				       "%s is not a book of openings: its keys "
				       "are not sorted",
				       path);
		}
	*out = b;
	return ERR_OK;
}

bool chess_book_is(const char *path, const struct game *g)
{
	size_t n = strlen(path);

	return n > 4 && !strcmp(path + n - 4, ".bin") &&
	       g->rules == &game_chess;
}

void chess_book_close(struct chess_book *b)
{
	if (!b)
		return;
	free(b->data);
	free(b);
}

uint64_t chess_book_key(const void *state)
{
	const struct chess_board *b = &((const struct chess_state *)state)->b;
	/* Rights as White sees them, in the table's order. */
	unsigned int castle =
		b->black ? b->castle >> 2 | b->castle << 2 : b->castle;
	uint64_t key = b->black ? 0 : chess_keys[KEY_WHITE];

	for (int sq = 0; sq < 64; sq++) {
		int kind = chess_kind_at(b, sq);
		int white = (int)(b->own >> sq & 1) ^ b->black;

		if (kind != CHESS_KINDS)
			key ^= chess_keys[64 * (2 * kind + white) +
					  chess_turn(b, sq)];
	}
	for (int i = 0; i < 4; i++)
		if (castle >> i & 1)
			key ^= chess_keys[KEY_CASTLE + i];
	if (b->passant)
		key ^= chess_keys[KEY_PASSANT + b->passant % 8];
	return key;
}

/* The first entry of a key that is not less. */
static size_t find_key(const struct chess_book *b, uint64_t key)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (number_at(b, middle, 0, 8) < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Castling is written as the king's move to its rook. */
static game_move move_of(const struct game *g, const void *s, uint64_t packed)
{
	static const char pieces[] = "\0nbrq\0\0";
	char text[8] = {
		(char)('a' + (packed >> 6 & 7)),
		(char)('1' + (packed >> 9 & 7)), (char)('a' + (packed & 7)),
		(char)('1' + (packed >> 3 & 7)), pieces[packed >> 12 & 7]};

	return g->rules->move_parse(g, s, text);
}

int chess_book_moves(const struct chess_book *b, const struct game *g,
		     const void *s, struct chess_book_move *out)
{
	uint64_t key = chess_book_key(s);
	int n = 0;

	for (size_t i = find_key(b, key);
	     i < b->count && number_at(b, i, 0, 8) == key &&
	     n < CHESS_BOOK_MOVES;
	     i++) {
		int weight = (int)number_at(b, i, 10, 2);
		game_move m = move_of(g, s, number_at(b, i, 8, 2));

		if (m == GAME_NO_MOVE || !weight)
			continue;
		out[n++] = (struct chess_book_move){m, weight};
	}
	return n;
}

game_move chess_book_draw(const struct chess_book *b, const struct game *g,
			  const void *s, struct rng *r)
{
	struct chess_book_move moves[CHESS_BOOK_MOVES];
	float weight[CHESS_BOOK_MOVES];
	int n = chess_book_moves(b, g, s, moves);

	for (int i = 0; i < n; i++)
		weight[i] = (float)moves[i].weight;
	return n ? moves[rng_pick(r, weight, n)].move : GAME_NO_MOVE;
}
