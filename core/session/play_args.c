/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/play_args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/session/quote.h"

static enum err_code copy(char *to, size_t size, const char *from,
			  struct err *e)
{
	if ((size_t)snprintf(to, size, "%s", from) >= size)
		return err_set(e, ERR_USAGE, "'%.40s...' is too long", from);
	return ERR_OK;
}

static enum err_code set_side(struct play_args *a, const char *value,
			      struct err *e)
{
	if (!strcmp(value, "first") || !strcmp(value, "1"))
		a->side = 0;
	else if (!strcmp(value, "second") || !strcmp(value, "2"))
		a->side = 1;
	else
		return err_set(e, ERR_USAGE,
			       "side=%s: a side is first or second", value);
	return ERR_OK;
}

static enum err_code set_number(int *out, const char *word, const char *value,
				long most, const char *meaning, struct err *e)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (end == value || *end || n < 0 || n > most)
		return err_set(e, ERR_USAGE, "%s: %s, 0 to %ld", word, meaning,
			       most);
	*out = (int)n;
	return ERR_OK;
}

static enum err_code take_word(struct play_args *a, const char *word,
			       struct err *e)
{
	if (!strncmp(word, "game=", 5))
		return copy(a->game, sizeof(a->game), word + 5, e);
	if (!strncmp(word, "side=", 5))
		return set_side(a, word + 5, e);
	if (!strncmp(word, "speed=", 6))
		return set_number(&a->speed_ms, word, word + 6, 60000,
				  "milliseconds a move", e);
	if (!strncmp(word, "games=", 6))
		return set_number(&a->games, word, word + 6, 1000000,
				  "games to watch, 0 for no end", e);
	if (!strncmp(word, "moves=", 6)) {
		enum err_code rc =
			copy(a->moves, sizeof(a->moves), word + 6, e);

		for (char *p = a->moves; *p; p++)
			if (*p == ',')
				*p = ' ';
		return rc;
	}
	if (a->agent_count == 2)
		return err_set(e, ERR_USAGE,
			       "'%s' is neither a setting (game= side= moves= "
			       "speed= games=) nor a third player; an agent "
			       "with blanks stands in double quotes",
			       word);
	return copy(a->agents[a->agent_count++], SEAT_SPEC_SIZE, word, e);
}

enum err_code play_args_parse(struct play_args *a, const char *text,
			      struct err *e)
{
	size_t size = strlen(text) + 1;
	char *word = mem_alloc(size);
	enum err_code rc = ERR_OK;

	memset(a, 0, sizeof(*a));
	a->speed_ms = -1;
	while (!rc && quote_next(&text, word, size))
		rc = take_word(a, word, e);
	free(word);
	return rc;
}

enum err_code play_args_game(const struct play_args *a, struct lab *lab,
			     struct game *out, struct err *e)
{
	if (*a->game)
		return game_init(out, a->game, e);
	for (int i = 0; lab && i < a->agent_count; i++) {
		enum err_code rc = lab_agent_game(lab, a->agents[i], out, e);

		/* An agent without a run plays anything. */
		if (rc != ERR_USAGE)
			return rc;
	}
	return game_init(out, "connect4", e);
}

enum err_code play_args_moves(const struct play_args *a, struct round *r,
			      struct err *e)
{
	game_move *moves;
	void *state;
	enum err_code rc;
	int count = 0;

	if (!*a->moves)
		return ERR_OK;
	moves = mem_zalloc((size_t)r->game.max_plies, sizeof(*moves));
	state = game_state_new(&r->game, r->seed);
	rc = game_play_text(&r->game, state, a->moves, moves, &count, e);
	for (int i = 0; !rc && i < count; i++)
		round_play(r, moves[i], NULL, NULL);
	free(state);
	free(moves);
	return rc;
}
