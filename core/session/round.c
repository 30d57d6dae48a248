/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/round.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/store.h"

void round_init(struct round *r, const struct game *g, uint64_t seed)
{
	size_t plies = (size_t)g->max_plies;

	memset(r, 0, sizeof(*r));
	r->game = *g;
	r->states = mem_zalloc(plies + 1, g->state_size);
	r->moves = mem_zalloc(plies, sizeof(*r->moves));
	r->cells = mem_zalloc(plies, sizeof(*r->cells));
	r->thoughts = mem_zalloc(plies, sizeof(*r->thoughts));
	r->thinkers = mem_zalloc(plies, sizeof(*r->thinkers));
	round_restart(r, seed);
}

static void drop_thought(struct round *r, int ply)
{
	thought_release(&r->thoughts[ply]);
	r->thoughts[ply] = (struct thought){0};
	free(r->thinkers[ply]);
	r->thinkers[ply] = NULL;
}

static void forget_row(struct round *r)
{
	r->row = 0;
	r->saved_plies = 0;
	r->saved_over = false;
}

void round_restart(struct round *r, uint64_t seed)
{
	while (r->plies > 0)
		drop_thought(r, --r->plies);
	forget_row(r);
	r->seed = seed;
	r->resigned = -1;
	r->forfeit[0] = '\0';
	memset(r->states, 0, r->game.state_size);
	r->game.rules->start(&r->game, r->states, seed);
}

void round_release(struct round *r)
{
	if (!r->states)
		return;
	while (r->plies > 0)
		drop_thought(r, --r->plies);
	free(r->states);
	free(r->moves);
	free(r->cells);
	free(r->thoughts);
	free(r->thinkers);
	memset(r, 0, sizeof(*r));
}

const void *round_state(const struct round *r, int ply)
{
	assert(ply >= 0 && ply <= r->plies);
	return r->states + (size_t)ply * r->game.state_size;
}

const void *round_now(const struct round *r)
{
	return round_state(r, r->plies);
}

int round_to_act(const struct round *r)
{
	if (r->resigned >= 0)
		return GAME_OVER;
	return r->game.rules->to_act(&r->game, round_now(r));
}

bool round_over(const struct round *r)
{
	return round_to_act(r) == GAME_OVER;
}

int round_last_cell(const struct round *r, int ply)
{
	return ply > 0 ? r->cells[ply - 1] : -1;
}

void round_play(struct round *r, game_move m, struct thought *th,
		const char *name)
{
	const struct game_rules *rules = r->game.rules;
	size_t size = r->game.state_size;
	unsigned char *next = r->states + (size_t)(r->plies + 1) * size;

	assert(!round_over(r));
	memcpy(next, round_now(r), size);
	r->cells[r->plies] = rules->move_cell(&r->game, next, m);
	rules->apply(&r->game, next, m);
	r->moves[r->plies] = m;
	if (th) {
		r->thoughts[r->plies] = *th;
		*th = (struct thought){0};
		r->thinkers[r->plies] = mem_strdup(name);
	}
	r->plies++;
}

bool round_undo(struct round *r)
{
	if (r->resigned < 0 && r->plies == 0)
		return false;
	forget_row(r);
	r->forfeit[0] = '\0';
	if (r->resigned >= 0)
		r->resigned = -1;
	else
		drop_thought(r, --r->plies);
	return true;
}

void round_resign(struct round *r, int player)
{
	assert(!round_over(r));
	r->resigned = player;
}

void round_forfeit(struct round *r, int player, const char *why)
{
	round_resign(r, player);
	snprintf(r->forfeit, sizeof(r->forfeit), "%s", why);
}

void round_values(const struct round *r, double *out)
{
	for (int i = 0; i <= r->plies; i++) {
		const struct thought *th = &r->thoughts[i];
		int to_act = r->game.rules->to_act(&r->game, round_state(r, i));

		out[i] = (double)NAN;
		if (i == r->plies || !th->moves || !th->has_value || to_act < 0)
			continue;
		out[i] = (double)(th->wdl[0] - th->wdl[2]);
		if (to_act == 1)
			out[i] = -out[i];
	}
	if (round_over(r))
		out[r->plies] = round_result(r);
}

double round_result(const struct round *r)
{
	float value[GAME_MAX_PLAYERS] = {0};

	if (r->resigned >= 0)
		return r->resigned == 0 ? -1 : 1;
	if (!round_over(r))
		return NAN;
	r->game.rules->score(&r->game, round_now(r), value);
	return (double)value[0];
}

static const char *ended(const struct round *r)
{
	if (!round_over(r))
		return NULL;
	if (r->resigned >= 0)
		return *r->forfeit ? r->forfeit : "resignation";
	return r->game.rules->ended
		       ? r->game.rules->ended(&r->game, round_now(r))
		       : "rules";
}

static enum store_status store_all(const struct round *r, struct store *s,
				   struct store_game *row)
{
	enum store_status st = store_begin(s);

	if (st)
		return st;
	st = row->id ? store_game_update(s, row)
		     : store_game_add(s, row, &row->id);
	for (int ply = r->saved_plies; !st && ply < r->plies; ply++)
		if (r->thoughts[ply].moves)
			st = keep_thought(s, &r->game, round_state(r, ply),
					  row->id, ply, r->thinkers[ply],
					  r->seed, &r->thoughts[ply]);
	if (!st)
		st = store_commit(s);
	return st;
}

bool round_is_saved(const struct round *r)
{
	return r->row && r->saved_plies == r->plies &&
	       r->saved_over == round_over(r);
}

enum err_code round_save(struct round *r, struct store *s, const char *first,
			 const char *second, const char *purpose, struct err *e)
{
	enum err_code rc;
	enum store_status st;
	struct buf moves, facts;
	struct store_game row = {
		.id = r->row,
		.game = r->game.name,
		.first = first,
		.second = r->game.player_count > 1 ? second : NULL,
		.plies = r->plies,
		.result = round_result(r),
		.ended = ended(r),
		.purpose = purpose,
		.seed = r->seed,
		.step = -1,
	};

	if (round_is_saved(r))
		return ERR_OK;
	buf_init(&moves);
	game_line_text(&r->game, r->states, r->moves, r->plies, &moves);
	row.moves = moves.data;
	buf_init(&facts);
	keep_facts(&r->game, round_now(r), &row, &facts);
	st = store_all(r, s, &row);
	rc = lab_error(s, st, e);
	if (st) {
		store_rollback(s);
	} else {
		r->row = row.id;
		r->saved_plies = r->plies;
		r->saved_over = round_over(r);
	}
	buf_release(&moves);
	buf_release(&facts);
	return rc;
}

uint64_t round_new_seed(int number)
{
	const char *test = getenv("PLYSCOPE_TEST_SEED");
	uint64_t from = (uint64_t)clock_now_ms();

	if (test && *test)
		from = strtoull(test, NULL, 10);
	/* Stored as a signed number of 64 bits: half the range is plenty. */
	return rng_mix(from, (uint64_t)number) >> 1;
}

int round_spelled(const struct round *r, const char *typed, game_move *only)
{
	const struct game *g = &r->game;
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	int count = g->rules->legal(g, round_now(r), legal);
	size_t len = strlen(typed);
	char text[GAME_TEXT_SIZE];
	int begin = 0;

	*only = GAME_NO_MOVE;
	for (int i = 0; i < count; i++) {
		g->rules->move_text(g, round_now(r), legal[i], text);
		if (strncasecmp(text, typed, len) != 0)
			continue;
		begin++;
		if (!text[len])
			*only = legal[i];
	}
	free(legal);
	return begin;
}
