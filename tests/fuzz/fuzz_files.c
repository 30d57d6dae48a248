/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/format/format.h"
#include "core/format/paste.h"
#include "core/format/record.h"
#include "core/format/text_in.h"
#include "core/game/chess_book.h"
#include "core/game/game.h"
#include "core/rate/match.h"
#include "tests/fuzz/fuzz.h"

/* Files of games.  What is read as a game is one by its rules, is written, and
 * is read again as the same. */

static void check_moves(const struct record *r)
{
	game_move *moves =
		mem_zalloc((size_t)r->game.max_plies, sizeof(*moves));
	void *s = game_state_new(&r->game, 0);
	struct err e = ERR_INIT;
	int n;

	fuzz_check(!game_play_text(&r->game, s, r->moves.data, moves, &n, &e));
	fuzz_check(n == r->plies);
	for (int i = 0; i < r->note_count; i++) {
		fuzz_check(r->notes[i].parent < i);
		fuzz_check(r->notes[i].ply >= 0);
	}
	free(s);
	free(moves);
}

static void check_written(const struct format *f, const struct record *r)
{
	struct err e = ERR_INIT;
	struct record again;
	struct text_in in;
	struct buf out;

	buf_init(&out);
	if (f->write(r, &out, &e)) {
		fuzz_check_error(&e);
		buf_release(&out);
		return;
	}
	record_init(&again);
	text_in_memory(&in, out.data, out.len);
	fuzz_check(f->read(&in, &r->game, &again, &e) == FORMAT_GAME);
	fuzz_check(!strcmp(again.moves.data, r->moves.data));
	fuzz_check(!strcmp(again.game.name, r->game.name));
	text_in_release(&in);
	record_release(&again);
	buf_release(&out);
}

static void read_all(const struct format *f, const struct game *usual,
		     const char *text, size_t len)
{
	enum format_read got;
	struct record r;
	struct text_in in;

	record_init(&r);
	text_in_memory(&in, text, len);
	do {
		struct err e = ERR_INIT;
		size_t before = text_taken(&in);

		record_clear(&r);
		got = f->read(&in, usual, &r, &e);
		if (got == FORMAT_BAD || got == FORMAT_BROKEN) {
			fuzz_check_error(&e);
			fuzz_check(r.at_line >= 1);
		}
		if (got == FORMAT_GAME) {
			check_moves(&r);
			if (f->write)
				check_written(f, &r);
		}
		/* Each call takes something, so reading ends. */
		if (got == FORMAT_GAME || got == FORMAT_BAD)
			fuzz_check(text_taken(&in) > before);
	} while (got == FORMAT_GAME || got == FORMAT_BAD);
	text_in_release(&in);
	record_release(&r);
}

static void run_sgf(const char *text, size_t len)
{
	read_all(&format_sgf, NULL, text, len);
}

static void run_pgn(const char *text, size_t len)
{
	read_all(&format_pgn, NULL, text, len);
}

static const struct game *member(const char *spec)
{
	static struct game made[4];
	static int count;

	for (int i = 0; i < count; i++)
		if (!strcmp(made[i].short_name, spec))
			return &made[i];
	if (game_init(&made[count], spec, NULL))
		abort();
	return &made[count++];
}

static void run_plain(const char *text, size_t len)
{
	read_all(&format_plain, member("othello"), text, len);
	read_all(&format_plain, member("connect4"), text, len);
}

static void run_paste(const char *text, size_t len)
{
	struct err e = ERR_INIT;
	game_move *moves;
	struct game g;
	void *s;
	int n;

	if (paste_read(text, len, member("chess"), &g, &moves, &n, &e)) {
		fuzz_check_error(&e);
		return;
	}
	s = game_state_new(&g, 0);
	for (int i = 0; i < n; i++) {
		fuzz_check(g.rules->to_act(&g, s) != GAME_OVER);
		g.rules->apply(&g, s, moves[i]);
	}
	free(s);
	free(moves);
}

/* --- books of openings --------------------------------------------------- */

enum { BOOK_ENTRY = 16 };

/* Whatever a book says, its moves are legal and its lines can be played. */
static void run_book(const char *text, size_t len)
{
	char path[] = "/tmp/plyscope-fuzz-XXXXXX.bin";
	int fd = mkstemps(path, 4);
	const struct game *g = member("chess");
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	struct match_openings o;
	struct err e = ERR_INIT;
	void *s;
	int n;

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		abort();
	close(fd);
	if (match_openings_read(&o, path, g, &e)) {
		fuzz_check_error(&e);
		fuzz_check(!o.lines);
	} else {
		fuzz_check(o.line_count > 0);
	}
	for (int i = 0; i < o.line_count; i++) {
		s = game_state_new(g, 0);
		fuzz_check(!game_play_text(g, s, o.lines[i], moves, &n, &e));
		fuzz_check(n > 0);
		free(s);
	}
	match_openings_release(&o);
	unlink(path);
	free(moves);
}

static void put_number(struct buf *out, uint64_t v, int bytes)
{
	while (bytes--)
		buf_putc(out, (char)(v >> (8 * bytes) & 255));
}

static int by_key(const void *a, const void *b)
{
	return memcmp(a, b, 8);
}

/* The first positions of a game, each with some moves, of which one is its own.
 */
static void make_books(struct fuzz_corpus *c)
{
	static const struct {
		const char *played;
		uint16_t packed; /* base 8: row, file; row, file */
	} line[] = {{"e4", 01434},
		    {"e5", 06444},
		    {"Nf3", 00625},
		    {"Nc6", 07152},
		    {"Bb5", 00541}};
	enum { PLIES = sizeof(line) / sizeof(*line) };
	const struct game *g = member("chess");
	void *s = game_state_new(g, 0);
	struct buf book;

	buf_init(&book);
	for (int i = 0; i < PLIES; i++) {
		for (int k = 0; k < PLIES; k++) {
			put_number(&book, chess_book_key(s), 8);
			put_number(&book, line[k].packed, 2);
			put_number(&book, (uint64_t)k + 1, 2);
			put_number(&book, 0, 4);
		}
		g->rules->apply(g, s,
				g->rules->move_parse(g, s, line[i].played));
	}
	fuzz_corpus_add(c, book.data, (PLIES * BOOK_ENTRY));
	qsort(book.data, PLIES * PLIES, BOOK_ENTRY, by_key);
	fuzz_corpus_add(c, book.data, book.len);
	buf_release(&book);
	free(s);
}

/* An entry's move or weight, an entry twice or gone, or any byte. */
static void mutate_book(struct rng *r, struct buf *b)
{
	size_t n = b->len / BOOK_ENTRY;
	size_t at = n ? rng_below(r, (uint32_t)n) * BOOK_ENTRY : 0;
	char *entry = b->data + at;

	switch (n ? rng_below(r, 8) : 8) {
	case 0:
	case 1:
	case 2:
		entry[8] = (char)rng_below(r, 128);
		entry[9] = (char)rng_below(r, 256);
		break;
	case 3:
		memset(entry + 10, (int)rng_below(r, 256), 2);
		break;
	case 4:
		memmove(entry, entry + BOOK_ENTRY, b->len - at - BOOK_ENTRY);
		b->len -= BOOK_ENTRY;
		break;
	case 5:
		b->data[rng_below(r, (uint32_t)b->len)] =
			(char)rng_below(r, 256);
		break;
	case 6:
		b->len -= rng_below(r, BOOK_ENTRY);
		break;
	default: /* behind itself, in its order */
		for (int i = 0; i < BOOK_ENTRY; i++)
			buf_putc(b, 0);
		if (n) {
			entry = b->data + at;
			memmove(entry + BOOK_ENTRY, entry,
				b->len - at - BOOK_ENTRY);
		}
	}
}

static const char *const sgf_words[] = {
	"(;",        ")",         ";",         "[",       "]",     "GM[1]",
	"FF[4]",     "SZ[9]",     "SZ[9:13]",  "KM[6.5]", "HA[2]", "AB[cc][gg]",
	"AW[aa:cc]", "AE[dd]",    "PL[W]",     "B[dd]",   "W[]",   "B[tt]",
	"C[a\\]b]",  "RE[B+3.5]", "CA[UTF-8]", "\\",      ":",     "(",
	"PB[x]",     "LB[aa:1]",  "TE[1]",     "N[n]",    NULL,
};

static const char *const pgn_words[] = {
	"[Event \"",
	"\"]",
	"[FEN \"",
	"[SetUp \"1\"]",
	"[Result \"1-0\"]",
	"1.",
	"1...",
	"e4",
	"e5",
	"Nf3",
	"O-O",
	"{",
	"}",
	";",
	"(",
	")",
	"$1",
	"$999",
	"!?",
	"1-0",
	"1/2-1/2",
	"*",
	"%",
	"\n",
	"\n\n",
	"e8=Q",
	"--",
	"[",
	"]",
	"\"",
	"\\",
	NULL,
};

static const char *const plain_words[] = {
	"f5", "d6", "--", "pa",  "pass", " ",   "\n",
	"#",  "4",  "1",  "+12", ":",    "1-0", NULL,
};

const struct fuzz_target fuzz_targets[] = {
	{.name = "sgf", .run = run_sgf, .words = sgf_words},
	{.name = "pgn", .run = run_pgn, .words = pgn_words},
	{.name = "plain", .run = run_plain, .words = plain_words},
	{.name = "paste", .run = run_paste, .words = pgn_words},
	{.name = "book",
	 .run = run_book,
	 .make = make_books,
	 .mutate = mutate_book},
	{.name = NULL},
};
