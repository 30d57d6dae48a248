/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/lessons.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/learn/targets.h"
#include "core/net/head.h"
#include "core/net/net.h"

/*
 * The states of games with a history take kilobytes, so one is kept every few
 * plies and those between are played again from it: about STATE_BYTES a ply,
 * and a few microseconds a position that is read.
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

struct lessons {
	int count;    /* moves */
	int rows;     /* positions with a player to act */
	int taught;   /* of them with a lesson */
	bool known;   /* it ended by the rules: owners and lead hold */
	float lead;   /* of player 0, as a share of lead_scale() */
	float result; /* of player 0, as it ended */
	/* Into the same block: */
	unsigned char *states; /* before every state_every()th move */
	float *owners;         /* (rows, cols) seen from player 0 */
	unsigned char *lessons;
	game_move *moves; /* [count] */
};

struct lessons_maker {
	const struct game *game; /* borrowed */
	float search_share;
	float cap_share;  /* of the lead, for games cut at their cap */
	void *state;      /* owned */
	game_move *legal; /* owned */
	struct buf states, lessons; /* of the game being made */
	int rows, taught;
};

static int state_every(const struct game *g)
{
	return (int)((g->state_size + STATE_BYTES - 1) / STATE_BYTES);
}

struct lessons_maker *lessons_maker_new(const struct game *g,
					float search_share)
{
	struct lessons_maker *m = mem_zalloc(1, sizeof(*m));

	m->game = g;
	m->search_share = search_share;
	m->state = mem_zalloc(1, g->state_size);
	m->legal = mem_zalloc((size_t)g->move_count, sizeof(*m->legal));
	buf_init(&m->states);
	buf_init(&m->lessons);
	return m;
}

void lessons_maker_score_caps(struct lessons_maker *m, float share)
{
	m->cap_share = share;
}

void lessons_maker_free(struct lessons_maker *m)
{
	if (!m)
		return;
	free(m->state);
	free(m->legal);
	buf_release(&m->states);
	buf_release(&m->lessons);
	free(m);
}

/* --- making -------------------------------------------------------------- */

static void begin_game(struct lessons_maker *mk)
{
	buf_clear(&mk->states);
	buf_clear(&mk->lessons);
	mk->rows = mk->taught = 0;
	mk->game->rules->start(mk->game, mk->state, 0);
}

static void play(struct lessons_maker *mk, int ply, game_move m)
{
	if (ply % state_every(mk->game) == 0)
		buf_add(&mk->states, mk->state, mk->game->state_size);
	mk->rows += mk->game->rules->to_act(mk->game, mk->state) >= 0;
	mk->game->rules->apply(mk->game, mk->state, m);
}

static void add_chance(struct lessons_maker *mk, struct lesson *l, game_move m,
		       uint16_t share)
{
	struct chance c = {m, share};

	if (!share)
		return;
	buf_add(&mk->lessons, &c, sizeof(c));
	l->count++;
}

/* A lesson whose chances follow: where it stands. */
static size_t begin_lesson(struct lessons_maker *mk, const struct lesson *l)
{
	size_t at = mk->lessons.len;

	buf_add(&mk->lessons, l, sizeof(*l));
	mk->taught++;
	return at;
}

static void end_lesson(struct lessons_maker *mk, size_t at,
		       const struct lesson *l)
{
	memcpy(mk->lessons.data + at, l, sizeof(*l));
}

/* Whose the cells of the finished game are, and by how much it was won. */
static void take_extra(const struct lessons_maker *mk, struct lessons *g)
{
	const struct game_rules *rules = mk->game->rules;

	g->known = true;
	if (rules->ownership)
		rules->ownership(mk->game, mk->state, g->owners);
	if (rules->lead)
		g->lead = rules->lead(mk->game, mk->state) /
			  rules->lead_scale(mk->game);
}

/* From scratch into one block. */
static struct lessons *end_game(const struct lessons_maker *mk,
				const game_move *moves, int count, float result,
				bool extra)
{
	const struct game *g = mk->game;
	size_t cells = g->rules->ownership ? (size_t)(g->rows * g->cols) : 0;
	size_t first = (sizeof(struct lessons) + 15) & ~(size_t)15;
	size_t owners = first + mk->states.len;
	size_t lessons = owners + cells * sizeof(float);
	size_t line = lessons + mk->lessons.len;
	unsigned char *block = mem_alloc(line + (size_t)count * sizeof(*moves));
	struct lessons *out = (void *)block;

	memset(out, 0, sizeof(*out));
	out->count = count;
	out->rows = mk->rows;
	out->taught = mk->taught;
	out->result = result;
	out->states = block + first;
	out->owners = (void *)(block + owners);
	out->lessons = block + lessons;
	out->moves = (void *)(block + line);
	memcpy(out->states, mk->states.data, mk->states.len);
	memset(out->owners, 0, cells * sizeof(float));
	memcpy(out->lessons, mk->lessons.data, mk->lessons.len);
	memcpy(out->moves, moves, (size_t)count * sizeof(*moves));
	if (extra && g->rules->to_act(g, mk->state) == GAME_OVER)
		take_extra(mk, out);
	return out;
}

/* The result as seen by `player`, win, draw and loss. */
static void result_wdl(const struct game *g, float result, int player,
		       float wdl[3])
{
	game_value_wdl(g, player == 0 ? result : -result, wdl);
}

/* Can the whole record be played and read?  So that a bad one adds nothing. */
static enum err_code check_game(struct lessons_maker *mk,
				const game_move *moves, int count,
				const void *targets, size_t len, struct err *e)
{
	const struct game_rules *rules = mk->game->rules;
	struct reader in;

	if (targets_open(&in, targets, len, e))
		return e ? e->code : ERR_FORMAT;
	rules->start(mk->game, mk->state, 0);
	for (int ply = 0; ply < count; ply++) {
		struct target t;
		int legal, player = rules->to_act(mk->game, mk->state);

		if (player == GAME_OVER)
			return err_set(e, ERR_FORMAT,
				       "the game is over before ply %d",
				       ply + 1);
		legal = rules->legal(mk->game, mk->state, mk->legal);
		targets_next(&in, &t);
		if (in.failed ||
		    (t.count && (t.count != legal || player == GAME_CHANCE)))
			return err_set(e, ERR_FORMAT,
				       "training targets do not fit the game "
				       "at ply %d",
				       ply + 1);
		rules->apply(mk->game, mk->state, moves[ply]);
	}
	return ERR_OK;
}

/* What a game of `count` plies that came to mk->state teaches about value. */
static float taught_result(const struct lessons_maker *mk, int count,
			   float result)
{
	const struct game *g = mk->game;
	float lead;

	if (mk->cap_share <= 0 || result != 0 || count < g->max_plies ||
	    !g->rules->lead || g->rules->to_act(g, mk->state) != GAME_OVER)
		return result;
	lead = mk->cap_share * g->rules->lead(g, mk->state) /
	       g->rules->lead_scale(g);
	return lead > 1 ? 1 : lead < -1 ? -1 : lead;
}

enum err_code lessons_make(struct lessons_maker *mk, const game_move *moves,
			   int count, float result, const void *targets,
			   size_t targets_len, struct lessons **out,
			   struct err *e)
{
	const struct game_rules *rules = mk->game->rules;
	enum err_code rc =
		check_game(mk, moves, count, targets, targets_len, e);
	float taught;
	struct reader in;

	if (rc)
		return rc;
	taught = taught_result(mk, count, result);
	reader_init(&in, targets, targets_len);
	reader_u8(&in);
	begin_game(mk);
	for (int ply = 0; ply < count; ply++) {
		struct target t;

		targets_next(&in, &t);
		if (t.count) {
			struct lesson l = {.ply = (uint16_t)ply};
			float share = t.has_value ? mk->search_share : 0;
			float win = (float)t.win / 65535.0f;
			float draw = (float)t.draw / 65535.0f;
			size_t at = begin_lesson(mk, &l);
			struct reader p;

			rules->legal(mk->game, mk->state, mk->legal);
			reader_init(&p, t.policy, (size_t)t.count * 2);
			for (int i = 0; i < t.count; i++)
				add_chance(mk, &l, mk->legal[i],
					   reader_u16(&p));
			result_wdl(mk->game, taught,
				   rules->to_act(mk->game, mk->state), l.wdl);
			l.wdl[0] += share * (win - l.wdl[0]);
			l.wdl[1] += share * (draw - l.wdl[1]);
			l.wdl[2] = 1 - l.wdl[0] - l.wdl[1];
			end_lesson(mk, at, &l);
		}
		play(mk, ply, moves[ply]);
	}
	*out = end_game(mk, moves, count, result, true);
	return ERR_OK;
}

struct lessons *lessons_make_plain(struct lessons_maker *mk,
				   const game_move *moves, int count,
				   int opening, int players, float result)
{
	begin_game(mk);
	for (int ply = 0; ply < count; ply++) {
		int player = mk->game->rules->to_act(mk->game, mk->state);

		if (player >= 0 && ply >= opening && players >> player & 1) {
			struct lesson l = {.ply = (uint16_t)ply};
			size_t at = begin_lesson(mk, &l);

			add_chance(mk, &l, moves[ply], 65535);
			result_wdl(mk->game, result, player, l.wdl);
			end_lesson(mk, at, &l);
		}
		play(mk, ply, moves[ply]);
	}
	return end_game(mk, moves, count, result, false);
}

void lessons_free(struct lessons *l)
{
	free(l);
}

float lessons_result(const struct lessons *l)
{
	return l->result;
}

const game_move *lessons_moves(const struct lessons *l, int *count)
{
	*count = l->count;
	return l->moves;
}

int lessons_count(const struct lessons *l)
{
	return l->taught;
}

/* --- reading ------------------------------------------------------------- */

static const struct lesson *lesson_at(const struct lessons *l, size_t at)
{
	return (const void *)(l->lessons + at);
}

size_t lessons_next(const struct lessons *l, size_t at)
{
	const struct lesson *one = lesson_at(l, at);

	return at + sizeof(*one) + one->count * sizeof(struct chance);
}

/* The state before ply `ply`. */
static void rebuild(const struct game *g, const struct lessons *l, int ply,
		    void *state)
{
	int from = ply / state_every(g);

	memcpy(state, l->states + (size_t)from * g->state_size, g->state_size);
	for (int i = from * state_every(g); i < ply; i++)
		g->rules->apply(g, state, l->moves[i]);
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

static game_move seen_through(const struct game *g, int sym, game_move m)
{
	return sym ? g->rules->move_symmetry(g, sym, m) : m;
}

/* The illegal moves are left out.  Which they are the rules say again each
 * time: to keep it would cost more than all the rest of a lesson. */
static void read_policy(const struct game *g, const struct lesson *l,
			const void *state, int sym, float *policy)
{
	const struct chance *c = (const void *)(l + 1);
	game_move few[2048];
	game_move *legal =
		g->move_count <= (int)ARRAY_LEN(few)
			? few
			: mem_alloc((size_t)g->move_count * sizeof(*legal));
	int count = l->count ? g->rules->legal(g, state, legal) : 0;
	float sum = 0;

	for (int i = 0; i < g->move_count; i++)
		policy[i] = NET_LEFT_OUT;
	for (int i = 0; i < count; i++)
		policy[seen_through(g, sym, legal[i])] = 0;
	for (int i = 0; i < l->count; i++)
		sum += (float)c[i].share;
	for (int i = 0; i < l->count; i++)
		policy[seen_through(g, sym, c[i].move)] =
			(float)c[i].share / sum;
	if (legal != few)
		free(legal);
}

/* Of the end of the position's game; NULL: not wanted. */
static void read_owners(const struct game *g, const struct lessons *l, int sym,
			float sign, float *out)
{
	int cells = g->rows * g->cols;

	for (int i = 0; out && i < cells; i++) {
		int to = sym ? g->rules->cell_symmetry(g, sym, i) : i;

		out[to] = g->rules->ownership ? sign * l->owners[i] : 0;
	}
}

/* A position that teaches nothing weighs nothing; of the end of a game that did
 * not end by the rules only policy and value are known, and nothing ever of
 * heads that are not named here. */
static void read_weights(const struct lessons *l, const struct lesson *one,
			 const struct net_row *out)
{
	for (int h = 0; h < NET_HEADS; h++) {
		bool of_end = h == NET_OWNERSHIP || h == NET_LEAD;
		bool known = h == NET_POLICY || h == NET_VALUE ||
			     h == NET_RESULT || (of_end && l->known);

		if (out->weight[h])
			*out->weight[h] = one && known ? 1 : 0;
	}
}

/* Ply `ply`, to be played by `player`. */
static void read_ids(const struct game *g, const struct lessons *l,
		     const struct lessons_before *before, int ply, int player,
		     int sym, float *ids)
{
	struct net_game_row row = {
		.move = ply ? seen_through(g, sym, l->moves[ply - 1]) : -1,
		.player = player,
		.before = before->any,
		.result = before->result,
		.gap = before->gap,
	};

	net_game_ids(g->move_count, &row, ids);
}

static void read_row(const struct game *g, const struct lessons *l,
		     const struct lesson *one, const void *state, int sym,
		     const struct net_row *out)
{
	static const struct lesson none = {{0, 0, 0}, 0, 0};
	int player = g->rules->to_act(g, state);
	float sign = player == 1 ? -1 : 1;

	if (out->x)
		read_planes(g, state, sym, out->x);
	if (out->target[NET_RESULT])
		result_wdl(g, l->result, player, out->target[NET_RESULT]);
	read_weights(l, one, out);
	if (!one)
		one = &none;
	if (out->target[NET_POLICY])
		read_policy(g, one, state, sym, out->target[NET_POLICY]);
	if (out->target[NET_VALUE])
		memcpy(out->target[NET_VALUE], one->wdl, sizeof(one->wdl));
	read_owners(g, l, sym, sign, out->target[NET_OWNERSHIP]);
	if (out->target[NET_LEAD])
		*out->target[NET_LEAD] = sign * l->lead;
}

void lessons_read(const struct game *g, const struct lessons *l, size_t at,
		  int sym, const struct net_row *out)
{
	_Alignas(max_align_t) unsigned char small[8192];
	const struct lesson *one = lesson_at(l, at);
	void *state = g->state_size <= sizeof(small) ? small
						     : mem_alloc(g->state_size);

	rebuild(g, l, one->ply, state);
	read_row(g, l, one, state, sym, out);
	if (out->ids)
		read_ids(g, l, &(struct lessons_before){0}, one->ply,
			 g->rules->to_act(g, state), sym, out->ids);
	if (state != small)
		free(state);
}

int lessons_rows(const struct lessons *l)
{
	return l->rows;
}

void lessons_read_game(const struct game *g, const struct lessons *l,
		       const struct lessons_before *before, int sym,
		       const struct net_rows *out, int first)
{
	void *state = game_state_new(g, 0);
	size_t at = 0;
	int seen = 0, player;

	for (int ply = 0; ply < l->count; ply++) {
		const struct lesson *one =
			seen < l->taught ? lesson_at(l, at) : NULL;

		if (one && one->ply == ply) {
			at = lessons_next(l, at);
			seen++;
		} else {
			one = NULL;
		}
		player = g->rules->to_act(g, state);
		if (player >= 0) {
			struct net_row row = net_rows_at(out, first++);

			read_row(g, l, one, state, sym, &row);
			if (row.ids)
				read_ids(g, l, before, ply, player, sym,
					 row.ids);
		}
		g->rules->apply(g, state, l->moves[ply]);
	}
	free(state);
}
