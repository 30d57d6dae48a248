/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/replay.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/learn/targets.h"

/*
 * A position takes a fixed number of bytes in a ring: its state, its policy as
 * 65535ths over all moves, and its value target.
 */
struct value_target {
	float wdl[3];
};

struct replay {
	const struct game *game; /* borrowed */
	float search_share;
	int64_t capacity, total;
	size_t stride;
	unsigned char *ring;  /* owned; [capacity * stride] */
	/* scratch of the one thread that adds */
	void *state;          /* owned */
	game_move *legal;     /* owned */
};

static size_t policy_bytes(const struct game *g)
{
	return ((size_t)g->move_count * sizeof(uint16_t) + 7) & ~(size_t)7;
}

struct replay *replay_new(const struct game *g, int64_t capacity,
			  float search_share)
{
	struct replay *r = mem_zalloc(1, sizeof(*r));

	assert(capacity > 0);
	r->game = g;
	r->search_share = search_share;
	r->capacity = capacity;
	r->stride = g->state_size + policy_bytes(g) +
		    ((sizeof(struct value_target) + 7) & ~(size_t)7);
	r->ring = mem_alloc((size_t)capacity * r->stride);
	r->state = mem_zalloc(1, g->state_size);
	r->legal = mem_zalloc((size_t)g->move_count, sizeof(*r->legal));
	return r;
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	free(r->ring);
	free(r->state);
	free(r->legal);
	free(r);
}

static unsigned char *slot_at(const struct replay *r, int64_t number)
{
	return r->ring + (size_t)(number % r->capacity) * r->stride;
}

static uint16_t *policy_of(const struct replay *r, unsigned char *slot)
{
	return (uint16_t *)(void *)(slot + r->game->state_size);
}

static struct value_target *value_of(const struct replay *r,
				     unsigned char *slot)
{
	return (struct value_target *)(void *)(slot + r->game->state_size +
					       policy_bytes(r->game));
}

/* The result as seen by `player`, win, draw and loss; results between are a
 * mixture with a draw. */
static void result_wdl(float result, int player, float wdl[3])
{
	float v = player == 0 ? result : -result;

	wdl[0] = v > 0 ? v : 0;
	wdl[2] = v < 0 ? -v : 0;
	wdl[1] = 1 - wdl[0] - wdl[2];
}

/* Can the whole record be played and read?  So that a bad one adds nothing. */
static enum err_code check_game(struct replay *r, const game_move *moves,
				int count, const void *targets, size_t len,
				struct err *e)
{
	const struct game_rules *rules = r->game->rules;
	struct reader in;

	if (targets_open(&in, targets, len, e))
		return e ? e->code : ERR_FORMAT;
	rules->start(r->game, r->state, 0);
	for (int ply = 0; ply < count; ply++) {
		struct target t;
		int legal;

		if (rules->to_act(r->game, r->state) < 0)
			return err_set(e, ERR_FORMAT,
				       "the game is over before ply %d",
				       ply + 1);
		legal = rules->legal(r->game, r->state, r->legal);
		targets_next(&in, &t);
		if (in.failed || (t.count && t.count != legal))
			return err_set(e, ERR_FORMAT,
				       "training targets do not fit the game "
				       "at ply %d",
				       ply + 1);
		rules->apply(r->game, r->state, moves[ply]);
	}
	return ERR_OK;
}

enum err_code replay_add(struct replay *r, const game_move *moves, int count,
			 float result, const void *targets, size_t targets_len,
			 struct err *e)
{
	const struct game_rules *rules = r->game->rules;
	enum err_code rc =
		check_game(r, moves, count, targets, targets_len, e);
	struct reader in;

	if (rc)
		return rc;
	reader_init(&in, targets, targets_len);
	reader_u8(&in);
	rules->start(r->game, r->state, 0);
	for (int ply = 0; ply < count; ply++) {
		struct target t;

		targets_next(&in, &t);
		if (t.count) {
			unsigned char *slot = slot_at(r, r->total++);
			struct value_target *v = value_of(r, slot);
			uint16_t *policy = policy_of(r, slot);
			float share = t.has_value ? r->search_share : 0;
			float win = (float)t.win / 65535.0f;
			float draw = (float)t.draw / 65535.0f;
			struct reader p;

			memcpy(slot, r->state, r->game->state_size);
			memset(policy, 0, policy_bytes(r->game));
			rules->legal(r->game, r->state, r->legal);
			reader_init(&p, t.policy, (size_t)t.count * 2);
			for (int i = 0; i < t.count; i++)
				policy[r->legal[i]] = reader_u16(&p);
			result_wdl(result, rules->to_act(r->game, r->state),
				   v->wdl);
			v->wdl[0] += share * (win - v->wdl[0]);
			v->wdl[1] += share * (draw - v->wdl[1]);
			v->wdl[2] = 1 - v->wdl[0] - v->wdl[1];
		}
		rules->apply(r->game, r->state, moves[ply]);
	}
	return ERR_OK;
}

void replay_add_plain(struct replay *r, const game_move *moves, int count,
		      int opening, int players, float result)
{
	const struct game_rules *rules = r->game->rules;

	rules->start(r->game, r->state, 0);
	for (int ply = 0; ply < count; ply++) {
		int player = rules->to_act(r->game, r->state);
		unsigned char *slot;

		if (player < 0 || ply < opening || !(players >> player & 1)) {
			rules->apply(r->game, r->state, moves[ply]);
			continue;
		}
		slot = slot_at(r, r->total++);
		memcpy(slot, r->state, r->game->state_size);
		memset(policy_of(r, slot), 0, policy_bytes(r->game));
		policy_of(r, slot)[moves[ply]] = 65535;
		result_wdl(result, player, value_of(r, slot)->wdl);
		rules->apply(r->game, r->state, moves[ply]);
	}
}

int64_t replay_total(const struct replay *r)
{
	return r->total;
}

int64_t replay_held(const struct replay *r)
{
	return r->total < r->capacity ? r->total : r->capacity;
}

static void read_slot(const struct replay *r, int64_t number, int sym,
		      float *x, float *policy, float *wdl)
{
	const struct game *g = r->game;
	unsigned char *slot = slot_at(r, number);
	const uint16_t *stored = policy_of(r, slot);
	int cells = g->rows * g->cols;
	float sum = 0;

	if (sym == 0) {
		g->rules->encode(g, slot, x);
	} else {
		float plain[4096];
		size_t n = (size_t)g->planes * (size_t)cells;
		float *from = n <= ARRAY_LEN(plain) ? plain : mem_floats(n);

		g->rules->encode(g, slot, from);
		game_planes_symmetry(g, sym, from, x);
		if (from != plain)
			free(from);
	}
	for (int m = 0; m < g->move_count; m++)
		sum += (float)stored[m];
	memset(policy, 0, (size_t)g->move_count * sizeof(*policy));
	for (int m = 0; m < g->move_count; m++) {
		game_move to = sym ? g->rules->move_symmetry(g, sym,
							     (game_move)m)
				   : (game_move)m;

		policy[to] = (float)stored[m] / sum;
	}
	memcpy(wdl, value_of(r, slot)->wdl, 3 * sizeof(*wdl));
}

void replay_sample(const struct replay *r, int64_t window, struct rng *rng,
		   float *x, float *policy, float *wdl)
{
	int64_t held = replay_held(r);
	int64_t back;
	int sym;

	if (window > held)
		window = held;
	assert(window > 0 && window <= UINT32_MAX);
	back = rng_below(rng, (uint32_t)window);
	sym = (int)rng_below(rng, (uint32_t)r->game->symmetries);
	read_slot(r, r->total - 1 - back, sym, x, policy, wdl);
}

void replay_get(const struct replay *r, int64_t i, float *x, float *policy,
		float *wdl)
{
	assert(i >= 0 && i < replay_held(r));
	read_slot(r, r->total - replay_held(r) + i, 0, x, policy, wdl);
}
