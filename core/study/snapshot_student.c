/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/ledger.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/learn/teach.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/rate/positions.h"
#include "core/study/snapshot_int.h"
#include "core/study/study.h"

/* The students of the study: what they are shown, and how they learn. */

/* One game in so many is held out; the student plays in so many rounds. */
enum { HELD_OUT_EVERY = 10, ROUNDS = 2, GAMES_AT_ONCE = 64 };
/* Plies in which a player's moves are drawn from its policy. */
enum { EXPLORE = 30 };

/* A labelled game. */
struct labelled {
	game_move *moves; /* owned */
	int count, opening;
	float result;
	unsigned char *targets; /* owned; as targets.h */
	size_t len;
};

struct pile {
	struct labelled *games; /* owned; [count] */
	int count;
	int64_t positions, wanted;
	bool (*tick)(void *ctx);
	void *ctx;
};

struct snapshot_stream {
	struct study_run *r;
	const struct game *game;
	const struct snapshot_arm *arm;
	const struct kept_net *teacher;
	uint64_t seed;
	struct pile pile; /* of the teacher's own play */
	double calls;     /* of the teacher's network a label, on average */
};

/* --- labels -------------------------------------------------------------- */

static void pile_release(struct pile *p)
{
	for (int i = 0; i < p->count; i++) {
		free(p->games[i].moves);
		free(p->games[i].targets);
	}
	free(p->games);
	p->games = NULL;
	p->count = 0;
}

static enum err_code pile_add(void *ctx, const struct self_play_game *g,
			      struct err *e)
{
	struct pile *p = ctx;
	size_t line = (size_t)g->count * sizeof(*g->moves);
	struct labelled *l;

	(void)e;
	if (p->positions >= p->wanted)
		return ERR_OK;
	if (!(p->count & (p->count - 1)))
		p->games = mem_realloc(p->games,
				       (p->count ? 2 * (size_t)p->count : 1) *
					       sizeof(*p->games));
	l = &p->games[p->count++];
	*l = (struct labelled){
		.moves = mem_alloc(line),
		.count = g->count,
		.opening = g->opening,
		.result = g->result,
		.targets = mem_alloc(g->targets_len),
		.len = g->targets_len,
	};
	memcpy(l->moves, g->moves, line);
	memcpy(l->targets, g->targets, l->len);
	p->positions += g->count - g->opening;
	return ERR_OK;
}

static bool tick(void *ctx)
{
	struct pile *p = ctx;

	return study_goes_on(p->ctx);
}

/* Who teaches: an agent's spec by the target, and what it costs. */
static void teacher_spec(const struct snapshot_conf *c, const struct game *g,
			 enum teach_target target, char *out, size_t size,
			 double *calls)
{
	*calls = 1;
	if (target == TEACH_VISITS) {
		snprintf(out, size, "mcts:teacher/0,sims=%d", c->visits);
		*calls = c->visits;
	} else if (target == TEACH_VALUES) {
		snprintf(out, size, "lookahead:teacher/0");
		*calls = 1 + g->cols;
	} else {
		snprintf(out, size, "policy:teacher/0");
	}
}

/* How games that are labelled go. */
struct lesson_plan {
	const struct game *game;
	const struct kept_net *teacher, *student; /* labels; plays */
	enum teach_target target;
	enum snapshot_data data;
	int explore;   /* plies in which moves are drawn */
	uint64_t seed; /* games are numbered 1 .. within it */
	int64_t first;
};

static void lesson_recipe(const struct snapshot_conf *c,
			  const struct lesson_plan *l, struct recipe *out)
{
	conf_defaults(recipe_spec, out);
	out->teacher_lanes = 32;
	out->target = (int)l->target;
	out->explore_plies = l->explore;
	out->opening_share = l->data == SNAPSHOT_OWN ? 0 : 1;
	out->opening_plies = c->opening_plies;
}

/* Games until the pile has what it wants. */
static enum err_code teach_some(struct study_run *r,
				const struct lesson_plan *l,
				struct agent **teachers,
				struct agent **students, struct pile *pile,
				struct err *e)
{
	struct pool *pool = study_pool(r);
	struct recipe recipe;
	struct teaching t = {
		.game = l->game,
		.recipe = &recipe,
		.seed = l->seed,
		.teachers = teachers,
		.students = students,
	};
	int at_once = pool_threads(pool) * GAMES_AT_ONCE;
	int64_t next = l->first;
	enum err_code rc = ERR_OK;

	lesson_recipe(study_conf(r), l, &recipe);
	while (!rc && pile->positions < pile->wanted) {
		study_progress(r, (double)pile->positions, (double)pile->wanted,
			       "labels: %lld of %lld positions",
			       (long long)pile->positions,
			       (long long)pile->wanted);
		rc = teach_games(&t, next, at_once, pool, pile_add, tick, pile,
				 e);
		next += at_once;
	}
	return rc;
}

static void close_all(struct agent **agents, int count)
{
	for (int i = 0; agents && i < count; i++)
		agent_close(agents[i]);
	free(agents);
}

static enum err_code open_all(struct agent ***agents, int count,
			      const char *spec, const struct game *g,
			      const struct agent_source *source, struct err *e)
{
	enum err_code rc = ERR_OK;

	*agents = mem_zalloc((size_t)count, sizeof(struct agent *));
	for (int i = 0; i < count && !rc; i++) {
		rc = agent_open(&(*agents)[i], spec, g, source, e);
		if (!rc)
			agent_keep_trace((*agents)[i], false);
	}
	return rc;
}

static enum err_code label(struct study_run *r, const struct lesson_plan *l,
			   int64_t more, struct pile *pile, struct err *e)
{
	struct duel_net nets[2] = {
		{"teacher", l->teacher->plan},
		{"student", l->student->plan},
	};
	struct duel names = {.nets = nets, .net_count = 2};
	struct agent_source source = duel_source(&names);
	struct agent **teachers = NULL, **students = NULL;
	int threads = pool_threads(study_pool(r));
	char spec[64];
	double calls;
	enum err_code rc;

	pile->wanted = pile->positions + more;
	pile->ctx = r;
	teacher_spec(study_conf(r), l->game, l->target, spec, sizeof(spec),
		     &calls);
	rc = open_all(&teachers, threads, spec, l->game, &source, e);
	if (!rc)
		rc = open_all(&students, threads, "policy:student/0", l->game,
			      &source, e);
	if (!rc)
		rc = teach_some(r, l, teachers, students, pile, e);
	close_all(teachers, threads);
	close_all(students, threads);
	return rc;
}

/* --- shuffled labels ----------------------------------------------------- */

/* Where labels stand, by how many moves they are about. */
struct places {
	unsigned char **at; /* owned; behind the count */
	int count;
};

static void add_place(struct places *p, unsigned char *at)
{
	if (!(p->count & (p->count - 1)))
		p->at = mem_realloc(p->at,
				    (p->count ? 2 * (size_t)p->count : 1) *
					    sizeof(*p->at));
	p->at[p->count++] = at;
}

static void swap_bytes(unsigned char *a, unsigned char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char x = a[i];

		a[i] = b[i];
		b[i] = x;
	}
}

/* Every position gets the label of another with as many moves: what is left to
 * learn is how labels look, not where they belong. */
static void shuffle(struct pile *pile, const struct game *g, uint64_t seed)
{
	struct places *by_count =
		mem_zalloc((size_t)g->move_count + 1, sizeof(*by_count));

	for (int i = 0; i < pile->count; i++) {
		struct labelled *l = &pile->games[i];
		struct reader in;
		struct target t;

		if (targets_open(&in, l->targets, l->len, NULL))
			assert(!"labels that were just made");
		for (int ply = 0; ply < l->count; ply++) {
			size_t at = in.pos + 2;

			targets_next(&in, &t);
			if (t.count)
				add_place(&by_count[t.count], l->targets + at);
		}
	}
	for (int n = 1; n <= g->move_count; n++) {
		struct places *p = &by_count[n];
		struct rng rng;

		rng_init(&rng, seed, RNG_STUDY, SNAPSHOT_SHUFFLE, (uint64_t)n);
		for (int i = p->count - 1; i > 0; i--) {
			int j = (int)rng_below(&rng, (uint32_t)i + 1);

			/* Policy and value. */
			if (i != j)
				swap_bytes(p->at[i], p->at[j],
					   (size_t)n * 2 + 4);
		}
		free(p->at);
	}
	free(by_count);
}

/* --- a stream ------------------------------------------------------------ */

struct snapshot_stream *snapshot_stream_new(struct study_run *r,
					    const struct game *g, uint64_t seed,
					    const struct kept_net *teacher,
					    const struct snapshot_arm *arm)
{
	struct snapshot_stream *s = mem_zalloc(1, sizeof(*s));

	*s = (struct snapshot_stream){
		.r = r,
		.game = g,
		.arm = arm,
		.teacher = teacher,
		.seed = seed,
	};
	return s;
}

void snapshot_stream_free(struct snapshot_stream *s)
{
	if (!s)
		return;
	pile_release(&s->pile);
	free(s);
}

/* The teacher's games up to so many positions; the first are always the same.
 */
static enum err_code need(struct snapshot_stream *s, int64_t positions,
			  struct err *e)
{
	struct lesson_plan l = {
		.game = s->game,
		.teacher = s->teacher,
		/* Whatever labels them, the games are the same. */
		.student = s->teacher,
		.target = s->arm->target,
		.data = s->arm->data,
		.explore = EXPLORE,
		.seed = rng_mix(s->seed, SNAPSHOT_LESSONS),
		/* None was left out so far. */
		.first = s->pile.count + 1,
	};
	char spec[64];

	teacher_spec(study_conf(s->r), s->game, s->arm->target, spec,
		     sizeof(spec), &s->calls);
	if (s->pile.positions >= positions)
		return ERR_OK;
	return label(s->r, &l, positions - s->pile.positions, &s->pile, e);
}

/* --- a student ----------------------------------------------------------- */

struct learning {
	struct snapshot_stream *s;
	struct recipe recipe;
	struct replay *data, *held_out; /* owned */
	struct course *course;          /* owned */
	int64_t games;
	struct snapshot_student *out;
};

static bool course_goes_on(void *self)
{
	struct learning *l = self;

	study_progress(l->s->r, (double)course_at(l->course)->step,
		       (double)course_steps(l->course),
		       "a student of %lld positions: step %lld of %lld",
		       (long long)l->out->labelled,
		       (long long)course_at(l->course)->step,
		       (long long)course_steps(l->course));
	return study_goes_on(l->s->r);
}

static void student_recipe(const struct snapshot_stream *s, int count,
			   struct recipe *out)
{
	const struct snapshot_conf *c = study_conf(s->r);
	float epochs = fmaxf(c->epochs, (float)c->samples / (float)count);

	conf_defaults(recipe_spec, out);
	out->filters = (int)fmax(1, round(s->arm->size * c->filters));
	out->blocks = c->blocks;
	out->epochs = epochs;
	out->patience = c->patience * epochs;
	out->dagger_rounds = s->arm->data == SNAPSHOT_DAGGER ? ROUNDS : 0;
	out->dagger_epochs = epochs / 4;
	out->batch = 256;
	out->shard = 128;
	out->rate_games = 1000000;
}

/* Whole games are held out, whoever played them. */
static enum err_code give(struct learning *l, const struct pile *pile,
			  int64_t positions, struct err *e)
{
	enum err_code rc = ERR_OK;
	int64_t given = 0;

	for (int i = 0; i < pile->count && given < positions && !rc; i++) {
		const struct labelled *g = &pile->games[i];

		l->games++;
		rc = replay_add(
			l->games % HELD_OUT_EVERY ? l->data : l->held_out,
			g->moves, g->count, g->result, g->targets, g->len, e);
		given += g->count - g->opening;
		l->out->distinct += positions_add(&l->out->seen, g->moves,
						  g->opening, g->count - 1);
	}
	l->out->labelled += given;
	return rc;
}

static void begin_course(struct learning *l)
{
	struct dataset data = replay_dataset(l->data);
	struct dataset held_out = replay_dataset(l->held_out);
	struct course_sink sink = {.goes_on = course_goes_on, .self = l};
	struct course_config config = {
		.name = "a student",
		.game = l->s->game,
		.recipe = &l->recipe,
		.seed = rng_mix(l->s->seed, SNAPSHOT_LEARNER),
		.data = &data,
		.held_out = &held_out,
		.data_games = l->games,
	};

	l->course = course_new(&config, &sink);
}

/* Whose loss it is that moves the weights: by the gradients of a batch before
 * the first step. */
static void open_ledger(struct learning *l)
{
	struct dataset data = replay_dataset(l->data);
	struct dataset_chance chance = {
		.seed = rng_mix(l->s->seed, SNAPSHOT_LEARNER),
	};
	struct kept_net *net = &l->out->net;
	struct dataset_room room;

	kept_net_take(net, l->course);
	l->out->ledger = ledger_new(&net->config, net->weights);
	dataset_room_init(&room, &net->config, l->recipe.shard);
	data.draw(data.self, dataset_held(&data), &chance, &room);
	ledger_probe(l->out->ledger, net->weights, &room.batch, NULL);
	dataset_room_release(&room);
}

/* The student as it is now plays, and the teacher labels. */
static enum err_code another_round(struct learning *l, int64_t positions,
				   struct err *e)
{
	struct pile pile = {0};
	struct snapshot_stream *s = l->s;
	struct lesson_plan plan = {
		.game = s->game,
		.teacher = s->teacher,
		.student = &l->out->net,
		.target = s->arm->target,
		.data = s->arm->data,
		.explore = EXPLORE,
		.seed = rng_mix(s->seed, SNAPSHOT_LESSONS),
		/* Numbers that no game of the teacher's has. */
		.first = ((int64_t)1 << 40) *
			 (1 + course_rounds_left(l->course)),
	};
	enum err_code rc;

	kept_net_take(&l->out->net, l->course);
	rc = label(s->r, &plan, positions, &pile, e);
	if (!rc)
		rc = give(l, &pile, positions, e);
	if (!rc)
		course_next_round(l->course, l->games);
	pile_release(&pile);
	return rc;
}

static enum err_code learn(struct learning *l, int count, struct err *e)
{
	struct snapshot_stream *s = l->s;
	bool dagger = s->arm->data == SNAPSHOT_DAGGER;
	int64_t own = dagger ? count / 2 : count;
	enum err_code rc = need(s, own, e);

	if (!rc && s->arm->shuffled)
		shuffle(&s->pile, s->game, s->seed);
	if (!rc)
		rc = give(l, &s->pile, own, e);
	if (!rc && (!replay_held(l->data) || !replay_held(l->held_out)))
		rc = err_set(e, ERR_USAGE,
			     "%d positions are of too few games to hold some "
			     "out: ask for more",
			     count);
	if (rc)
		return rc;
	begin_course(l);
	open_ledger(l);
	rc = course_run(l->course, study_pool(s->r), e);
	while (!rc && course_rounds_left(l->course)) {
		rc = another_round(l, (count - own) / ROUNDS, e);
		if (!rc)
			rc = course_run(l->course, study_pool(s->r), e);
	}
	return rc;
}

/* By the plain definitions of the layers: a label takes the teacher's network
 * so many times, a sample three passes of the student's, and what the student
 * plays one. */
static void count_work(struct learning *l, int64_t played)
{
	double student = net_flops(&l->out->net.config);
	double teacher = net_flops(&l->s->teacher->config);

	l->out->tflop =
		1e-12 * (l->s->calls * teacher * (double)l->out->labelled +
			 student * (double)played +
			 3 * student * (double)course_at(l->course)->samples);
}

static void finish(struct learning *l, int count)
{
	struct snapshot_student *out = l->out;
	bool dagger = l->s->arm->data == SNAPSHOT_DAGGER;

	kept_net_take(&out->net, l->course);
	ledger_moved(out->ledger, out->net.weights);
	out->games = l->games;
	out->distinct /= (double)out->labelled;
	count_work(l, dagger ? count / 2 : 0);
}

enum err_code snapshot_imitate(struct snapshot_stream *s, int count,
			       struct snapshot_student *out, struct err *e)
{
	struct learning l = {.s = s, .out = out};
	/* No game is longer: the last of each part goes over what is wanted. */
	int64_t room = count + (ROUNDS + 1) * (int64_t)s->game->max_plies;
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	positions_init(&out->seen, s->game);
	student_recipe(s, count, &l.recipe);
	l.data = replay_new(s->game, room, 1);
	l.held_out = replay_new(s->game, room, 1);
	rc = learn(&l, count, e);
	if (!rc)
		finish(&l, count);
	course_free(l.course);
	replay_free(l.data);
	replay_free(l.held_out);
	return rc;
}

void snapshot_student_release(struct snapshot_student *s)
{
	kept_net_release(&s->net);
	positions_release(&s->seen);
	ledger_free(s->ledger);
}

/* --- how alike they are -------------------------------------------------- */

static enum err_code compare_on(struct study_run *r, struct lesson_plan *l,
				const char *set, const struct kept_net *student,
				double x, struct err *e)
{
	const struct snapshot_conf *c = study_conf(r);
	struct pile pile = {0};
	struct replay *data;
	struct dataset d;
	struct learner_held_out h;
	char *agree = mem_printf("agree.%s", set);
	char *kl = mem_printf("kl.%s", set);
	enum err_code rc = label(r, l, c->set_positions, &pile, e);

	data = replay_new(l->game, pile.positions + 1, 1);
	for (int i = 0; i < pile.count && !rc; i++)
		rc = replay_add(data, pile.games[i].moves, pile.games[i].count,
				pile.games[i].result, pile.games[i].targets,
				pile.games[i].len, e);
	if (!rc) {
		d = replay_dataset(data);
		learner_measure_net(&student->config, student->weights, &d,
				    study_pool(r), &h);
		study_measure(r, agree, x, h.agree, (double)NAN, (double)NAN,
			      h.positions);
		study_measure(r, kl, x, h.kl, (double)NAN, (double)NAN,
			      h.positions);
	}
	pile_release(&pile);
	replay_free(data);
	free(agree);
	free(kl);
	return rc;
}

enum err_code snapshot_compare(struct study_run *r, const struct game *g,
			       uint64_t seed, const struct kept_net *teacher,
			       const struct kept_net *student, double x,
			       struct err *e)
{
	struct lesson_plan l = {
		.game = g,
		.teacher = teacher,
		.student = teacher,
		.target = TEACH_POLICY,
		.data = SNAPSHOT_OWN,
		.explore = EXPLORE,
		.seed = rng_mix(seed, SNAPSHOT_SETS),
		.first = 1,
	};
	enum err_code rc = compare_on(r, &l, "own", student, x, e);

	l.data = SNAPSHOT_RANDOM;
	if (!rc)
		rc = compare_on(r, &l, "random", student, x, e);
	/* What it comes to when it plays as it is scored. */
	l.student = student;
	l.explore = 0;
	if (!rc)
		rc = compare_on(r, &l, "student", student, x, e);
	return rc;
}
