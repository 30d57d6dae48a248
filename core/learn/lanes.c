/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/lanes.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/lanes_int.h"
#include "core/net/net.h"

/* No run numbers its games further. */
static const int64_t MOST_GAMES = (int64_t)1 << 50;

static int lane_count(const struct lanes *l)
{
	return l->recipe.groups * l->recipe.slots;
}

static size_t step_count(const struct lanes *l)
{
	return (size_t)lane_count(l) * (size_t)l->recipe.plies;
}

static struct lane *lane_at(const struct lanes *l, int lane)
{
	return &l->groups[lane / l->recipe.slots].lanes[lane % l->recipe.slots];
}

/* Points of one player, not the result of two. */
static bool keeps_score(const struct game *g)
{
	return g->player_count == 1 && g->rules->points;
}

/* --- games --------------------------------------------------------------- */

/* Let chance play, and moves without a choice of one who plays alone, until
 * there is something to choose, or the end. */
static void settle(struct lanes *l, struct lanes_group *gr, struct lane *at)
{
	const struct game *g = l->game;

	for (;;) {
		int who = g->rules->to_act(g, at->state), n;
		game_move m;

		if (who == GAME_CHANCE) {
			struct rng rng;

			rng_init(&rng, l->seed, RNG_CHANCE,
				 (uint64_t)at->number, (uint64_t)at->count);
			m = game_chance_move(g, at->state, &rng, gr->legal);
		} else if (who >= 0 && g->player_count == 1) {
			n = g->rules->legal(g, at->state, gr->legal);
			if (n > 1)
				return;
			m = gr->legal[0];
		} else {
			return;
		}
		g->rules->apply(g, at->state, m);
		at->moves[at->count++] = m;
	}
}

static void restart(const struct lanes *l, struct lane *at)
{
	l->game->rules->start(l->game, at->state,
			      rng_mix(l->seed, (uint64_t)at->number));
	at->count = 0;
}

static void begin_game(struct lanes *l, struct lanes_group *gr, struct lane *at,
		       int64_t number)
{
	const struct recipe *r = &l->recipe;
	struct rng rng;
	int plies = 0;

	at->number = number;
	restart(l, at);
	rng_init(&rng, l->seed, RNG_OPENING, (uint64_t)number, 0);
	if (rng_float(&rng) < r->opening_share && r->opening_plies)
		plies = 1 + (int)rng_below(&rng, (uint32_t)r->opening_plies);
	/* An opening that ended the game: play it properly. */
	if (!game_opening(l->game, at->state, plies, &rng, at->moves,
			  &at->count))
		restart(l, at);
	at->opening = at->count;
	settle(l, gr, at);
	if (l->game->rules->to_act(l->game, at->state) != GAME_OVER)
		return;
	restart(l, at);
	at->opening = 0;
	settle(l, gr, at);
}

/* A finished game waits in the group's record until all are done. */
static void note_finished(struct lanes *l, struct lanes_group *gr,
			  const struct lane *at, float result)
{
	const struct game *g = l->game;

	gr->figures.games++;
	gr->figures.plies += at->count;
	gr->figures.first_score += 0.5 + 0.5 * (double)result;
	if (g->rules->points)
		gr->figures.points += g->rules->points(g, at->state);
	if (at->number % l->method.keep)
		return;
	buf_u64(&gr->finished, (uint64_t)at->number);
	buf_u32(&gr->finished, (uint32_t)at->count);
	buf_u32(&gr->finished, (uint32_t)at->opening);
	buf_f32(&gr->finished, result);
	for (int i = 0; i < at->count; i++)
		buf_u16(&gr->finished, at->moves[i]);
}

/* The game's, and what the method adds to them. */
static float points_of(const struct lanes *l, const void *state)
{
	const struct game *g = l->game;
	struct game_fact facts[GAME_MAX_FACTS];
	float points = (float)g->rules->points(g, state);
	int n = l->method.bonus != 0 && g->rules->facts
			? g->rules->facts(g, state, facts)
			: 0;

	for (int i = 0; i < n; i++)
		if (!strcmp(facts[i].name, l->method.fact))
			points += l->method.bonus * (float)facts[i].value;
	return points;
}

/* The move that was chosen at a step, what it brought, and a new game where
 * one is over. */
static void play(struct lanes *l, struct lanes_group *gr, int lane, int ply)
{
	const struct game *g = l->game;
	struct lane *at = lane_at(l, lane);
	struct lanes_step *s = lanes_step(l, lane, ply);
	float before = keeps_score(g) ? points_of(l, at->state) : 0;
	float value[GAME_MAX_PLAYERS];

	memcpy(l->states + lanes_number(l, lane, ply) * g->state_size,
	       at->state, g->state_size);
	s->player = (uint8_t)g->rules->to_act(g, at->state);
	g->rules->apply(g, at->state, s->chosen.move);
	at->moves[at->count++] = s->chosen.move;
	settle(l, gr, at);
	gr->figures.positions++;
	s->ends = g->rules->to_act(g, at->state) == GAME_OVER;
	s->reward = keeps_score(g) ? points_of(l, at->state) - before : 0;
	if (!s->ends)
		return;
	g->rules->score(g, at->state, value);
	if (!keeps_score(g))
		s->reward = value[s->player];
	note_finished(l, gr, at, value[0]);
	begin_game(l, gr, at, at->number + lane_count(l));
}

/* --- returns ------------------------------------------------------------- */

static void turn(float wdl[3])
{
	float w = wdl[0];

	wdl[0] = wdl[2];
	wdl[2] = w;
}

/* What the next step, or the state after the last, is worth: its value and its
 * return, told by `player`. */
struct outlook {
	float said[3], target[3];
	int player;
};

static void return_of_result(const struct lanes *l, struct lanes_step *s,
			     const struct outlook *next)
{
	float share = l->method.lambda;

	if (s->ends) {
		game_value_wdl(l->game, s->reward, s->target);
		return;
	}
	for (int i = 0; i < 3; i++)
		s->target[i] =
			(1 - share) * next->said[i] + share * next->target[i];
	if (next->player != s->player)
		turn(s->target);
}

static void return_of_points(const struct lanes *l, struct lanes_step *s,
			     const struct outlook *next)
{
	const struct method *m = &l->method;
	float said = next->said[0] - next->said[2];
	float target = next->target[0] - next->target[2];
	float g = s->reward / m->points;

	if (!s->ends)
		g += m->discount *
		     ((1 - m->lambda) * said + m->lambda * target);
	g = fminf(fmaxf(g, -1), 1);
	s->target[0] = (1 + g) / 2;
	s->target[1] = 0;
	s->target[2] = (1 - g) / 2;
}

static void add_surprise(struct lanes_figures *f, const struct lanes_step *s)
{
	double g = (double)(s->target[0] - s->target[2]);
	double off = g - (double)(s->said[0] - s->said[2]);

	f->surprise += off * off;
	f->squares += g * g;
}

/* From the last step of a lane to its first. */
static void look_back(const struct lanes *l, struct lanes_group *gr, int lane,
		      const float *said, int player)
{
	struct outlook next = {.player = player};

	memcpy(next.said, said, sizeof(next.said));
	memcpy(next.target, said, sizeof(next.target));
	for (int ply = l->recipe.plies - 1; ply >= 0; ply--) {
		struct lanes_step *s = lanes_step(l, lane, ply);

		if (keeps_score(l->game))
			return_of_points(l, s, &next);
		else
			return_of_result(l, s, &next);
		s->chosen.advantage =
			s->target[0] - s->target[2] - (s->said[0] - s->said[2]);
		add_surprise(&gr->figures, s);
		memcpy(next.said, s->said, sizeof(next.said));
		memcpy(next.target, s->target, sizeof(next.target));
		next.player = s->player;
	}
}

/* Advantages of mean 0 and variance 1, over all lanes in their order. */
static void level_advantages(struct lanes *l)
{
	size_t n = step_count(l);
	double sum = 0, squares = 0, mean, deviation;

	for (size_t i = 0; i < n; i++)
		sum += (double)l->steps[i].chosen.advantage;
	mean = sum / (double)n;
	for (size_t i = 0; i < n; i++) {
		double off = (double)l->steps[i].chosen.advantage - mean;

		squares += off * off;
	}
	deviation = sqrt(squares / (double)n) + 1e-6;
	for (size_t i = 0; i < n; i++)
		l->steps[i].chosen.advantage =
			(float)(((double)l->steps[i].chosen.advantage - mean) /
				deviation);
}

/* --- a call -------------------------------------------------------------- */

static void play_group(void *ctx, int number, int worker)
{
	struct lanes *l = ctx;
	const struct game *g = l->game;
	struct lanes_group *gr = &l->groups[number];
	int slots = l->recipe.slots;
	double before = clock_thread_seconds();

	if (!gr->work)
		gr->work = net_work_new(l->plan, gr->rows);
	for (int ply = 0; ply < l->recipe.plies; ply++) {
		if (worker == 0 && l->tick && !l->tick(l->ctx))
			atomic_store(&l->cancelled, true);
		if (atomic_load(&l->cancelled))
			return;
		if (l->method.kind == METHOD_TD)
			td_choose(l, number, ply);
		else
			pg_choose(l, number, ply);
		for (int k = 0; k < slots; k++)
			play(l, gr, number * slots + k, ply);
	}
	for (int k = 0; k < slots; k++)
		g->rules->encode(g, gr->lanes[k].state,
				 gr->x + (size_t)k * lanes_planes(l));
	lanes_ask(gr, l->plan, slots, false, true);
	for (int k = 0; k < slots; k++)
		look_back(l, gr, number * slots + k, gr->wdl + 3 * (size_t)k,
			  g->rules->to_act(g, gr->lanes[k].state));
	gr->figures.busy_seconds += clock_thread_seconds() - before;
}

static void hand_games(struct lanes *l, struct lanes_group *gr,
		       void (*done)(void *ctx, const struct self_play_game *),
		       void *ctx)
{
	game_move *moves =
		mem_zalloc((size_t)l->game->max_plies, sizeof(*moves));
	struct reader r;

	reader_init(&r, gr->finished.data, gr->finished.len);
	while (r.pos < r.len) {
		struct self_play_game game = {.moves = moves};

		game.number = (int64_t)reader_u64(&r);
		game.count = (int)reader_u32(&r);
		game.opening = (int)reader_u32(&r);
		game.result = reader_f32(&r);
		for (int i = 0; i < game.count; i++)
			moves[i] = reader_u16(&r);
		game.targets = "";
		done(ctx, &game);
	}
	free(moves);
}

static void add_figures(struct lanes_figures *to,
			const struct lanes_figures *from)
{
	to->positions += from->positions;
	to->games += from->games;
	to->plies += from->plies;
	to->first_score += from->first_score;
	to->points += from->points;
	to->entropy += from->entropy;
	to->surprise += from->surprise;
	to->squares += from->squares;
	to->anchor_kl += from->anchor_kl;
	to->rows += from->rows;
	to->net_seconds += from->net_seconds;
	to->busy_seconds += from->busy_seconds;
}

enum err_code
lanes_advance(struct lanes *l, const struct net_plan *plan, struct pool *pool,
	      void (*done)(void *ctx, const struct self_play_game *game),
	      bool (*tick)(void *ctx), void *ctx)
{
	l->plan = plan;
	l->tick = tick;
	l->ctx = ctx;
	atomic_store(&l->cancelled, false);
	pool_run(pool, l->recipe.groups, play_group, l);
	for (int i = 0; i < l->recipe.groups; i++) {
		struct lanes_group *gr = &l->groups[i];

		if (!atomic_load(&l->cancelled))
			hand_games(l, gr, done, ctx);
		buf_clear(&gr->finished);
		add_figures(&l->figures, &gr->figures);
		memset(&gr->figures, 0, sizeof(gr->figures));
	}
	if (atomic_load(&l->cancelled))
		return ERR_CANCELLED;
	if (l->method.kind == METHOD_ACTOR)
		level_advantages(l);
	l->played = true;
	l->total += (int64_t)step_count(l);
	return ERR_OK;
}

int64_t lanes_total(const struct lanes *l)
{
	return l->total;
}

void lanes_take_figures(struct lanes *l, struct lanes_figures *out)
{
	*out = l->figures;
	memset(&l->figures, 0, sizeof(l->figures));
}

void lanes_reseed(struct lanes *l, uint64_t seed)
{
	l->seed = seed;
}

/* --- from new to free ---------------------------------------------------- */

static void group_init(struct lanes *l, int number)
{
	const struct game *g = l->game;
	struct lanes_group *gr = &l->groups[number];
	size_t moves = (size_t)g->move_count;
	int slots = l->recipe.slots;

	/* A position and all after it at once, where these are valued. */
	gr->rows = l->method.kind == METHOD_TD && g->move_count + 1 > slots
			   ? g->move_count + 1
			   : slots;
	gr->x = mem_floats((size_t)gr->rows * lanes_planes(l));
	gr->logits = mem_floats((size_t)gr->rows * moves);
	gr->wdl = mem_floats((size_t)gr->rows * 3);
	gr->chance = mem_floats(moves);
	gr->legal = mem_zalloc(moves, sizeof(*gr->legal));
	gr->child = mem_zalloc(1, g->state_size);
	buf_init(&gr->finished);
	gr->lanes = mem_zalloc((size_t)slots, sizeof(*gr->lanes));
	for (int k = 0; k < slots; k++) {
		struct lane *at = &gr->lanes[k];

		at->state = mem_zalloc(1, g->state_size);
		at->moves =
			mem_zalloc((size_t)g->max_plies, sizeof(*at->moves));
		begin_game(l, gr, at, (int64_t)number * slots + k);
	}
}

static void set_anchor(struct lanes *l, const float *weights)
{
	size_t n = net_param_count(&l->net);

	l->anchor = mem_floats(n);
	memcpy(l->anchor, weights, n * sizeof(float));
	l->anchor_plan = net_plan_new(&l->net, weights);
}

struct lanes *lanes_new(const struct game *g, const struct recipe *r,
			const struct method *m, const struct net_config *net,
			const float *anchor,
			const struct dataset *demonstrations, uint64_t seed)
{
	struct lanes *l = mem_zalloc(1, sizeof(*l));

	l->game = g;
	l->recipe = *r;
	l->method = *m;
	l->net = *net;
	l->seed = seed;
	l->steps = mem_zalloc(step_count(l), sizeof(*l->steps));
	l->states = mem_zalloc(step_count(l), g->state_size);
	if (anchor)
		set_anchor(l, anchor);
	if (anchor || m->kind == METHOD_TD)
		l->policy = mem_floats(step_count(l) * (size_t)g->move_count);
	if (demonstrations) {
		l->demonstrations = *demonstrations;
		l->has_demonstrations = true;
	}
	l->groups = mem_zalloc((size_t)r->groups, sizeof(*l->groups));
	for (int i = 0; i < r->groups; i++)
		group_init(l, i);
	return l;
}

void lanes_free(struct lanes *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->recipe.groups; i++) {
		struct lanes_group *gr = &l->groups[i];

		for (int k = 0; k < l->recipe.slots; k++) {
			free(gr->lanes[k].state);
			free(gr->lanes[k].moves);
		}
		free(gr->lanes);
		net_work_free(gr->work);
		free(gr->x);
		free(gr->logits);
		free(gr->wdl);
		free(gr->chance);
		free(gr->legal);
		free(gr->child);
		buf_release(&gr->finished);
	}
	free(l->groups);
	free(l->steps);
	free(l->states);
	free(l->policy);
	free(l->anchor);
	net_plan_free(l->anchor_plan);
	free(l);
}

/* --- saving -------------------------------------------------------------- */

void lanes_save(const struct lanes *l, struct buf *out)
{
	buf_u32(out, (uint32_t)lane_count(l));
	buf_u64(out, (uint64_t)l->total);
	for (int i = 0; i < lane_count(l); i++) {
		const struct lane *at = lane_at(l, i);

		buf_u64(out, (uint64_t)at->number);
		buf_u32(out, (uint32_t)at->opening);
		buf_u32(out, (uint32_t)at->count);
		for (int k = 0; k < at->count; k++)
			buf_u16(out, at->moves[k]);
	}
	if (l->anchor)
		buf_f32s(out, l->anchor, net_param_count(&l->net));
}

static enum err_code load_lane(struct lanes *l, int i, struct reader *r,
			       struct err *e)
{
	const struct game_rules *rules = l->game->rules;
	struct lanes_group *gr = &l->groups[i / l->recipe.slots];
	struct lane *at = lane_at(l, i);

	at->number = reader_count(r, MOST_GAMES);
	at->opening = (int)reader_u32(r);
	at->count = (int)reader_u32(r);
	if (r->failed || at->count < 0 || at->count > l->game->max_plies ||
	    at->opening < 0 || at->opening > at->count)
		return err_set(e, ERR_FORMAT, "a saved game is damaged");
	rules->start(l->game, at->state,
		     rng_mix(l->seed, (uint64_t)at->number));
	for (int k = 0; k < at->count; k++) {
		game_move m = reader_u16(r);
		bool legal = false;
		int n;

		if (r->failed || rules->to_act(l->game, at->state) == GAME_OVER)
			return err_set(e, ERR_FORMAT,
				       "a saved game is damaged");
		n = rules->legal(l->game, at->state, gr->legal);
		for (int j = 0; j < n; j++)
			legal |= gr->legal[j] == m;
		if (!legal)
			return err_set(e, ERR_FORMAT,
				       "a saved game holds an illegal move");
		rules->apply(l->game, at->state, m);
		at->moves[k] = m;
	}
	if (rules->to_act(l->game, at->state) < 0)
		return err_set(e, ERR_FORMAT, "a saved game is damaged");
	return ERR_OK;
}

enum err_code lanes_load(struct lanes *l, struct reader *r, struct err *e)
{
	uint32_t n = reader_u32(r);
	enum err_code rc = ERR_OK;

	if (r->failed || n != (uint32_t)lane_count(l))
		return err_set(e, ERR_FORMAT,
			       "%u saved games where the recipe has %d slots",
			       n, lane_count(l));
	l->total = reader_count(r, MOST_GAMES);
	for (int i = 0; i < lane_count(l) && !rc; i++)
		rc = load_lane(l, i, r, e);
	if (rc || !l->anchor)
		return rc;
	reader_f32s(r, l->anchor, net_param_count(&l->net));
	if (r->failed)
		return err_set(e, ERR_FORMAT,
			       "the saved training state is cut short");
	net_plan_free(l->anchor_plan);
	l->anchor_plan = net_plan_new(&l->net, l->anchor);
	return ERR_OK;
}
