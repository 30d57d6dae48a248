/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/teach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/targets.h"

struct lesson {
	game_move *moves; /* owned */
	int count, opening;
	float result;
	struct targets_writer targets;
};

/* A game in play. */
struct lane {
	struct lesson *lesson; /* borrowed; NULL: none */
	uint64_t number;
	void *state;                          /* owned */
	bool begun;                           /* its state is that of a game */
	struct agent_kept *teacher, *student; /* owned */
};

/* What a worker plays with. */
struct desk {
	struct agent *teacher, *student; /* borrowed; student may be NULL */
	struct lane *lanes;              /* owned; [lanes] */
	struct agent_turn *turns;        /* owned; [lanes] */
	struct lane **asked;             /* owned; [lanes] */
	game_move *legal, *chosen;       /* owned; [move_count], [lanes] */
	float *weights;                  /* owned; [move_count] */
};

struct classroom {
	const struct teaching *t;
	struct lesson *lessons; /* owned */
	int64_t first;          /* number of the first game */
	int count, lanes;
	atomic_int begun;
	bool (*tick)(void *ctx);
	void *ctx;
	atomic_bool cancelled;
};

/* --- what a thought teaches ---------------------------------------------- */

static bool share_out(float *weights, int count)
{
	float sum = 0;

	for (int i = 0; i < count; i++)
		sum += weights[i];
	for (int i = 0; i < count && sum > 0; i++)
		weights[i] /= sum;
	return sum > 0;
}

static bool label_visits(const struct thought *t, float *weights)
{
	for (int i = 0; i < t->count; i++)
		weights[i] = (float)t->moves[i].visits;
	return share_out(weights, t->count);
}

/* A softmax; moves of which nothing is known are not advised. */
static bool label_values(const struct thought *t, float temperature,
			 float *weights)
{
	float best = -INFINITY;

	for (int i = 0; i < t->count; i++)
		if (isfinite(t->moves[i].q) && t->moves[i].q > best)
			best = t->moves[i].q;
	for (int i = 0; i < t->count; i++)
		weights[i] =
			isfinite(t->moves[i].q)
				? expf((t->moves[i].q - best) / temperature)
				: 0;
	return share_out(weights, t->count);
}

bool teach_label(const struct thought *t, enum teach_target target,
		 float temperature, float *weights)
{
	if (target == TEACH_VISITS)
		return label_visits(t, weights);
	if (target == TEACH_VALUES)
		return label_values(t, temperature, weights);
	for (int i = 0; i < t->count; i++)
		weights[i] = target == TEACH_POLICY
				     ? t->moves[i].policy
				     : t->moves[i].move == t->move;
	return t->count > 0;
}

/* To the power of 1 / temperature, so that the sum is 1 again. */
static void sharpen(float *weights, int count, float temperature)
{
	float most = 0;

	if (temperature <= 0)
		return;
	for (int i = 0; i < count; i++)
		most = fmaxf(most, weights[i]);
	for (int i = 0; i < count && most > 0; i++)
		weights[i] = powf(weights[i] / most, 1 / temperature);
	share_out(weights, count);
}

/* --- games --------------------------------------------------------------- */

static void play_opening(const struct teaching *t, uint64_t number, void *state,
			 struct lesson *l)
{
	struct rng rng;
	int plies = 0;

	rng_init(&rng, t->seed, RNG_OPENING, number, 0);
	if (t->recipe->opening_plies > 0 &&
	    rng_float(&rng) < t->recipe->opening_share)
		plies = 1 + (int)rng_below(&rng,
					   (uint32_t)t->recipe->opening_plies);
	game_opening(t->game, state, plies, &rng, l->moves, &l->count);
	for (int i = 0; i < l->count; i++)
		targets_skip(&l->targets);
	l->opening = l->count;
}

static bool begin_game(struct classroom *c, struct lane *lane)
{
	const struct game *g = c->t->game;
	int i = atomic_fetch_add(&c->begun, 1);

	if (i >= c->count)
		return false;
	lane->lesson = &c->lessons[i];
	lane->number = (uint64_t)(c->first + i);
	lane->state = game_state_new(g, rng_mix(c->t->seed, lane->number));
	lane->lesson->moves =
		mem_zalloc((size_t)g->max_plies, sizeof(*lane->lesson->moves));
	targets_begin(&lane->lesson->targets);
	play_opening(c->t, lane->number, lane->state, lane->lesson);
	return true;
}

static void leave_game(struct lane *lane)
{
	free(lane->state);
	lane->state = NULL;
	lane->lesson = NULL;
}

static void finish_game(struct classroom *c, struct lane *lane)
{
	float value[GAME_MAX_PLAYERS];

	c->t->game->rules->score(c->t->game, lane->state, value);
	lane->lesson->result = value[0];
	if (c->t->finished)
		atomic_fetch_add(c->t->finished, 1);
	leave_game(lane);
}

static void apply(struct classroom *c, struct lane *lane, game_move m)
{
	c->t->game->rules->apply(c->t->game, lane->state, m);
	lane->lesson->moves[lane->lesson->count++] = m;
}

static void chance_ply(struct classroom *c, struct lane *lane, game_move *legal)
{
	struct rng rng;

	targets_skip(&lane->lesson->targets);
	rng_init(&rng, c->t->seed, RNG_CHANCE, lane->number,
		 (uint64_t)lane->lesson->count);
	apply(c, lane, game_chance_move(c->t->game, lane->state, &rng, legal));
}

/* To where a player acts, in the next game if this one is over; false: no game
 * is left. */
static bool advance(struct classroom *c, struct desk *d, struct lane *lane)
{
	const struct game *g = c->t->game;

	while (lane->lesson || begin_game(c, lane)) {
		int player = g->rules->to_act(g, lane->state);

		if (player == GAME_OVER)
			finish_game(c, lane);
		else if (player == GAME_CHANCE)
			chance_ply(c, lane, d->legal);
		else
			return true;
	}
	return false;
}

/* What the player would play, or while exploring a draw from its policy. */
static game_move choose(const struct teaching *t, const struct thought *th,
			const struct lane *lane, float *weights)
{
	int ply = lane->lesson->count;
	struct rng rng;

	if (ply >= t->recipe->explore_plies)
		return th->move;
	rng_init(&rng, t->seed, RNG_SELF_PLAY, lane->number, (uint64_t)ply);
	for (int i = 0; i < th->count; i++)
		weights[i] = *th->forfeit ? 1.0f / (float)th->count
					  : th->moves[i].policy;
	sharpen(weights, th->count, t->temperature);
	return th->moves[rng_pick(&rng, weights, th->count)].move;
}

/* A teacher that had no answer teaches nothing here; any move goes on with the
 * game. */
static void teach(const struct teaching *t, const struct thought *th,
		  struct lesson *l, float *weights)
{
	enum teach_target target = (enum teach_target)t->recipe->target;

	if (!*th->forfeit &&
	    teach_label(th, target, t->recipe->target_temperature, weights)) {
		if (target == TEACH_POLICY)
			sharpen(weights, th->count, t->temperature);
		targets_ply(&l->targets, th->count, weights,
			    th->has_value ? th->wdl : NULL);
	} else {
		targets_skip(&l->targets);
	}
}

/* --- games side by side -------------------------------------------------- */

static bool think(struct classroom *c, struct agent *a, struct desk *d, int n)
{
	struct agent_turn *turn = d->turns;

	if (c->lanes > 1)
		return agent_think_together(a, turn, n, c->t->seed,
					    &c->cancelled);
	agent_line(a, turn->at.line, turn->at.ply);
	agent_think(a, turn->at.state, c->t->seed, turn->at.game, turn->at.ply,
		    &c->cancelled, &turn->out);
	if (!atomic_load(&c->cancelled))
		return true;
	thought_release(&turn->out);
	return false;
}

static int gather(struct classroom *c, struct desk *d, struct lane **asked)
{
	int n = 0;

	for (int i = 0; i < c->lanes; i++)
		if (advance(c, d, &d->lanes[i]))
			asked[n++] = &d->lanes[i];
	return n;
}

static void ask_about(struct desk *d, int n, bool student)
{
	for (int i = 0; i < n; i++) {
		const struct lane *lane = d->asked[i];

		d->turns[i] = (struct agent_turn){
			.at = {.state = lane->state,
			       .line = lane->lesson->moves,
			       .ply = lane->lesson->count,
			       .game = lane->number},
			.kept = student ? lane->student : lane->teacher,
		};
	}
}

/* All lanes go one ply on; false: there are none left, or it was cancelled. */
static bool go_on(struct classroom *c, struct desk *d)
{
	int n = gather(c, d, d->asked);

	if (!n)
		return false;
	ask_about(d, n, false);
	if (!think(c, d->teacher, d, n))
		return false;
	for (int i = 0; i < n; i++) {
		struct thought *th = &d->turns[i].out;

		teach(c->t, th, d->asked[i]->lesson, d->weights);
		if (!d->student)
			d->chosen[i] =
				choose(c->t, th, d->asked[i], d->weights);
		thought_release(th);
	}
	if (d->student) {
		ask_about(d, n, true);
		if (!think(c, d->student, d, n))
			return false;
	}
	for (int i = 0; i < n; i++) {
		if (d->student) {
			d->chosen[i] = choose(c->t, &d->turns[i].out,
					      d->asked[i], d->weights);
			thought_release(&d->turns[i].out);
		}
		apply(c, d->asked[i], d->chosen[i]);
	}
	return true;
}

static void open_desk(struct classroom *c, struct desk *d, int worker)
{
	const struct teaching *t = c->t;
	size_t n = (size_t)c->lanes, moves = (size_t)t->game->move_count;

	*d = (struct desk){
		.teacher = t->teachers[worker],
		.student = t->students ? t->students[worker] : NULL,
		.lanes = mem_zalloc(n, sizeof(*d->lanes)),
		.turns = mem_zalloc(n, sizeof(*d->turns)),
		.asked = mem_zalloc(n, sizeof(struct lane *)),
		.chosen = mem_zalloc(n, sizeof(*d->chosen)),
		.legal = mem_zalloc(moves, sizeof(*d->legal)),
		.weights = mem_floats(moves),
	};
	for (int i = 0; i < c->lanes; i++) {
		d->lanes[i].teacher = agent_kept_new(d->teacher);
		if (d->student)
			d->lanes[i].student = agent_kept_new(d->student);
	}
}

static void close_desk(struct classroom *c, struct desk *d)
{
	for (int i = 0; i < c->lanes; i++) {
		leave_game(&d->lanes[i]);
		agent_kept_free(d->lanes[i].teacher);
		agent_kept_free(d->lanes[i].student);
	}
	free(d->lanes);
	free(d->turns);
	free(d->asked);
	free(d->chosen);
	free(d->legal);
	free(d->weights);
}

static void give_lessons(void *ctx, int task, int worker)
{
	struct classroom *c = ctx;
	struct desk d;

	(void)task;
	open_desk(c, &d, worker);
	while (!atomic_load(&c->cancelled) && go_on(c, &d))
		;
	close_desk(c, &d);
}

static void watch(void *ctx)
{
	struct classroom *c = ctx;

	if (!c->tick(c->ctx))
		atomic_store(&c->cancelled, true);
}

static enum err_code
hand_over(const struct classroom *c, int count,
	  enum err_code (*game)(void *ctx, const struct self_play_game *g,
				struct err *e),
	  struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < count && !rc; i++) {
		const struct lesson *l = &c->lessons[i];

		rc = game(c->ctx,
			  &(struct self_play_game){
				  .number = c->first + i,
				  .moves = l->moves,
				  .count = l->count,
				  .opening = l->opening,
				  .result = l->result,
				  .targets = l->targets.out.data,
				  .targets_len = l->targets.out.len,
			  },
			  e);
	}
	return rc;
}

/* How many games a thread plays at once: a program follows one alone. */
static int lanes_of(const struct teaching *t)
{
	return agent_company(t->teachers[0]) == AGENT_ALONE
		       ? 1
		       : t->recipe->teacher_lanes;
}

enum err_code teach_games(const struct teaching *t, int64_t first, int count,
			  struct pool *pool,
			  enum err_code (*game)(void *ctx,
						const struct self_play_game *g,
						struct err *e),
			  bool (*tick)(void *ctx), void *ctx, struct err *e)
{
	struct classroom c = {
		.t = t,
		.first = first,
		.count = count,
		.lanes = lanes_of(t),
		.tick = tick,
		.ctx = ctx,
	};
	enum err_code rc;

	c.lessons = mem_zalloc((size_t)count, sizeof(*c.lessons));
	pool_run_watched(pool, pool_threads(pool), give_lessons, watch, &c);
	if (atomic_load(&c.cancelled))
		rc = err_set(e, ERR_CANCELLED, "stopped");
	else
		rc = hand_over(&c, count, game, e);
	for (int i = 0; i < count; i++) {
		free(c.lessons[i].moves);
		buf_release(&c.lessons[i].targets.out);
	}
	free(c.lessons);
	return rc;
}
