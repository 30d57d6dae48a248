/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/chess_book.h"
#include "core/game/game.h"
#include "core/rate/match_int.h"
#include "core/rate/positions.h"
#include "core/rate/seen.h"

/* How the games of a match begin. */

enum { DEFAULT_RANDOM_PLIES = 2, LINE_MOST = 1 << 16 };

/* Random lines that all lead to known positions before they become longer.  The
 * positions not seen by then are fewer than one in twenty, as lines go. */
enum { ATTEMPTS = 64 };

/* --- positions ----------------------------------------------------------- */

unsigned match_symmetries(const struct game *g)
{
	size_t n = (size_t)g->planes * g->rows * g->cols;
	float *planes = mem_alloc(2 * n * sizeof(*planes));
	void *start = game_state_new(g, 0);
	unsigned mask = 1;

	g->rules->encode(g, start, planes);
	for (int sym = 1; sym < g->symmetries; sym++) {
		game_planes_symmetry(g, sym, planes, planes + n);
		if (!memcmp(planes, planes + n, n * sizeof(*planes)))
			mask |= 1u << sym;
	}
	free(start);
	free(planes);
	return mask;
}

uint64_t match_position_key(const struct game *g, unsigned symmetries,
			    const game_move *moves, int count)
{
	void *state = mem_alloc(g->state_size);
	uint64_t least = UINT64_MAX;

	for (int sym = 0; sym < g->symmetries; sym++) {
		uint64_t key;

		if (!(symmetries >> sym & 1))
			continue;
		memset(state, 0, g->state_size);
		g->rules->start(g, state, 0);
		for (int i = 0; i < count; i++)
			g->rules->apply(
				g, state,
				sym ? g->rules->move_symmetry(g, sym, moves[i])
				    : moves[i]);
		key = g->rules->hash(g, state);
		if (key < least)
			least = key;
	}
	free(state);
	return least;
}

/* --- lines of play ------------------------------------------------------- */

static enum err_code add_line(struct match_openings *o, struct seen *seen,
			      unsigned symmetries, const char *line,
			      const struct game *g, struct err *e)
{
	void *state = game_state_new(g, 0);
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	enum err_code rc;
	int n;

	rc = game_play_text(g, state, line, moves, &n, e);
	if (!rc && g->rules->to_act(g, state) == GAME_OVER)
		rc = err_set(e, ERR_FORMAT, "the opening '%s' ends the game",
			     line);
	if (!rc &&
	    seen_add(seen, match_position_key(g, symmetries, moves, n))) {
		o->lines = mem_realloc(o->lines, (size_t)(o->line_count + 1) *
							 sizeof(*o->lines));
		o->lines[o->line_count++] = mem_strdup(line);
	}
	free(moves);
	free(state);
	return rc;
}

static enum err_code read_lines(struct match_openings *o, const char *path,
				const struct game *g, struct err *e)
{
	FILE *f = fopen(path, "r");
	enum err_code rc = ERR_OK;
	unsigned symmetries = g->player_count > 1 ? match_symmetries(g) : 1;
	struct seen seen = {0};
	char *line = NULL;
	int number = 0;
	size_t cap = 0;
	ssize_t len;

	if (!f)
		return err_set(e, ERR_IO,
			       "cannot read the openings %s: %s (say random:K "
			       "or name a file)",
			       path, strerror(errno));
	while (!rc && (len = getline(&line, &cap, f)) >= 0) {
		char *p = line + strspn(line, " \t");
		bool text = len <= LINE_MOST && strlen(line) == (size_t)len;

		number++;
		p[strcspn(p, "#\r\n")] = '\0';
		if (!text)
			rc = err_set(e, ERR_FORMAT, "not a line of text");
		else if (*p)
			rc = add_line(o, &seen, symmetries, p, g, e);
		if (rc)
			err_prefix(e, "%s:%d", path, number);
	}
	if (!rc && ferror(f))
		rc = err_set(e, ERR_IO, "cannot read the openings %s: %s", path,
			     strerror(errno));
	seen_release(&seen);
	free(line);
	fclose(f);
	if (!rc && !o->line_count)
		rc = err_set(e, ERR_FORMAT, "%s: no opening in this file",
			     path);
	return rc;
}

/* --- books --------------------------------------------------------------- */

/* Lines of a book go so far, and so many are taken. */
enum { BOOK_PLIES = 12, BOOK_LINES = 50000 };

struct book_walk {
	struct match_openings *o;
	const struct game *g;
	const struct chess_book *book;
	struct seen seen;   /* where lines end */
	struct seen walked; /* positions, each after so many plies */
	game_move line[BOOK_PLIES];
};

/* A line ends where the book does, or has been long enough; those that lead to
 * one position count once.  `s`: after so many plies. */
static void walk_book(struct book_walk *w, const void *s, int plies)
{
	struct chess_book_move moves[CHESS_BOOK_MOVES];
	struct match_openings *o = w->o;
	void *next, *start;
	struct buf text;
	uint64_t key;
	int n = 0;

	if (o->line_count == BOOK_LINES ||
	    w->g->rules->to_act(w->g, s) == GAME_OVER)
		return;
	/* What comes from here has been seen: without this, moves that a book
	 * has many times would be walked for ever. */
	key = w->g->rules->hash(w->g, s);
	if (!seen_add(&w->walked, rng_mix(key, (uint64_t)plies)))
		return;
	if (plies < BOOK_PLIES)
		n = chess_book_moves(w->book, w->g, s, moves);
	next = mem_alloc(w->g->state_size);
	for (int i = 0; i < n; i++) {
		memcpy(next, s, w->g->state_size);
		w->g->rules->apply(w->g, next, moves[i].move);
		w->line[plies] = moves[i].move;
		walk_book(w, next, plies + 1);
	}
	free(next);
	if (n || !plies || !seen_add(&w->seen, key))
		return;
	start = game_state_new(w->g, 0);
	buf_init(&text);
	game_line_text(w->g, start, w->line, plies, &text);
	o->lines = mem_realloc(o->lines,
			       (size_t)(o->line_count + 1) * sizeof(*o->lines));
	o->lines[o->line_count++] = buf_detach(&text, NULL);
	free(start);
}

static enum err_code read_book(struct match_openings *o, const char *path,
			       const struct game *g, struct err *e)
{
	struct book_walk w = {.o = o, .g = g};
	struct chess_book *book;
	enum err_code rc = chess_book_open(&book, path, e);
	void *start;

	if (rc)
		return rc;
	w.book = book;
	start = game_state_new(g, 0);
	walk_book(&w, start, 0);
	free(start);
	seen_release(&w.seen);
	seen_release(&w.walked);
	chess_book_close(book);
	if (!o->line_count)
		rc = err_set(e, ERR_FORMAT,
			     "%s: the book has no move where this game begins",
			     path);
	return rc;
}

/* "balance=V" */
static enum err_code read_balance(struct match_openings *o, const char *text,
				  const char *setting, struct err *e)
{
	char *end = NULL;
	double v = -1;

	if (!strncmp(setting, "balance=", 8))
		v = strtod(setting + 8, &end);
	if (!end || end == setting + 8 || *end || !(v > 0 && v <= 1))
		return err_set(
			e, ERR_USAGE,
			"openings '%s': after the plies comes nothing or "
			"',balance=V', the largest value of a position "
			"that counts as even, above 0 and at most 1",
			text);
	o->balance = (float)v;
	return ERR_OK;
}

enum err_code match_openings_read(struct match_openings *o, const char *text,
				  const struct game *g, struct err *e)
{
	enum err_code rc = ERR_OK;
	char *end;
	long n;

	memset(o, 0, sizeof(*o));
	if (!text) {
		o->random_plies = DEFAULT_RANDOM_PLIES;
	} else if (!strncmp(text, "random:", 7)) {
		n = strtol(text + 7, &end, 10);
		if (end == text + 7 || (*end && *end != ',') || n < 0 ||
		    n > g->max_plies)
			return err_set(e, ERR_USAGE,
				       "openings '%s': must be random:0 to "
				       "random:%d",
				       text, g->max_plies);
		o->random_plies = (int)n;
		if (*end)
			rc = read_balance(o, text, end + 1, e);
	} else {
		rc = chess_book_is(text, g) ? read_book(o, text, g, e)
					    : read_lines(o, text, g, e);
		if (rc)
			match_openings_release(o);
	}
	return rc;
}

void match_openings_release(struct match_openings *o)
{
	for (int i = 0; i < o->line_count; i++)
		free(o->lines[i]);
	free(o->lines);
	memset(o, 0, sizeof(*o));
}

/* --- drawing ------------------------------------------------------------- */

static void add_drawn(struct opening_book *b, struct drawn_opening drawn)
{
	if (b->count == b->room) {
		b->room = b->room ? 2 * b->room : 64;
		b->drawn = mem_realloc(b->drawn,
				       (size_t)b->room * sizeof(*b->drawn));
	}
	b->drawn[b->count++] = drawn;
}

/* Streams are named by the pair, and further attempts by their number: as long
 * as no opening repeats, they are those of plain random play. */
static void play_random(const struct match_request *m, int pair,
			const struct drawn_opening *drawn, void *state,
			game_move *moves, int *count)
{
	struct rng rng;

	rng_init(&rng, m->seed, RNG_OPENING, (uint64_t)pair,
		 (uint64_t)drawn->attempt);
	game_opening(m->game, state, drawn->plies, &rng, moves, count);
}

static int most_plies(const struct match_request *m)
{
	int asked = m->openings->random_plies, half = m->game->max_plies / 2;

	return asked && asked < half ? half : asked;
}

static bool is_new(const struct match_request *m, struct opening_book *b,
		   const game_move *moves, int count)
{
	uint64_t key = match_position_key(m->game, b->symmetries, moves, count);

	return !(m->known && seen_has(&m->known->keys, key)) &&
	       seen_add(&b->positions, key);
}

/* A position that ends the game is nobody's business: it is never drawn. */
static bool is_even(struct opening_book *b, const void *state,
		    struct drawn_opening *drawn)
{
	if (!b->balance || balance_is_even(b->balance, state, &drawn->by))
		return true;
	drawn->left_out++;
	return false;
}

static void draw_random(const struct match_request *m, struct opening_book *b)
{
	size_t plies = (size_t)m->game->max_plies;
	game_move *moves = mem_zalloc(plies, sizeof(*moves));
	struct drawn_opening drawn = {.plies = b->plies};
	void *state = game_state_new(m->game, 0);
	bool found = false;
	int tried = 0, count;

	while (!found && !b->dry) {
		m->game->rules->start(m->game, state, 0);
		play_random(m, b->count, &drawn, state, moves, &count);
		found = is_new(m, b, moves, count) && is_even(b, state, &drawn);
		if (found)
			break;
		drawn.attempt++;
		if (++tried < ATTEMPTS && drawn.plies)
			continue;
		tried = 0;
		b->dry = drawn.plies >= most_plies(m);
		drawn.plies++;
	}
	if (found) {
		b->plies = drawn.plies;
		add_drawn(b, drawn);
	}
	free(state);
	free(moves);
}

/* No position is even, and a match needs one. */
static void take_any(const struct match_request *m, struct opening_book *b)
{
	b->none_balanced = true;
	b->balance = NULL;
	b->plies = m->openings->random_plies;
	b->dry = false;
	seen_release(&b->positions);
	b->positions = (struct seen){0};
}

void match_draw_openings(const struct match_request *m, struct opening_book *b,
			 int pairs)
{
	if (!b->symmetries)
		b->symmetries = match_symmetries(m->game);
	while (!b->dry && b->count < pairs) {
		if (!m->openings->line_count)
			draw_random(m, b);
		else if (b->count < m->openings->line_count)
			add_drawn(b, (struct drawn_opening){.line = b->count});
		else
			b->dry = true;
		if (b->dry && !b->count && b->balance)
			take_any(m, b);
	}
}

void match_book_release(struct opening_book *b)
{
	seen_release(&b->positions);
	free(b->drawn);
}

void match_play_opening(const struct match_request *m,
			const struct opening_book *b, int number, void *state,
			game_move *moves, int *count)
{
	const struct match_openings *o = m->openings;
	struct drawn_opening drawn = {.plies = o->random_plies};
	int pair = number;

	/* Games 2n and 2n + 1 of two players begin alike. */
	if (m->game->player_count > 1) {
		pair = number / 2 % b->count;
		drawn = b->drawn[pair];
	} else if (o->line_count) {
		drawn.line = number % o->line_count;
	}
	if (!o->line_count)
		play_random(m, pair, &drawn, state, moves, count);
	else if (game_play_text(m->game, state, o->lines[drawn.line], moves,
				count, NULL))
		*count = 0;
}
