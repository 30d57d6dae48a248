/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/whole_game.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/session/worker.h"

enum {
	/* Positions asked about at once: enough to fill a network's batch, few
	 * enough that the first come soon. */
	TOGETHER = 8,
	SEED = 1, /* fixed: the same question gets the same answer */
};

struct whole_game {
	struct agent *agent;          /* owned; the worker's while it runs */
	const struct game *game;      /* borrowed */
	unsigned char *states;        /* owned; [plies + 1] */
	game_move *moves;             /* owned; [plies] */
	struct agent_question *asked; /* owned; [total] */
	int total, taken;
	char *name; /* owned */
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	bool started;
	atomic_bool cancel;
	/* Where answers go; NULL: to `answers`. */
	void (*give)(void *ctx, int ply, struct thought *th);

	/* Everything below is guarded by `lock`. */
	pthread_mutex_t lock;
	struct thought *answers; /* owned; [total] */
	bool *answered;          /* owned; [total] */
	bool ended;
};

/* Where the chunk in hand begins. */
struct chunk {
	struct whole_game *w;
	int first;
	bool gone; /* the agent cannot go on */
};

/* What is for show of a board is left out: nobody looks at it here. */
static void copy_answer(struct thought *to, const struct thought *from)
{
	size_t bytes = (size_t)from->count * sizeof(*from->moves);

	*to = *from;
	to->trace = NULL;
	to->lines = NULL;
	to->line_count = 0;
	to->line_owners = NULL;
	to->ownership = NULL;
	to->moves = mem_alloc(bytes ? bytes : 1);
	memcpy(to->moves, from->moves, bytes);
}

static void take_answer(void *ctx, int i, const struct thought *t)
{
	struct chunk *c = ctx;
	struct whole_game *w = c->w;
	struct thought copy;

	copy_answer(&copy, t);
	c->gone |= *t->forfeit != '\0';
	if (w->give) {
		w->give(w->ctx, w->asked[c->first + i].ply, &copy);
		return;
	}
	pthread_mutex_lock(&w->lock);
	w->answers[c->first + i] = copy;
	w->answered[c->first + i] = true;
	pthread_mutex_unlock(&w->lock);
	w->wake(w->ctx);
}

static bool ask_all(struct whole_game *w, const atomic_bool *cancel)
{
	struct chunk c = {.w = w};
	struct agent_answers answers = {take_answer, &c};
	bool going = true;

	for (; c.first < w->total && going && !c.gone; c.first += TOGETHER) {
		int n = w->total - c.first;

		going = agent_think_many(w->agent, w->asked + c.first,
					 n < TOGETHER ? n : TOGETHER, SEED,
					 cancel, &answers);
	}
	return going;
}

static void *work(void *arg)
{
	struct whole_game *w = arg;

	ask_all(w, &w->cancel);
	pthread_mutex_lock(&w->lock);
	w->ended = true;
	pthread_mutex_unlock(&w->lock);
	w->wake(w->ctx);
	return NULL;
}

static void list_questions(struct whole_game *w, const struct line *l,
			   int plies)
{
	const struct game *g = w->game;
	size_t size = g->state_size;

	w->states = mem_alloc(((size_t)plies + 1) * size);
	w->moves = mem_zalloc((size_t)plies + 1, sizeof(*w->moves));
	w->asked = mem_zalloc((size_t)plies + 1, sizeof(*w->asked));
	memcpy(w->moves, l->moves, (size_t)plies * sizeof(*w->moves));
	for (int i = 0; i <= plies; i++) {
		void *state = w->states + (size_t)i * size;

		memcpy(state, line_state_at(l, i), size);
		if (g->rules->to_act(g, state) < 0)
			continue;
		w->asked[w->total++] = (struct agent_question){
			.state = state,
			.line = w->moves,
			.ply = i,
		};
	}
	w->answers = mem_zalloc((size_t)plies + 1, sizeof(*w->answers));
	w->answered = mem_zalloc((size_t)plies + 1, sizeof(*w->answered));
}

static void free_questions(struct whole_game *w)
{
	free(w->answered);
	free(w->answers);
	free(w->asked);
	free(w->moves);
	free(w->states);
}

enum err_code whole_game_start(struct whole_game **out, struct agent *agent,
			       const struct line *l, int plies,
			       void (*wake)(void *ctx), void *ctx,
			       struct err *e)
{
	struct whole_game *w = mem_zalloc(1, sizeof(*w));
	enum err_code rc = ERR_OK;

	w->agent = agent;
	w->game = l->game;
	w->name = mem_strdup(agent_name(agent));
	w->wake = wake;
	w->ctx = ctx;
	pthread_mutex_init(&w->lock, NULL);
	list_questions(w, l, plies);
	if (agent_is_human(agent))
		rc = err_set(e, ERR_USAGE,
			     "human cannot be asked about a whole game: choose "
			     "mcts:RUN/STEP,sims=N or policy:RUN/STEP");
	else if (!w->total)
		rc = err_set(e, ERR_USAGE,
			     "nobody has to choose in this game: there is "
			     "nothing to analyse");
	else if (worker_start(&w->thread, work, w))
		rc = err_set(e, ERR_IO,
			     "no thread could be had: too many "
			     "processes run on this machine");
	else
		w->started = true;
	if (rc)
		whole_game_close(w);
	else
		*out = w;
	return rc;
}

void whole_game_close(struct whole_game *w)
{
	if (!w)
		return;
	atomic_store(&w->cancel, true);
	if (w->started)
		pthread_join(w->thread, NULL);
	for (int i = 0; i < w->total; i++)
		if (w->answered[i])
			thought_release(&w->answers[i]);
	agent_close(w->agent);
	pthread_mutex_destroy(&w->lock);
	free_questions(w);
	free(w->name);
	free(w);
}

bool whole_game_ask(struct agent *agent, const struct line *l, int plies,
		    const atomic_bool *cancel,
		    void (*take)(void *ctx, int ply, struct thought *th),
		    void *ctx)
{
	struct whole_game w = {
		.agent = agent,
		.game = l->game,
		.give = take,
		.ctx = ctx,
	};
	bool going;

	list_questions(&w, l, plies);
	going = ask_all(&w, cancel);
	free_questions(&w);
	return going;
}

bool whole_game_take(struct whole_game *w, int *ply, struct thought *out)
{
	bool any = false;

	pthread_mutex_lock(&w->lock);
	for (int i = 0; i < w->total && !any; i++) {
		any = w->answered[i];
		if (!any)
			continue;
		*ply = w->asked[i].ply;
		*out = w->answers[i];
		w->answered[i] = false;
		w->taken++;
	}
	pthread_mutex_unlock(&w->lock);
	return any;
}

bool whole_game_running(struct whole_game *w)
{
	bool ended;

	pthread_mutex_lock(&w->lock);
	ended = w->ended;
	pthread_mutex_unlock(&w->lock);
	return !ended;
}

int whole_game_total(const struct whole_game *w)
{
	return w->total;
}

int whole_game_taken(const struct whole_game *w)
{
	return w->taken;
}

const char *whole_game_name(const struct whole_game *w)
{
	return w->name;
}
