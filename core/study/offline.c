/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/offline.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/net_eval.h"
#include "core/base/mem.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/replay.h"
#include "core/learn/targets.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/search/evaluator.h"

/* Rows of a batch whose statistics are taken. */
enum { NORM_ROWS = 128 };

struct offline {
	const struct game *game;
	struct replay *data, *held_out; /* owned */
	int64_t games;
};

struct offline *offline_new(const struct game *g, const struct recipe *r,
			    int64_t positions)
{
	struct offline *o = mem_zalloc(1, sizeof(*o));

	o->game = g;
	o->data = replay_new(g, positions, r->search_share);
	o->held_out = replay_new(g, positions, r->search_share);
	replay_score_caps(o->data, r->cap_lead);
	replay_score_caps(o->held_out, r->cap_lead);
	return o;
}

void offline_free(struct offline *o)
{
	if (!o)
		return;
	replay_free(o->data);
	replay_free(o->held_out);
	free(o);
}

enum err_code offline_add(struct offline *o, const struct self_play_game *g,
			  bool held_out, struct err *e)
{
	o->games++;
	return replay_add(held_out ? o->held_out : o->data, g->moves, g->count,
			  g->result, g->targets, g->targets_len, e);
}

int64_t offline_games(const struct offline *o)
{
	return o->games;
}

struct dataset offline_dataset(const struct offline *o)
{
	return replay_dataset(o->data);
}

int64_t offline_positions(const struct offline *o)
{
	return replay_held(o->data);
}

/* --- labels -------------------------------------------------------------- */

/* All positions of a game in which somebody has the turn. */
struct asked {
	const struct game *game;
	char *states;       /* owned; [count] */
	const void **state; /* owned; [count] */
	int count;
	float *policy, *wdl; /* owned; (count, moves) and (count, 3): means of
			      * what was said, chances of the legal moves */
	float *logits, *says;
	game_move *legal; /* owned */
};

static void asked_init(struct asked *a, const struct game *g,
		       const struct self_play_game *game)
{
	size_t most = (size_t)game->count + 1, moves = (size_t)g->move_count;
	void *state = game_state_new(g, 0);

	*a = (struct asked){
		.game = g,
		.states = mem_zalloc(most, g->state_size),
		.state = mem_zalloc(most, sizeof(*a->state)),
		.policy = mem_floats(most * moves),
		.wdl = mem_floats(most * 3),
		.logits = mem_floats(most * moves),
		.says = mem_floats(most * 3),
		.legal = mem_zalloc(moves, sizeof(*a->legal)),
	};
	for (int i = 0; i < game->count; i++) {
		if (i >= game->opening && g->rules->to_act(g, state) >= 0) {
			char *at = a->states + (size_t)a->count * g->state_size;

			memcpy(at, state, g->state_size);
			a->state[a->count++] = at;
		}
		g->rules->apply(g, state, game->moves[i]);
	}
	free(state);
}

static void asked_release(struct asked *a)
{
	free(a->states);
	free(a->state);
	free(a->policy);
	free(a->wdl);
	free(a->logits);
	free(a->says);
	free(a->legal);
}

/* Add `share` of the chances of the legal moves by these logits. */
static void add_policy(const struct asked *a, int row, float share,
		       float temperature)
{
	size_t at = (size_t)row * (size_t)a->game->move_count;
	const float *logits = a->logits + at;
	int n = a->game->rules->legal(a->game, a->state[row], a->legal);
	float top = -INFINITY, sum = 0;

	for (int i = 0; i < n; i++)
		top = fmaxf(top, logits[a->legal[i]]);
	for (int i = 0; i < n; i++)
		sum += expf((logits[a->legal[i]] - top) / temperature);
	for (int i = 0; i < n; i++)
		a->policy[at + a->legal[i]] +=
			share *
			expf((logits[a->legal[i]] - top) / temperature) / sum;
}

static void ask(struct asked *a, const struct net_plan *plan, float share,
		float temperature)
{
	struct net_eval *ne = net_eval_new(plan, a->game, a->count);
	struct evaluator ev = net_eval_evaluator(ne);

	evaluator_run(&ev, a->game, a->count, a->state, a->logits, a->says);
	for (int i = 0; i < a->count; i++) {
		add_policy(a, i, share, temperature);
		for (int k = 0; k < 3; k++)
			a->wdl[3 * i + k] += share * a->says[3 * i + k];
	}
	net_eval_free(ne);
}

/* As targets.h has them, by ply of the game. */
static void write_labels(const struct asked *a,
			 const struct self_play_game *game,
			 struct targets_writer *w)
{
	const struct game *g = a->game;
	float *weights = mem_floats((size_t)g->move_count);
	void *state = game_state_new(g, 0);
	int row = 0;

	targets_begin(w);
	for (int i = 0; i < game->count; i++) {
		if (i < game->opening || g->rules->to_act(g, state) < 0) {
			targets_skip(w);
		} else {
			int n = g->rules->legal(g, state, a->legal);

			for (int k = 0; k < n; k++)
				weights[k] =
					a->policy[(size_t)row *
							  (size_t)g
								  ->move_count +
						  a->legal[k]];
			targets_ply(w, n, weights, a->wdl + 3 * row);
			row++;
		}
		g->rules->apply(g, state, game->moves[i]);
	}
	assert(row == a->count);
	free(state);
	free(weights);
}

enum err_code offline_add_labelled(struct offline *o,
				   const struct self_play_game *g,
				   const struct net_plan *const *teachers,
				   int teacher_count, float temperature,
				   bool held_out, struct err *e)
{
	struct self_play_game labelled = *g;
	struct targets_writer w;
	struct asked a;
	enum err_code rc;

	assert(teacher_count > 0 && temperature > 0);
	asked_init(&a, o->game, g);
	for (int i = 0; i < teacher_count && a.count; i++)
		ask(&a, teachers[i], 1 / (float)teacher_count, temperature);
	write_labels(&a, g, &w);
	labelled.targets = w.out.data;
	labelled.targets_len = w.out.len;
	rc = offline_add(o, &labelled, held_out, e);
	buf_release(&w.out);
	asked_release(&a);
	return rc;
}

/* --- learning ------------------------------------------------------------ */

static struct dataset measured(const struct offline *o)
{
	return replay_dataset(replay_held(o->held_out) ? o->held_out : o->data);
}

void offline_measure(const struct offline *o, const struct net_config *c,
		     const float *params, struct pool *pool,
		     struct learner_held_out *out)
{
	struct dataset d = measured(o);

	learner_measure_net(c, params, &d, pool, out);
}

struct learning {
	const struct offline_work *work;
	struct course *course; /* owned */
};

static bool course_goes_on(void *self)
{
	const struct learning *l = self;

	return !l->work->goes_on ||
	       l->work->goes_on(l->work->ctx, course_at(l->course)->step,
				course_steps(l->course));
}

enum err_code offline_learn(const struct offline *o,
			    const struct offline_work *w,
			    struct offline_net *out, struct err *e)
{
	struct dataset data = replay_dataset(o->data);
	struct dataset held_out = measured(o);
	struct learning l = {.work = w};
	struct course_sink sink = {.goes_on = course_goes_on, .self = &l};
	struct course_config config = {
		.name = "an offline learner",
		.game = o->game,
		.recipe = w->recipe,
		.seed = w->seed,
		.from = w->from,
		.data = &data,
		.held_out = &held_out,
		.data_games = o->games,
	};
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	if (!replay_held(o->data))
		return err_set(e, ERR_USAGE,
			       "there is no game to learn from offline");
	l.course = course_new(&config, &sink);
	rc = course_run(l.course, w->pool, e);
	if (!rc) {
		kept_net_take(&out->net, l.course);
		out->steps = course_at(l.course)->step;
		out->samples = course_at(l.course)->samples;
		course_measure(l.course, w->pool, &out->measured);
	}
	course_free(l.course);
	return rc;
}

/* --- norms --------------------------------------------------------------- */

void offline_norms(const struct offline *o, const struct net_config *c,
		   uint64_t seed, int shards, float *params)
{
	struct net_trainer *t = net_trainer_new(c, NORM_ROWS);
	float *grad = mem_floats(net_param_count(c));
	float *stats = mem_floats(net_stat_count(c));
	struct dataset data = replay_dataset(o->data);
	struct dataset_room room;

	dataset_room_init(&room, c, NORM_ROWS);
	for (int i = 0; i < shards; i++) {
		struct dataset_chance chance = {
			.seed = seed,
			.step = (uint64_t)i,
		};
		struct net_loss loss = {0};

		dataset_room_clear(&room);
		data.draw(data.self, dataset_held(&data), &chance, &room);
		net_train(t, params, &room.batch, NULL, grad, stats, &loss);
		net_stats_update(c, params, stats, 1 / (float)(i + 1));
	}
	dataset_room_release(&room);
	net_trainer_free(t);
	free(grad);
	free(stats);
}
