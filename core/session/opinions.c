/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/opinions.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/worker.h"

/* A copy of what was asked.  The asking thread and the worker share it, and
 * whoever is done with it last frees it. */
struct asked {
	struct game game;
	struct opinion_question q;
	struct opinion_agent *agents; /* owned */
	struct opinion_place *places; /* owned */
	bool *known;                  /* owned */
	void **parts;                 /* owned; what these point at */
	int part_count;
	int holders; /* under the lock */
};

/* An answer on its way. */
struct told {
	int agent, place;
	struct opinion *opinion; /* held */
	struct told *next;
};

struct opinions {
	struct seat_host host;
	struct opinion_book *book; /* borrowed; NULL */
	pthread_t thread;
	atomic_bool cancel; /* of what is in hand */

	/* The asking thread's. */
	struct opinion **cells; /* owned; [agents][places]; NULL: not there */
	struct asked *asked;    /* held */
	int done, total;
	bool running;

	/* Everything below is guarded by `lock`. */
	pthread_mutex_t lock;
	pthread_cond_t ring;
	struct asked *next; /* held; to be begun; NULL: none */
	struct told *told, **told_end;
	bool open; /* what was asked is neither answered nor dropped */
	bool quit;
};

/* --- what was asked ------------------------------------------------------- */

static const void *copy_part(struct asked *a, const void *from, size_t bytes)
{
	void *to = mem_alloc(bytes + 1);

	memcpy(to, from, bytes);
	a->parts[a->part_count++] = to;
	return to;
}

static struct asked *copy_question(const struct opinion_question *q,
				   const struct agent_source *source)
{
	struct asked *a = mem_zalloc(1, sizeof(*a));
	size_t n = (size_t)q->agent_count, m = (size_t)q->place_count;

	a->game = *q->game;
	a->agents = mem_zalloc(n + 1, sizeof(*a->agents));
	a->places = mem_zalloc(m + 1, sizeof(*a->places));
	a->known = mem_zalloc(n * m + 1, sizeof(*a->known));
	a->parts = mem_zalloc(2 * n + 2 * m + 1, sizeof(*a->parts));
	for (size_t i = 0; i < n; i++) {
		const struct opinion_agent *from = &q->agents[i];

		a->agents[i].spec =
			copy_part(a, from->spec, strlen(from->spec) + 1);
		if (from->network)
			a->agents[i].network = copy_part(
				a, from->network, strlen(from->network) + 1);
	}
	for (size_t i = 0; i < m; i++) {
		const struct opinion_place *from = &q->places[i];

		assert(q->game->rules->to_act(q->game, from->state) >= 0);
		a->places[i] = *from;
		a->places[i].state =
			copy_part(a, from->state, a->game.state_size);
		if (from->line)
			a->places[i].line = copy_part(
				a, from->line,
				(size_t)from->ply * sizeof(*from->line));
	}
	a->q = (struct opinion_question){
		.game = &a->game,
		.source = source,
		.agents = a->agents,
		.places = a->places,
		.agent_count = q->agent_count,
		.place_count = q->place_count,
		.known = a->known,
	};
	a->holders = 1;
	return a;
}

static void free_asked(struct asked *a)
{
	for (int i = 0; i < a->part_count; i++)
		free(a->parts[i]);
	free(a->parts);
	free(a->agents);
	free(a->places);
	free(a->known);
	free(a);
}

static void drop_asked(struct opinions *t, struct asked *a)
{
	bool last;

	if (!a)
		return;
	pthread_mutex_lock(&t->lock);
	last = --a->holders == 0;
	pthread_mutex_unlock(&t->lock);
	if (last)
		free_asked(a);
}

/* --- the worker ----------------------------------------------------------- */

struct hand {
	struct opinions *t;
	const struct asked *asked;
};

static void take(void *ctx, int agent, int place, struct opinion *o)
{
	const struct hand *h = ctx;
	struct opinions *t = h->t;
	struct told *told = mem_zalloc(1, sizeof(*told));
	bool current, first;

	*told = (struct told){agent, place, o, NULL};
	pthread_mutex_lock(&t->lock);
	current = t->open && !t->next && !atomic_load(&t->cancel);
	first = current && !t->told;
	if (current) {
		*t->told_end = told;
		t->told_end = &told->next;
	}
	pthread_mutex_unlock(&t->lock);
	if (first)
		t->host.wake(t->host.ctx);
	if (current)
		return;
	opinion_drop(o);
	free(told);
}

/* Wait for a question; NULL when it is time to go. */
static struct asked *take_question(struct opinions *t)
{
	struct asked *a = NULL;

	pthread_mutex_lock(&t->lock);
	while (!t->quit && !t->next)
		pthread_cond_wait(&t->ring, &t->lock);
	if (!t->quit) {
		a = t->next;
		t->next = NULL;
		/* Under the lock, so that a cancel of this very question
		 * cannot come before it. */
		atomic_store(&t->cancel, false);
	}
	pthread_mutex_unlock(&t->lock);
	return a;
}

static void *work(void *arg)
{
	struct opinions *t = arg;
	struct asked *a;

	while ((a = take_question(t))) {
		struct hand h = {t, a};
		bool current, last;

		opinion_ask(&a->q, &t->cancel, take, &h);
		pthread_mutex_lock(&t->lock);
		current = t->open && !t->next;
		if (current)
			t->open = false;
		last = --a->holders == 0;
		pthread_mutex_unlock(&t->lock);
		if (last)
			free_asked(a);
		if (current)
			t->host.wake(t->host.ctx);
	}
	return NULL;
}

/* --- the one who asks ----------------------------------------------------- */

enum err_code opinions_open(struct opinions **out, const struct seat_host *host,
			    struct opinion_book *book, struct err *e)
{
	struct opinions *t = mem_zalloc(1, sizeof(*t));
	int rc;

	*out = NULL;
	t->host = *host;
	t->book = book;
	t->told_end = &t->told;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->ring, NULL);
	rc = worker_start(&t->thread, work, t);
	if (rc) {
		pthread_cond_destroy(&t->ring);
		pthread_mutex_destroy(&t->lock);
		free(t);
		return err_set(e, ERR_IO,
			       "cannot start a thread that asks agents: %s",
			       strerror(rc));
	}
	*out = t;
	return ERR_OK;
}

static void free_told(struct told *told)
{
	while (told) {
		struct told *next = told->next;

		opinion_drop(told->opinion);
		free(told);
		told = next;
	}
}

static struct told *all_told(struct opinions *t)
{
	struct told *all = t->told;

	t->told = NULL;
	t->told_end = &t->told;
	return all;
}

/* The worker is to leave what it has in hand; nothing more comes of it. */
static void stop(struct opinions *t, struct asked *next, bool quit)
{
	struct asked *before;
	struct told *told;

	pthread_mutex_lock(&t->lock);
	atomic_store(&t->cancel, true);
	before = t->next;
	t->next = next;
	t->open = next != NULL;
	t->quit = quit;
	told = all_told(t);
	if (next)
		next->holders++;
	pthread_cond_signal(&t->ring);
	pthread_mutex_unlock(&t->lock);
	drop_asked(t, before);
	free_told(told);
}

static void forget_cells(struct opinions *t)
{
	for (int i = 0; i < t->total; i++)
		opinion_drop(t->cells[i]);
	free(t->cells);
	t->cells = NULL;
	t->done = t->total = 0;
	drop_asked(t, t->asked);
	t->asked = NULL;
}

void opinions_close(struct opinions *t)
{
	if (!t)
		return;
	stop(t, NULL, true);
	pthread_join(t->thread, NULL);
	forget_cells(t);
	pthread_cond_destroy(&t->ring);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void look_up(struct opinions *t)
{
	struct asked *a = t->asked;
	int m = a->q.place_count;

	for (int i = 0; t->book && i < t->total; i++) {
		t->cells[i] =
			opinion_book_find(t->book, &a->game, &a->agents[i / m],
					  &a->places[i % m]);
		a->known[i] = t->cells[i] != NULL;
		t->done += a->known[i];
	}
}

void opinions_ask(struct opinions *t, const struct opinion_question *q)
{
	struct asked *a = copy_question(q, t->host.networks);

	opinions_cancel(t);
	forget_cells(t);
	t->asked = a;
	t->total = q->agent_count * q->place_count;
	t->cells = mem_zalloc((size_t)t->total + 1, sizeof(struct opinion *));
	look_up(t);
	t->running = t->done < t->total;
	if (t->running)
		stop(t, a, false);
}

void opinions_cancel(struct opinions *t)
{
	stop(t, NULL, false);
	t->running = false;
}

bool opinions_collect(struct opinions *t)
{
	struct told *all;
	bool was = t->running, any;

	pthread_mutex_lock(&t->lock);
	all = all_told(t);
	t->running = t->open;
	pthread_mutex_unlock(&t->lock);
	any = all || was != t->running;
	for (struct told *x = all; x; x = x->next) {
		const struct asked *a = t->asked;
		struct opinion **cell =
			&t->cells[x->agent * a->q.place_count + x->place];

		assert(!*cell);
		*cell = opinion_hold(x->opinion);
		t->done++;
		if (t->book)
			opinion_book_add(t->book, &a->game,
					 &a->agents[x->agent],
					 &a->places[x->place], x->opinion);
	}
	free_told(all);
	return any;
}

const struct opinion *opinions_at(const struct opinions *t, int agent,
				  int place)
{
	return t->asked ? t->cells[agent * t->asked->q.place_count + place]
			: NULL;
}

struct opinion *opinions_hold(const struct opinions *t, int agent, int place)
{
	struct opinion *o = t->cells[agent * t->asked->q.place_count + place];

	return o ? opinion_hold(o) : NULL;
}

int opinions_done(const struct opinions *t)
{
	return t->done;
}

int opinions_total(const struct opinions *t)
{
	return t->total;
}

bool opinions_running(const struct opinions *t)
{
	return t->running;
}
