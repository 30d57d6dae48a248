/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/thinker.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/session/worker.h"

struct question {
	void *state; /* owned; [state_size] */
	uint64_t seed, game;
	int ply;
	struct agent_limits limits; /* its `only` is this: */
	game_move *only;            /* owned; room for move_count */
	game_move *line;            /* owned; [ply], with room for max_plies */
	bool has_line;
};

/* A finished game that the agent has still to hear of. */
struct told {
	struct agent_game game;
	void *start;      /* owned */
	game_move *moves; /* owned */
	struct told *next;
};

struct thinker {
	struct agent *agent;     /* owned; the worker's while it runs */
	const struct game *game; /* borrowed */
	void (*wake)(void *ctx);
	void *ctx;
	char *name; /* owned */
	pthread_t thread;
	bool learns;
	atomic_bool cancel; /* of the question in hand */

	/* Everything below is guarded by `lock`. */
	pthread_mutex_t lock;
	pthread_cond_t asked;
	struct question next; /* newest question */
	uint64_t wanted;      /* its number; 0: none was asked yet */
	uint64_t working;     /* the number that the worker has in hand */
	struct told *told, **told_end; /* owned; the oldest first */
	struct thought snapshot;       /* owned; of `wanted` */
	struct thought answer;         /* owned; of `wanted` */
	bool snapshot_new, answered;
	bool open;    /* `wanted` is neither answered nor dropped */
	bool hurried; /* `wanted` is to be answered at once */
	bool quit;
};

static void make_question(struct question *q, const struct game *g)
{
	memset(q, 0, sizeof(*q));
	q->state = mem_zalloc(1, g->state_size);
	q->only = mem_zalloc((size_t)g->move_count, sizeof(*q->only));
	q->line = mem_zalloc((size_t)g->max_plies, sizeof(*q->line));
}

static void copy_question(struct question *to, const struct question *from,
			  const struct game *g)
{
	memcpy(to->state, from->state, g->state_size);
	if (from->has_line)
		memcpy(to->line, from->line,
		       (size_t)from->ply * sizeof(*to->line));
	memcpy(to->only, from->only,
	       (size_t)from->limits.only_count * sizeof(*to->only));
	to->limits = from->limits;
	to->limits.only = to->only;
	to->has_line = from->has_line;
	to->seed = from->seed;
	to->game = from->game;
	to->ply = from->ply;
}

static void release_question(struct question *q)
{
	free(q->state);
	free(q->line);
	free(q->only);
}

static void *copy_of(const void *from, size_t bytes)
{
	void *to = mem_alloc(bytes ? bytes : 1);

	memcpy(to, from, bytes);
	return to;
}

static void copy_thought(struct thought *to, const struct thought *from,
			 const struct game *g)
{
	size_t cells = (size_t)g->rows * (size_t)g->cols;

	*to = *from;
	to->trace = NULL;
	to->moves = copy_of(from->moves,
			    (size_t)from->count * sizeof(*from->moves));
	if (from->lines)
		to->lines = copy_of(from->lines, (size_t)from->line_count *
							 sizeof(*from->lines));
	if (from->line_owners)
		to->line_owners = copy_of(from->line_owners,
					  (size_t)from->line_count * cells *
						  sizeof(*from->line_owners));
	if (from->ownership)
		to->ownership = copy_of(from->ownership,
					cells * sizeof(*from->ownership));
}

/* Called by the agent, on the worker, about ten times a second. */
static void report(void *ctx, const struct thought *so_far)
{
	struct thinker *t = ctx;
	struct thought copy, old = {0};
	bool current;

	copy_thought(&copy, so_far, t->game);
	pthread_mutex_lock(&t->lock);
	current = t->open && t->working == t->wanted;
	if (current) {
		old = t->snapshot;
		t->snapshot = copy;
		t->snapshot_new = true;
	}
	pthread_mutex_unlock(&t->lock);
	/* Nobody waits for this answer, but somebody may wait for its end:
	 * copying a large tree into it would take a while. */
	if (!current)
		agent_keep_trace(t->agent, false);
	if (current)
		t->wake(t->ctx);
	else
		thought_release(&copy);
	thought_release(&old);
}

/* Wait for a question and copy it; false when the thinker goes. */
static bool take_question(struct thinker *t, struct question *q)
{
	bool going;

	pthread_mutex_lock(&t->lock);
	while (!t->quit && (!t->open || t->working == t->wanted))
		pthread_cond_wait(&t->asked, &t->lock);
	going = !t->quit;
	if (going) {
		t->working = t->wanted;
		copy_question(q, &t->next, t->game);
		/* Under the lock, so that a cancel of this very question
		 * cannot come before it. */
		atomic_store(&t->cancel, t->hurried);
	}
	pthread_mutex_unlock(&t->lock);
	return going;
}

static void free_told(struct told *told)
{
	while (told) {
		struct told *next = told->next;

		free(told->start);
		free(told->moves);
		free(told);
		told = next;
	}
}

static void hear(struct thinker *t)
{
	struct told *all;

	pthread_mutex_lock(&t->lock);
	all = t->told;
	t->told = NULL;
	t->told_end = &t->told;
	pthread_mutex_unlock(&t->lock);
	for (const struct told *g = all; g; g = g->next)
		agent_learn(t->agent, &g->game);
	free_told(all);
}

static void give_answer(struct thinker *t, struct thought *answer)
{
	bool current;

	pthread_mutex_lock(&t->lock);
	current = t->open && t->working == t->wanted;
	if (current) {
		t->answer = *answer;
		t->answered = true;
		t->open = false;
	}
	pthread_mutex_unlock(&t->lock);
	if (current)
		t->wake(t->ctx);
	else
		thought_release(answer);
}

static void *work(void *arg)
{
	struct thinker *t = arg;
	struct question q;

	make_question(&q, t->game);
	while (take_question(t, &q)) {
		struct thought answer = {0};

		hear(t);
		agent_keep_trace(t->agent, true);
		agent_limit(t->agent, &q.limits);
		agent_line(t->agent, q.has_line ? q.line : NULL,
			   q.has_line ? q.ply : 0);
		agent_think(t->agent, q.state, q.seed, q.game, q.ply,
			    &t->cancel, &answer);
		give_answer(t, &answer);
	}
	release_question(&q);
	return NULL;
}

static void release(struct thinker *t)
{
	pthread_cond_destroy(&t->asked);
	pthread_mutex_destroy(&t->lock);
	agent_close(t->agent);
	free_told(t->told);
	release_question(&t->next);
	free(t->name);
	free(t);
}

enum err_code thinker_open(struct thinker **out, struct agent *agent,
			   const struct game *g, void (*wake)(void *ctx),
			   void *ctx, struct err *e)
{
	struct thinker *t = mem_zalloc(1, sizeof(*t));
	int rc;

	assert(!agent_is_human(agent));
	*out = NULL;
	t->agent = agent;
	t->game = g;
	t->wake = wake;
	t->ctx = ctx;
	t->name = mem_strdup(agent_name(agent));
	t->told_end = &t->told;
	t->learns = agent_learns(agent);
	make_question(&t->next, g);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->asked, NULL);
	agent_watch(agent, report, t);
	rc = worker_start(&t->thread, work, t);
	if (rc) {
		err_set(e, ERR_IO, "cannot start a thread for %s: %s", t->name,
			strerror(rc));
		release(t);
		return ERR_IO;
	}
	*out = t;
	return ERR_OK;
}

/* The caller holds the lock. */
static void forget(struct thinker *t)
{
	atomic_store(&t->cancel, true);
	t->open = false;
	thought_release(&t->snapshot);
	t->snapshot = (struct thought){0};
	t->snapshot_new = false;
	if (t->answered)
		thought_release(&t->answer);
	t->answer = (struct thought){0};
	t->answered = false;
}

void thinker_close(struct thinker *t)
{
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	forget(t);
	t->quit = true;
	pthread_cond_signal(&t->asked);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	release(t);
}

void thinker_ask(struct thinker *t, const void *state, uint64_t seed,
		 uint64_t game, int ply, const game_move *line)
{
	const size_t bytes = (size_t)ply * sizeof(*line);

	assert(t->game->rules->to_act(t->game, state) >= 0);
	assert(ply >= 0 && ply <= t->game->max_plies);
	pthread_mutex_lock(&t->lock);
	forget(t);
	memcpy(t->next.state, state, t->game->state_size);
	t->next.seed = seed;
	t->next.game = game;
	t->next.ply = ply;
	t->next.has_line = line;
	if (line)
		memcpy(t->next.line, line, bytes);
	t->wanted++;
	t->hurried = false;
	t->open = true;
	pthread_cond_signal(&t->asked);
	pthread_mutex_unlock(&t->lock);
}

void thinker_tell(struct thinker *t, const struct agent_game *game)
{
	struct told *told;

	if (!t->learns)
		return;
	told = mem_zalloc(1, sizeof(*told));
	told->start = copy_of(game->start, t->game->state_size);
	told->moves = copy_of(game->moves,
			      (size_t)game->count * sizeof(*game->moves));
	told->game = *game;
	told->game.start = told->start;
	told->game.moves = told->moves;
	pthread_mutex_lock(&t->lock);
	*t->told_end = told;
	t->told_end = &told->next;
	pthread_mutex_unlock(&t->lock);
}

void thinker_limit(struct thinker *t, const struct agent_limits *limits)
{
	pthread_mutex_lock(&t->lock);
	t->next.limits = *limits;
	if (limits->only_count)
		memcpy(t->next.only, limits->only,
		       (size_t)limits->only_count * sizeof(*t->next.only));
	t->next.limits.only = t->next.only;
	pthread_mutex_unlock(&t->lock);
}

void thinker_cancel(struct thinker *t)
{
	pthread_mutex_lock(&t->lock);
	forget(t);
	pthread_mutex_unlock(&t->lock);
}

void thinker_hurry(struct thinker *t)
{
	pthread_mutex_lock(&t->lock);
	t->hurried = true;
	if (t->open && t->working == t->wanted)
		atomic_store(&t->cancel, true);
	pthread_mutex_unlock(&t->lock);
}

enum thinker_state thinker_state(struct thinker *t)
{
	enum thinker_state st;

	pthread_mutex_lock(&t->lock);
	st = t->answered ? THINKER_READY
	     : t->open   ? THINKER_THINKING
			 : THINKER_IDLE;
	pthread_mutex_unlock(&t->lock);
	return st;
}

bool thinker_peek(struct thinker *t, struct thought *out)
{
	bool fresh;

	pthread_mutex_lock(&t->lock);
	fresh = t->snapshot_new;
	if (fresh) {
		*out = t->snapshot;
		t->snapshot = (struct thought){0};
		t->snapshot_new = false;
	}
	pthread_mutex_unlock(&t->lock);
	return fresh;
}

bool thinker_take(struct thinker *t, struct thought *out)
{
	bool ready;

	pthread_mutex_lock(&t->lock);
	ready = t->answered;
	if (ready) {
		*out = t->answer;
		t->answer = (struct thought){0};
		t->answered = false;
	}
	pthread_mutex_unlock(&t->lock);
	return ready;
}

const char *thinker_name(const struct thinker *t)
{
	return t->name;
}
