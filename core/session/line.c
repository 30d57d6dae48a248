/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/line.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

static void *state_at(const struct line *l, int ply)
{
	return l->states + (size_t)ply * l->game->state_size;
}

void line_init(struct line *l, const struct game *g)
{
	void *start = game_state_new(g, 0);

	*l = (struct line){.game = g, .branch = -1};
	l->states = mem_zalloc((size_t)g->max_plies + 1, g->state_size);
	l->moves = mem_zalloc((size_t)g->max_plies, sizeof(*l->moves));
	l->stored = mem_zalloc((size_t)g->max_plies, sizeof(*l->stored));
	memcpy(l->states, start, g->state_size);
	free(start);
}

void line_release(struct line *l)
{
	free(l->states);
	free(l->moves);
	free(l->stored);
	*l = (struct line){.branch = -1};
}

/* Lay `moves` out as the whole line; they are legal. */
static void lay(struct line *l, const game_move *moves, int count)
{
	const struct game *g = l->game;

	for (int i = 0; i < count; i++) {
		memcpy(state_at(l, i + 1), state_at(l, i), g->state_size);
		g->rules->apply(g, state_at(l, i + 1), moves[i]);
	}
	if (moves != l->moves)
		memcpy(l->moves, moves, (size_t)count * sizeof(*moves));
	l->count = count;
}

enum err_code line_load(struct line *l, const char *text, struct err *e)
{
	const struct game *g = l->game;
	void *s = game_state_new(g, 0);
	int count = 0;
	enum err_code rc = game_play_text(g, s, text, l->stored, &count, e);

	free(s);
	l->stored_count = rc == ERR_OK ? count : 0;
	l->branch = -1;
	l->ply = 0;
	lay(l, l->stored, l->stored_count);
	return rc;
}

const void *line_state(const struct line *l)
{
	return state_at(l, l->ply);
}

const void *line_state_at(const struct line *l, int ply)
{
	assert(ply >= 0 && ply <= l->count);
	return state_at(l, ply);
}

bool line_over(const struct line *l)
{
	return l->game->rules->to_act(l->game, line_state(l)) == GAME_OVER;
}

game_move line_last(const struct line *l)
{
	return l->ply > 0 ? l->moves[l->ply - 1] : GAME_NO_MOVE;
}

bool line_is_variation(const struct line *l)
{
	return l->branch >= 0 && l->ply > l->branch;
}

bool line_go(struct line *l, int ply)
{
	int old = l->ply;

	l->ply = ply < 0 ? 0 : ply > l->count ? l->count : ply;
	return l->ply != old;
}

static bool is_legal(const struct game *g, const void *s, game_move m)
{
	bool found = false;
	game_move *legal;
	int count;

	if (m >= g->move_count || g->rules->to_act(g, s) == GAME_OVER)
		return false;
	legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	count = g->rules->legal(g, s, legal);
	for (int i = 0; i < count && !found; i++)
		found = legal[i] == m;
	free(legal);
	return found;
}

bool line_play(struct line *l, game_move m)
{
	const struct game *g = l->game;

	if (l->ply < l->count && l->moves[l->ply] == m) {
		l->ply++;
		return true;
	}
	if (!is_legal(g, line_state(l), m))
		return false;
	if (l->stored_count > 0 && !line_is_variation(l))
		l->branch = l->ply;
	l->moves[l->ply] = m;
	memcpy(state_at(l, l->ply + 1), state_at(l, l->ply), g->state_size);
	g->rules->apply(g, state_at(l, l->ply + 1), m);
	l->ply++;
	l->count = l->ply;
	return true;
}

bool line_undo(struct line *l)
{
	if (l->ply == 0)
		return false;
	if (l->stored_count > 0 && !line_is_variation(l)) {
		l->ply--;
		return true;
	}
	l->ply--;
	l->count = l->ply;
	if (l->branch >= 0 && l->ply == l->branch)
		line_return(l);
	return true;
}

bool line_return(struct line *l)
{
	int ply = l->branch;

	if (ply < 0)
		return false;
	lay(l, l->stored, l->stored_count);
	l->branch = -1;
	l->ply = ply;
	return true;
}

bool line_type(const struct line *l, unsigned ch, game_move *m)
{
	const struct game_rules *rules = l->game->rules;
	char typed[2] = {(char)ch, '\0'};

	if (!rules->compact_text || ch > 126 || !isdigit((int)ch))
		return false;
	*m = line_over(l) ? GAME_NO_MOVE
			  : rules->move_parse(l->game, line_state(l), typed);
	return true;
}

void line_text(const struct line *l, int ply, struct buf *out)
{
	game_line_text(l->game, l->states, l->moves, ply, out);
}

void line_move_text(const struct line *l, int index, char out[GAME_TEXT_SIZE])
{
	const struct game *g = l->game;

	assert(index >= 0 && index < l->count);
	g->rules->move_text(g, state_at(l, index), l->moves[index], out);
}
