/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/graded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"

/* Longer lines are some other file: the longest games have a few hundred moves
 * of a few letters, and a few thousand scores. */
enum { LINE_MOST = 1 << 16, SCORE_MOST = 999 };

void graded_init(struct graded_set *set, const struct game *g, const char *name)
{
	*set = (struct graded_set){.game = g, .name = mem_strdup(name)};
}

void graded_position_release(struct graded_position *p)
{
	free(p->moves);
	free(p->state);
	free(p->scores);
}

void graded_release(struct graded_set *set)
{
	for (int i = 0; i < set->count; i++)
		graded_position_release(&set->positions[i]);
	free(set->positions);
	free(set->name);
	memset(set, 0, sizeof(*set));
}

/* --- lines --------------------------------------------------------------- */

/* A word of a line, without the blanks around it. */
struct word {
	const char *text;
	size_t len;
};

/* The last word before text[*end], which moves there; false: there is none. */
static bool last_word(const char *text, size_t *end, struct word *w)
{
	size_t to = *end, from;

	while (to && strchr(" \t", text[to - 1]))
		to--;
	from = to;
	while (from && !strchr(" \t", text[from - 1]))
		from--;
	*w = (struct word){text + from, to - from};
	*end = from;
	return w->len > 0;
}

/* "-" or a whole number. */
static bool read_score(const struct word *w, int *out)
{
	size_t sign = w->text[0] == '-' || w->text[0] == '+';
	int n = 0;

	*out = SOLVER_NO_MOVE;
	if (w->len == 1 && w->text[0] == '-')
		return true;
	if (w->len == sign)
		return false;
	for (size_t i = sign; i < w->len; i++) {
		if (w->text[i] < '0' || w->text[i] > '9')
			return false;
		n = 10 * n + (w->text[i] - '0');
		if (n > SCORE_MOST)
			return false;
	}
	*out = w->text[0] == '-' ? -n : n;
	return true;
}

/* Scores at the end of `text`, at most all moves', the last one first in
 * `out`; *end: where they begin. */
static int read_scores(const struct game *g, const char *text, size_t *end,
		       int *out)
{
	int n = 0;

	while (n < g->move_count) {
		size_t before = *end;
		struct word w;

		/* A line of moves that are digits looks like a score. */
		if (!last_word(text, end, &w) || !read_score(&w, &out[n]) ||
		    (n == 1 && *end == 0 && g->rules->compact_text)) {
			*end = before;
			break;
		}
		n++;
	}
	return n;
}

static int best_of(const struct game *g, const int *scores)
{
	int best = SOLVER_NO_MOVE;

	for (int i = 0; i < g->move_count; i++)
		if (scores[i] > best)
			best = scores[i];
	return best;
}

/* Scores of exactly the legal moves. */
static enum err_code check_scores(const struct game *g, const void *state,
				  const int *scores, struct err *e)
{
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	int n = g->rules->legal(g, state, legal), k = 0;
	enum err_code rc = ERR_OK;

	for (int i = 0; i < g->move_count && !rc; i++) {
		bool can = k < n && legal[k] == i;

		k += can;
		if (can && scores[i] == SOLVER_NO_MOVE)
			rc = err_set(e, ERR_FORMAT,
				     "no score for move %d of %d, which can be "
				     "made",
				     i + 1, g->move_count);
		else if (!can && scores[i] != SOLVER_NO_MOVE)
			rc = err_set(e, ERR_FORMAT,
				     "a score for move %d of %d, which cannot "
				     "be made",
				     i + 1, g->move_count);
	}
	free(legal);
	return rc;
}

static enum err_code play_line(struct graded_position *p, const struct game *g,
			       const char *text, struct err *e)
{
	enum err_code rc;
	int who;

	p->state = game_state_new(g, 0);
	p->moves = mem_zalloc((size_t)g->max_plies, sizeof(*p->moves));
	rc = game_play_text(g, p->state, text, p->moves, &p->plies, e);
	if (rc)
		return rc;
	who = g->rules->to_act(g, p->state);
	if (who == GAME_OVER)
		return err_set(e, ERR_FORMAT, "the game is over after '%.80s'",
			       text);
	if (who == GAME_CHANCE)
		return err_set(e, ERR_FORMAT, "nobody chooses after '%.80s'",
			       text);
	return ERR_OK;
}

/* Between the words of text[len]. */
static bool has_blank(const char *text, size_t len)
{
	size_t from = strspn(text, " \t");

	return from + strcspn(text + from, " \t") < len;
}

/* `text` without comments, trailing blanks and not empty. */
static enum err_code read_position(struct graded_position *p,
				   const struct game *g, char *text,
				   struct err *e)
{
	int *last = mem_zalloc((size_t)g->move_count, sizeof(*last));
	size_t end = strlen(text);
	int n = read_scores(g, text, &end, last);
	enum err_code rc = ERR_OK;

	while (end && strchr(" \t", text[end - 1]))
		end--;
	/* Is a lone number a line of moves, or the score of the start?  And one
	 * before too many scores is not a move. */
	if ((n != 1 && n != g->move_count) ||
	    (g->rules->compact_text &&
	     ((n == 1 && !end) || has_blank(text, end))))
		rc = err_set(e, ERR_FORMAT,
			     "neither MOVES SCORE nor MOVES and %d scores",
			     g->move_count);
	if (!rc) {
		text[end] = '\0';
		rc = play_line(p, g, text + strspn(text, " \t"), e);
	}
	if (!rc && n == 1 && g->move_count > 1) {
		p->best = last[0];
		if (p->best == SOLVER_NO_MOVE)
			rc = err_set(e, ERR_FORMAT,
				     "a position without a score");
	} else if (!rc) {
		size_t bytes = (size_t)n * sizeof(*p->scores);

		p->scores = mem_alloc(bytes);
		for (int i = 0; i < n; i++)
			p->scores[i] = last[n - 1 - i];
		rc = check_scores(g, p->state, p->scores, e);
		p->best = best_of(g, p->scores);
	}
	free(last);
	return rc;
}

void graded_take(struct graded_set *set, const struct graded_position *p)
{
	if (set->count == set->cap) {
		set->cap = set->cap ? 2 * set->cap : 256;
		set->positions =
			mem_realloc(set->positions,
				    (size_t)set->cap * sizeof(*set->positions));
	}
	set->positions[set->count++] = *p;
}

enum err_code graded_add(struct graded_set *set, const char *text, int line,
			 struct err *e)
{
	struct graded_position p = {.line = line, .best = SOLVER_NO_MOVE};
	char *copy = mem_strdup(text);
	enum err_code rc = ERR_OK;

	copy[strcspn(copy, "#\r\n")] = '\0';
	if (copy[strspn(copy, " \t")]) {
		rc = read_position(&p, set->game, copy, e);
		if (rc) {
			graded_position_release(&p);
			err_prefix(e, "%s:%d", set->name, line);
			/* Whoever typed the command is not to blame. */
			if (rc == ERR_USAGE && e)
				e->code = ERR_FORMAT;
			rc = ERR_FORMAT;
		} else {
			graded_take(set, &p);
		}
	}
	free(copy);
	return rc;
}

enum err_code graded_read(struct graded_set *set, FILE *f, int limit,
			  struct err *e)
{
	int first = set->count, number = 0;
	enum err_code rc = ERR_OK;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	while (!rc && (!limit || set->count - first < limit) &&
	       (len = getline(&line, &cap, f)) >= 0) {
		number++;
		if (len > LINE_MOST || strlen(line) != (size_t)len)
			rc = err_set(e, ERR_FORMAT, "%s:%d: not a line of text",
				     set->name, number);
		else
			rc = graded_add(set, line, number, e);
	}
	free(line);
	if (!rc && ferror(f))
		rc = err_set(e, ERR_IO, "cannot read %s: %s", set->name,
			     strerror(errno));
	if (!rc && set->count == first)
		rc = err_set(e, ERR_FORMAT, "%s: no position in this file",
			     set->name);
	return rc;
}

void graded_write(const struct graded_set *set, struct buf *out)
{
	void *start = game_state_new(set->game, 0);

	for (int i = 0; i < set->count; i++) {
		const struct graded_position *p = &set->positions[i];

		game_line_text(set->game, start, p->moves, p->plies, out);
		for (int m = 0; m < set->game->move_count; m++) {
			if (p->scores[m] == SOLVER_NO_MOVE)
				buf_puts(out, " -");
			else
				buf_printf(out, " %d", p->scores[m]);
		}
		buf_putc(out, '\n');
	}
	free(start);
}
