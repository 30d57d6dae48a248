/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/game.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"

/* Between words of a line. */
#define BLANKS " \t\r\n,;"

/* "12." and the "12." of "12.e4": numbers of moves, with full stops or with the
 * one character that looks like three. */
static const char *skip_number(const char *text)
{
	size_t n = strspn(text, "0123456789");
	const char *at = text + n;

	if (!n || (*at != '.' && strncmp(at, "\xe2\x80\xa6", 3) != 0))
		return text;
	while (*at == '.' || !strncmp(at, "\xe2\x80\xa6", 3))
		at += *at == '.' ? 1 : 3;
	return at;
}

static game_move parse(const struct game *g, const void *s, const char *text,
		       size_t n, bool lower)
{
	char word[GAME_TEXT_SIZE];

	if (n >= sizeof(word))
		return GAME_NO_MOVE;
	for (size_t i = 0; i < n; i++)
		word[i] = (char)(lower ? tolower((unsigned char)text[i])
				       : text[i]);
	word[n] = '\0';
	return g->rules->move_parse(g, s, word);
}

/* The longest beginning of text[len] that is a move; its length, 0 if there is
 * none.  Capitals are tried too: many programs write F5D6. */
static size_t longest(const struct game *g, const void *s, const char *text,
		      size_t len, game_move *m)
{
	/* What is glued to others is short; a word by itself may be long. */
	enum { GLUED_MOST = 7 };
	size_t n = g->rules->compact_text && len ? 1 : len;

	while (n > 0) {
		for (int lower = 0; lower < 2; lower++) {
			*m = parse(g, s, text, n, lower);
			if (*m != GAME_NO_MOVE)
				return n;
		}
		n = n > GLUED_MOST ? GLUED_MOST : n - 1;
	}
	return 0;
}

/* Is there nothing but to pass? */
static bool must_pass(const struct game *g, const void *s, game_move *m)
{
	game_move *legal;
	char text[GAME_TEXT_SIZE];
	bool must;

	legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	must = g->rules->legal(g, s, legal) == 1;
	*m = legal[0];
	free(legal);
	if (must)
		g->rules->move_text(g, s, *m, text);
	return must && !strcmp(text, "pass");
}

/* Length of a word for passing that `text` begins with. */
static size_t pass_word(const char *text)
{
	if (!strncasecmp(text, "pass", 4))
		return 4;
	return !strncmp(text, "--", 2) || !strncmp(text, "@@", 2) ||
			       !strncasecmp(text, "pa", 2) ||
			       !strncasecmp(text, "ps", 2)
		       ? 2
		       : 0;
}

const char *game_line_word(const char *text, size_t *len)
{
	for (;;) {
		const char *at = text + strspn(text, BLANKS);

		text = skip_number(at);
		if (text == at)
			break;
	}
	*len = strcspn(text, BLANKS);
	return text;
}

bool game_line_move(const struct game *g, const void *s, const char **text,
		    game_move *m)
{
	size_t len, n;

	*text = game_line_word(*text, &len);
	if (!len || g->rules->to_act(g, s) == GAME_OVER)
		return false;
	n = longest(g, s, *text, len, m);
	/* Where there is nothing but to pass, files often say nothing. */
	if (!n && !must_pass(g, s, m))
		return false;
	*text += n ? n : pass_word(*text);
	return true;
}

enum err_code game_play_text(const struct game *g, void *s, const char *text,
			     game_move *moves, int *count, struct err *e)
{
	*count = 0;
	for (;;) {
		game_move m;
		size_t len;

		if (game_line_move(g, s, &text, &m)) {
			g->rules->apply(g, s, m);
			moves[(*count)++] = m;
			continue;
		}
		text = game_line_word(text, &len);
		if (!len)
			return ERR_OK;
		len = g->rules->compact_text ? 1
		      : len < GAME_TEXT_SIZE ? len
					     : GAME_TEXT_SIZE - 1;
		if (g->rules->to_act(g, s) == GAME_OVER)
			return err_set(e, ERR_FORMAT,
				       "move %d, '%.*s': the game is over "
				       "before it",
				       *count + 1, (int)len, text);
		return err_set(e, ERR_FORMAT,
			       "move %d, '%.*s': no legal move of %s here",
			       *count + 1, (int)len, text, game_short_name(g));
	}
}

void game_line_text(const struct game *g, const void *start,
		    const game_move *moves, int count, struct buf *out)
{
	void *s = mem_alloc(g->state_size);
	char word[GAME_TEXT_SIZE];

	memcpy(s, start, g->state_size);
	for (int i = 0; i < count; i++) {
		if (i && !g->rules->compact_text)
			buf_putc(out, ' ');
		g->rules->move_text(g, s, moves[i], word);
		buf_puts(out, word);
		g->rules->apply(g, s, moves[i]);
	}
	free(s);
}

/* `states` and `moves` are stacks with room for one level per ply. */
static uint64_t count_leaves(const struct game *g, unsigned char *states,
			     game_move *moves, int depth)
{
	const struct game_rules *r = g->rules;
	unsigned char *child = states + g->state_size;
	uint64_t sum = 0;
	int n;

	if (!depth)
		return 1;
	if (r->to_act(g, states) == GAME_OVER)
		return 0;
	n = r->legal(g, states, moves);
	if (depth == 1)
		return (uint64_t)n;
	for (int i = 0; i < n; i++) {
		memcpy(child, states, g->state_size);
		r->apply(g, child, moves[i]);
		sum += count_leaves(g, child, moves + g->move_count, depth - 1);
	}
	return sum;
}

game_move game_chance_move(const struct game *g, const void *s, struct rng *r,
			   game_move *scratch)
{
	int n = g->rules->legal(g, s, scratch);
	float *prob = mem_floats((size_t)n);
	int i;

	assert(g->rules->to_act(g, s) == GAME_CHANCE);
	g->rules->chance(g, s, prob);
	i = rng_pick(r, prob, n);
	free(prob);
	return scratch[i];
}

game_move game_random_move(const struct game *g, const void *s, struct rng *r,
			   game_move *scratch)
{
	int n;

	if (g->rules->random_move)
		return g->rules->random_move(g, s, r);
	n = g->rules->legal(g, s, scratch);
	return scratch[rng_below(r, (uint32_t)n)];
}

void game_value_wdl(const struct game *g, float value, float wdl[3])
{
	if (g->player_count == 1) {
		wdl[0] = (1 + value) / 2;
		wdl[1] = 0;
		wdl[2] = (1 - value) / 2;
		return;
	}
	wdl[0] = value > 0 ? value : 0;
	wdl[2] = value < 0 ? -value : 0;
	wdl[1] = 1 - wdl[0] - wdl[2];
}

bool game_opening(const struct game *g, void *s, int plies, struct rng *r,
		  game_move *moves, int *count)
{
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	void *before = mem_alloc(g->state_size);
	bool over = false;
	int chosen = 0;

	*count = 0;
	while (chosen < plies) {
		bool chance = g->rules->to_act(g, s) == GAME_CHANCE;
		game_move m;

		if (chance) {
			m = game_chance_move(g, s, r, legal);
		} else {
			int n = g->rules->legal(g, s, legal);

			m = legal[rng_below(r, (uint32_t)n)];
		}
		memcpy(before, s, g->state_size);
		g->rules->apply(g, s, m);
		over = g->rules->to_act(g, s) == GAME_OVER;
		if (over) {
			memcpy(s, before, g->state_size);
			break;
		}
		moves[(*count)++] = m;
		chosen += !chance;
	}
	free(before);
	free(legal);
	return !over;
}

/* Games over with plies to spare; as count_leaves(). */
static uint64_t count_ended(const struct game *g, unsigned char *states,
			    game_move *moves, int depth)
{
	const struct game_rules *r = g->rules;
	unsigned char *child = states + g->state_size;
	uint64_t sum = 0;
	int n;

	if (!depth)
		return 0;
	if (r->to_act(g, states) == GAME_OVER)
		return 1;
	if (depth == 1)
		return 0;
	n = r->legal(g, states, moves);
	for (int i = 0; i < n; i++) {
		memcpy(child, states, g->state_size);
		r->apply(g, child, moves[i]);
		sum += count_ended(g, child, moves + g->move_count, depth - 1);
	}
	return sum;
}

static uint64_t count(const struct game *g, const void *s, int depth,
		      uint64_t (*counter)(const struct game *g,
					  unsigned char *states,
					  game_move *moves, int depth))
{
	/* No line is longer than max_plies, so deeper levels stay unused. */
	size_t levels =
		(size_t)(depth < g->max_plies ? depth : g->max_plies) + 1;
	unsigned char *states = mem_alloc(levels * g->state_size);
	game_move *moves =
		mem_alloc(levels * (size_t)g->move_count * sizeof(*moves));
	uint64_t sum;

	memcpy(states, s, g->state_size);
	sum = counter(g, states, moves, depth);
	free(moves);
	free(states);
	return sum;
}

uint64_t game_perft(const struct game *g, const void *s, int depth)
{
	if (g->rules->perft)
		return g->rules->perft(g, s, depth);
	return count(g, s, depth, count_leaves);
}

uint64_t game_perft_ended(const struct game *g, const void *s, int depth)
{
	return count(g, s, depth, count_ended);
}

void game_policy_symmetry(const struct game *g, int sym, const float *in,
			  float *out)
{
	for (int m = 0; m < g->move_count; m++)
		out[g->rules->move_symmetry(g, sym, (game_move)m)] = in[m];
}

void game_planes_symmetry(const struct game *g, int sym, const float *in,
			  float *out)
{
	int cells = g->rows * g->cols;

	for (int cell = 0; cell < cells; cell++) {
		int to = g->rules->cell_symmetry(g, sym, cell);

		for (int p = 0; p < g->planes; p++)
			out[p * cells + to] = in[p * cells + cell];
	}
}
