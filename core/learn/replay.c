/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/replay.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/learn/targets.h"

/*
 * A game is kept whole, as its moves and what each position teaches; the
 * states of games with a history take kilobytes, so one is kept every few
 * plies and those between are played again from it: about STATE_BYTES a ply,
 * and a few microseconds a sample.  A ring of places says which positions are
 * held; a game goes with the last of its positions.
 */
enum { STATE_BYTES = 256 };

/* What a position teaches; then `count` of `struct chance`. */
struct lesson {
	float wdl[3];
	uint16_t ply, count;
};

/* Of a move, in 65535ths; moves that have none are left out. */
struct chance {
	uint16_t move, share;
};

struct record {
	int64_t held; /* places that point here */
	int count;    /* moves */
	bool known;   /* it ended by the rules: owners and lead hold */
	float lead;   /* of player 0, as a share of lead_scale() */
	/* Into the same block: */
	unsigned char *states; /* before every `every`th move */
	float *owners;         /* (rows, cols) seen from player 0 */
	unsigned char *lessons;
	game_move *moves; /* [count] */
};

struct place {
	struct record *record;
	uint32_t lesson; /* offset */
};

struct replay {
	const struct game *game; /* borrowed */
	float search_share;
	int64_t capacity, total;
	int every;
	struct place *ring; /* owned; [capacity] */
	/* scratch of the one thread that adds */
	void *state;      /* owned */
	game_move *legal; /* owned */
	float cap_share;  /* of the lead, for games cut at their cap */
	struct buf states, lessons; /* of the game being added */
	int64_t lesson_count;
};

struct replay *replay_new(const struct game *g, int64_t capacity,
			  float search_share)
{
	struct replay *r = mem_zalloc(1, sizeof(*r));

	assert(capacity > 0);
	r->game = g;
	r->search_share = search_share;
	r->capacity = capacity;
	r->every = (int)((g->state_size + STATE_BYTES - 1) / STATE_BYTES);
	r->ring = mem_alloc((size_t)capacity * sizeof(*r->ring));
	r->state = mem_zalloc(1, g->state_size);
	r->legal = mem_zalloc((size_t)g->move_count, sizeof(*r->legal));
	buf_init(&r->states);
	buf_init(&r->lessons);
	return r;
}

void replay_score_caps(struct replay *r, float share)
{
	r->cap_share = share;
}

static struct place *place_at(const struct replay *r, int64_t number)
{
	return &r->ring[number % r->capacity];
}

static void forget(struct place *p)
{
	if (!--p->record->held)
		free(p->record);
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	for (int64_t i = r->total - replay_held(r); i < r->total; i++)
		forget(place_at(r, i));
	free(r->ring);
	free(r->state);
	free(r->legal);
	buf_release(&r->states);
	buf_release(&r->lessons);
	free(r);
}

/* --- adding -------------------------------------------------------------- */

static void begin_game(struct replay *r)
{
	buf_clear(&r->states);
	buf_clear(&r->lessons);
	r->lesson_count = 0;
	r->game->rules->start(r->game, r->state, 0);
}

static void play(struct replay *r, int ply, game_move m)
{
	if (ply % r->every == 0)
		buf_add(&r->states, r->state, r->game->state_size);
	r->game->rules->apply(r->game, r->state, m);
}

static void add_chance(struct replay *r, struct lesson *l, game_move m,
		       uint16_t share)
{
	struct chance c = {m, share};

	if (!share)
		return;
	buf_add(&r->lessons, &c, sizeof(c));
	l->count++;
}

/* A lesson whose chances follow: where it stands. */
static size_t begin_lesson(struct replay *r, const struct lesson *l)
{
	size_t at = r->lessons.len;

	buf_add(&r->lessons, l, sizeof(*l));
	r->lesson_count++;
	return at;
}

static void end_lesson(struct replay *r, size_t at, const struct lesson *l)
{
	memcpy(r->lessons.data + at, l, sizeof(*l));
}

/* Whose the cells of the finished game are, and by how much it was won. */
static void take_extra(struct replay *r, struct record *g)
{
	const struct game_rules *rules = r->game->rules;

	g->known = true;
	if (rules->ownership)
		rules->ownership(r->game, r->state, g->owners);
	if (rules->lead)
		g->lead = rules->lead(r->game, r->state) /
			  rules->lead_scale(r->game);
}

/* From scratch into the ring. */
static void end_game(struct replay *r, const game_move *moves, int count,
		     bool extra)
{
	const struct game *g = r->game;
	size_t cells = g->rules->ownership ? (size_t)(g->rows * g->cols) : 0;
	size_t first = (sizeof(struct record) + 15) & ~(size_t)15;
	size_t owners = first + r->states.len;
	size_t lessons = owners + cells * sizeof(float);
	size_t line = lessons + r->lessons.len;
	unsigned char *block;
	struct record *rec;
	size_t at = 0;

	if (!r->lesson_count)
		return;
	block = mem_alloc(line + (size_t)count * sizeof(*moves));
	rec = (void *)block;
	memset(rec, 0, sizeof(*rec));
	rec->held = r->lesson_count;
	rec->count = count;
	rec->states = block + first;
	rec->owners = (void *)(block + owners);
	rec->lessons = block + lessons;
	rec->moves = (void *)(block + line);
	memcpy(rec->states, r->states.data, r->states.len);
	memset(rec->owners, 0, cells * sizeof(float));
	memcpy(rec->lessons, r->lessons.data, r->lessons.len);
	memcpy(rec->moves, moves, (size_t)count * sizeof(*moves));
	if (extra && g->rules->to_act(g, r->state) == GAME_OVER)
		take_extra(r, rec);
	for (int64_t i = 0; i < r->lesson_count; i++) {
		struct place *p = place_at(r, r->total);
		const struct lesson *l = (const void *)(rec->lessons + at);

		if (r->total >= r->capacity)
			forget(p);
		*p = (struct place){rec, (uint32_t)at};
		at += sizeof(*l) + l->count * sizeof(struct chance);
		r->total++;
	}
}

/* The result as seen by `player`, win, draw and loss. */
static void result_wdl(const struct game *g, float result, int player,
		       float wdl[3])
{
	game_value_wdl(g, player == 0 ? result : -result, wdl);
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
		int legal, player = rules->to_act(r->game, r->state);

		if (player == GAME_OVER)
			return err_set(e, ERR_FORMAT,
				       "the game is over before ply %d",
				       ply + 1);
		legal = rules->legal(r->game, r->state, r->legal);
		targets_next(&in, &t);
		if (in.failed ||
		    (t.count && (t.count != legal || player == GAME_CHANCE)))
			return err_set(e, ERR_FORMAT,
				       "training targets do not fit the game "
				       "at ply %d",
				       ply + 1);
		rules->apply(r->game, r->state, moves[ply]);
	}
	return ERR_OK;
}

/* What a game of `count` plies that came to r->state teaches about value. */
static float taught_result(const struct replay *r, int count, float result)
{
	const struct game *g = r->game;
	float lead;

	if (r->cap_share <= 0 || result != 0 || count < g->max_plies ||
	    !g->rules->lead || g->rules->to_act(g, r->state) != GAME_OVER)
		return result;
	lead = r->cap_share * g->rules->lead(g, r->state) /
	       g->rules->lead_scale(g);
	return lead > 1 ? 1 : lead < -1 ? -1 : lead;
}

enum err_code replay_add(struct replay *r, const game_move *moves, int count,
			 float result, const void *targets, size_t targets_len,
			 struct err *e)
{
	const struct game_rules *rules = r->game->rules;
	enum err_code rc = check_game(r, moves, count, targets, targets_len, e);
	struct reader in;

	if (rc)
		return rc;
	result = taught_result(r, count, result);
	reader_init(&in, targets, targets_len);
	reader_u8(&in);
	begin_game(r);
	for (int ply = 0; ply < count; ply++) {
		struct target t;

		targets_next(&in, &t);
		if (t.count) {
			struct lesson l = {.ply = (uint16_t)ply};
			float share = t.has_value ? r->search_share : 0;
			float win = (float)t.win / 65535.0f;
			float draw = (float)t.draw / 65535.0f;
			size_t at = begin_lesson(r, &l);
			struct reader p;

			rules->legal(r->game, r->state, r->legal);
			reader_init(&p, t.policy, (size_t)t.count * 2);
			for (int i = 0; i < t.count; i++)
				add_chance(r, &l, r->legal[i], reader_u16(&p));
			result_wdl(r->game, result,
				   rules->to_act(r->game, r->state), l.wdl);
			l.wdl[0] += share * (win - l.wdl[0]);
			l.wdl[1] += share * (draw - l.wdl[1]);
			l.wdl[2] = 1 - l.wdl[0] - l.wdl[1];
			end_lesson(r, at, &l);
		}
		play(r, ply, moves[ply]);
	}
	end_game(r, moves, count, true);
	return ERR_OK;
}

void replay_add_plain(struct replay *r, const game_move *moves, int count,
		      int opening, int players, float result)
{
	begin_game(r);
	for (int ply = 0; ply < count; ply++) {
		int player = r->game->rules->to_act(r->game, r->state);

		if (player >= 0 && ply >= opening && players >> player & 1) {
			struct lesson l = {.ply = (uint16_t)ply};
			size_t at = begin_lesson(r, &l);

			add_chance(r, &l, moves[ply], 65535);
			result_wdl(r->game, result, player, l.wdl);
			end_lesson(r, at, &l);
		}
		play(r, ply, moves[ply]);
	}
	end_game(r, moves, count, false);
}

int64_t replay_total(const struct replay *r)
{
	return r->total;
}

int64_t replay_held(const struct replay *r)
{
	return r->total < r->capacity ? r->total : r->capacity;
}

/* --- sampling ------------------------------------------------------------ */

/* The state before ply `ply`. */
static void rebuild(const struct replay *r, const struct record *rec, int ply,
		    void *state)
{
	const struct game *g = r->game;
	int from = ply / r->every;

	memcpy(state, rec->states + (size_t)from * g->state_size,
	       g->state_size);
	for (int i = from * r->every; i < ply; i++)
		g->rules->apply(g, state, rec->moves[i]);
}

static void read_planes(const struct game *g, const void *state, int sym,
			float *x)
{
	float plain[4096];
	size_t n = (size_t)g->planes * (size_t)(g->rows * g->cols);
	float *from = n <= ARRAY_LEN(plain) ? plain : mem_floats(n);

	if (sym == 0) {
		g->rules->encode(g, state, x);
	} else {
		g->rules->encode(g, state, from);
		game_planes_symmetry(g, sym, from, x);
	}
	if (from != plain)
		free(from);
}

static void read_policy(const struct game *g, const struct lesson *l, int sym,
			float *policy)
{
	const struct chance *c = (const void *)(l + 1);
	float sum = 0;

	for (int i = 0; i < l->count; i++)
		sum += (float)c[i].share;
	memset(policy, 0, (size_t)g->move_count * sizeof(*policy));
	for (int i = 0; i < l->count; i++) {
		game_move to = sym ? g->rules->move_symmetry(g, sym, c[i].move)
				   : c[i].move;

		policy[to] = (float)c[i].share / sum;
	}
}

/* Of the end of the position's game; NULL: not wanted. */
static void read_owners(const struct game *g, const struct record *rec, int sym,
			float sign, float *out)
{
	int cells = g->rows * g->cols;

	for (int i = 0; out && i < cells; i++) {
		int to = sym ? g->rules->cell_symmetry(g, sym, i) : i;

		out[to] = g->rules->ownership ? sign * rec->owners[i] : 0;
	}
}

static void read_weights(const struct record *rec, const struct net_row *out)
{
	for (int h = 0; h < NET_HEADS; h++)
		if (out->weight[h])
			*out->weight[h] =
				rec->known || h == NET_POLICY || h == NET_VALUE
					? 1
					: 0;
}

static void read_place(const struct replay *r, int64_t number, int sym,
		       const struct net_row *out)
{
	const struct game *g = r->game;
	const struct place *p = place_at(r, number);
	const struct record *rec = p->record;
	const struct lesson *l = (const void *)(rec->lessons + p->lesson);
	_Alignas(max_align_t) unsigned char small[8192];
	void *state = g->state_size <= sizeof(small) ? small
						     : mem_alloc(g->state_size);
	float sign;

	rebuild(r, rec, l->ply, state);
	sign = g->rules->to_act(g, state) == 1 ? -1 : 1;
	if (out->x)
		read_planes(g, state, sym, out->x);
	if (out->target[NET_POLICY])
		read_policy(g, l, sym, out->target[NET_POLICY]);
	if (out->target[NET_VALUE])
		memcpy(out->target[NET_VALUE], l->wdl, sizeof(l->wdl));
	read_owners(g, rec, sym, sign, out->target[NET_OWNERSHIP]);
	if (out->target[NET_LEAD])
		*out->target[NET_LEAD] = sign * rec->lead;
	read_weights(rec, out);
	if (state != small)
		free(state);
}

void replay_sample(const struct replay *r, int64_t window, struct rng *rng,
		   const struct net_row *out)
{
	int64_t held = replay_held(r);
	int64_t back;
	int sym;

	if (window > held)
		window = held;
	assert(window > 0 && window <= UINT32_MAX);
	back = rng_below(rng, (uint32_t)window);
	sym = (int)rng_below(rng, (uint32_t)r->game->symmetries);
	read_place(r, r->total - 1 - back, sym, out);
}

void replay_get(const struct replay *r, int64_t i, const struct net_row *out)
{
	assert(i >= 0 && i < replay_held(r));
	read_place(r, r->total - replay_held(r) + i, 0, out);
}
