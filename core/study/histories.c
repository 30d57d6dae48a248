/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/histories.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/batch.h"
#include "core/net/head.h"

/* A step takes a byte for each number of its look, again of what it shows where
 * that is not the same, its action and its reward. */
struct histories {
	const struct env *env; /* borrowed */
	int step_bytes;
	uint8_t *steps;     /* owned */
	int64_t *episodes;  /* owned; [episode_count + 1], first step of each */
	int64_t *histories; /* owned; [count + 1], first episode of each */
	int64_t step_count, step_cap, episode_count, episode_cap, count, cap;
};

struct histories *histories_new(const struct env *e)
{
	struct histories *h = mem_zalloc(1, sizeof(*h));

	h->env = e;
	h->step_bytes = e->fields * (e->ends ? 2 : 1) + 2;
	return h;
}

void histories_free(struct histories *h)
{
	if (!h)
		return;
	free(h->steps);
	free(h->episodes);
	free(h->histories);
	free(h);
}

static void *grow(void *p, int64_t need, int64_t *cap, size_t size)
{
	if (need <= *cap)
		return p;
	while (*cap < need)
		*cap = *cap ? 2 * *cap : 1024;
	return mem_realloc(p, (size_t)*cap * size);
}

void histories_begin(struct histories *h)
{
	h->histories = grow(h->histories, h->count + 2, &h->cap,
			    sizeof(*h->histories));
	h->histories[h->count++] = h->episode_count;
	h->histories[h->count] = h->episode_count;
}

void histories_add(struct histories *h, const struct env_step *steps, int count)
{
	size_t fields = (size_t)h->env->fields;

	assert(h->count && count > 0 && count <= h->env->steps);
	h->episodes = grow(h->episodes, h->episode_count + 2, &h->episode_cap,
			   sizeof(*h->episodes));
	h->steps = grow(h->steps, h->step_count + count, &h->step_cap,
			(size_t)h->step_bytes);
	h->episodes[h->episode_count++] = h->step_count;
	for (int i = 0; i < count; i++) {
		uint8_t *at = h->steps + h->step_count++ * h->step_bytes;

		memcpy(at, steps[i].look, fields);
		at += fields;
		if (h->env->ends) {
			memcpy(at, steps[i].shown, fields);
			at += fields;
		}
		at[0] = steps[i].action;
		at[1] = steps[i].reward;
	}
	h->episodes[h->episode_count] = h->step_count;
	h->histories[h->count] = h->episode_count;
}

int64_t histories_count(const struct histories *h)
{
	return h->count;
}

int64_t histories_bytes(const struct histories *h)
{
	return h->step_cap * h->step_bytes +
	       (h->episode_cap + h->cap) * (int64_t)sizeof(int64_t);
}

int histories_episodes(const struct histories *h, int64_t history)
{
	assert(history >= 0 && history < h->count);
	return (int)(h->histories[history + 1] - h->histories[history]);
}

static int episode_steps(const struct histories *h, int64_t history,
			 int episode)
{
	const int64_t *at = &h->episodes[h->histories[history] + episode];

	return (int)(at[1] - at[0]);
}

int histories_episode(const struct histories *h, int64_t history, int episode,
		      struct env_step *out)
{
	size_t fields = (size_t)h->env->fields;
	int count = episode_steps(h, history, episode);
	const uint8_t *at =
		h->steps +
		h->episodes[h->histories[history] + episode] * h->step_bytes;

	for (int i = 0; i < count; i++) {
		struct env_step *s = &out[i];

		*s = (struct env_step){.number = (uint8_t)i};
		memcpy(s->look, at, fields);
		at += h->env->ends ? fields : 0;
		memcpy(s->shown, at, fields);
		at += fields;
		s->action = *at++;
		s->reward = *at++;
	}
	return count;
}

/* --- windows ----------------------------------------------------------------
 */

static int64_t held(const void *self)
{
	const struct histories_data *d = self;

	return d->histories->count;
}

/* Where a window begins and how its episodes follow. */
struct view {
	int64_t history;
	int first, stride, end;
	const int *order; /* [episodes] of the window; NULL: as they were */
	int episodes;
};

static int nth(const struct view *v, int i)
{
	int at = v->first + i * v->stride;

	if (v->order)
		return i < v->episodes ? v->first + v->order[i] * v->stride
				       : -1;
	return at < v->end ? at : -1;
}

/* Whole episodes that fit, one after the other. */
static int view_episodes(const struct histories_data *d, const struct view *v)
{
	int rows = 0, n = 0, episode;

	while ((episode = nth(v, n)) >= 0) {
		rows += episode_steps(d->histories, v->history, episode);
		if (rows > d->window.rows)
			break;
		n++;
	}
	return n;
}

/* Their rows. */
static int view_rows(const struct histories_data *d, const struct view *v)
{
	int rows = 0, episode;

	for (int i = 0; (episode = nth(v, i)) >= 0; i++) {
		int more = episode_steps(d->histories, v->history, episode);

		if (rows + more > d->window.rows)
			break;
		rows += more;
	}
	return rows;
}

static void write_row(const struct env *e, const struct env_step *before,
		      const struct env_step *s, const struct net_row *row)
{
	uint32_t legal = env_legal(e, s->look);
	float *target = row->target[NET_POLICY];

	env_row(e, before, s->look, s->number, row->ids);
	for (int a = 0; a < e->actions; a++)
		target[a] = legal >> a & 1 ? 0 : NET_LEFT_OUT;
	target[s->action] = 1;
	for (int h = 0; h < NET_HEADS; h++)
		if (row->weight[h])
			*row->weight[h] = h == NET_POLICY;
}

static void write_view(const struct histories_data *d, const struct view *v,
		       struct dataset_room *out)
{
	const struct env *e = d->histories->env;
	int rows = view_rows(d, v);
	int at = dataset_room_add(out, rows, v->first);
	struct env_step *steps =
		mem_alloc(((size_t)e->steps + 1) * sizeof(*steps));
	const struct env_step *before = NULL;

	/* steps[0] is the last one of the episode before. */
	for (int i = 0; rows > 0; i++) {
		int n = histories_episode(d->histories, v->history, nth(v, i),
					  steps + 1);

		for (int s = 1; s <= n; s++) {
			struct net_row row = net_rows_at(&out->rows, at++);

			write_row(e, before, &steps[s], &row);
			before = &steps[s];
		}
		rows -= n;
		steps[0] = steps[n];
		before = &steps[0];
	}
	free(steps);
}

static int first_of(const struct histories_data *d, int64_t history)
{
	int all = histories_episodes(d->histories, history);
	int last = d->window.last;

	return last && last < all ? all - last : 0;
}

static int rows(const void *self, int64_t item)
{
	const struct histories_data *d = self;
	struct view v = {item, first_of(d, item),
			 1,    histories_episodes(d->histories, item),
			 NULL, 0};

	return view_rows(d, &v);
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	const struct histories_data *d = self;
	struct view v = {item, first_of(d, item),
			 1,    histories_episodes(d->histories, item),
			 NULL, 0};

	write_view(d, &v, out);
}

static int draw_stride(const struct histories_window *w, struct rng *r)
{
	uint32_t n = 0;

	while (n < 4 && w->strides[n])
		n++;
	return n ? w->strides[rng_below(r, n)] : 1;
}

/* The last episodes that a window could begin with make short ones; so it
 * begins where a full one would still fit, at an average episode. */
static int draw_first(const struct histories_data *d, const struct view *v,
		      struct rng *r)
{
	const int64_t *at =
		&d->histories->episodes[d->histories->histories[v->history]];
	int64_t steps = at[v->end] - at[v->first];
	int64_t episodes = v->end - v->first;
	int64_t fit = d->window.rows * episodes / (steps ? steps : 1);
	int64_t most = episodes - (fit - 1) * v->stride;

	return v->first + (most > 1 ? (int)rng_below(r, (uint32_t)most) : 0);
}

static void shuffle(int *order, int n, struct rng *r)
{
	for (int i = 0; i < n; i++) {
		int j = (int)rng_below(r, (uint32_t)i + 1);

		order[i] = order[j];
		order[j] = i;
	}
}

static void draw_one(const struct histories_data *d, int64_t item,
		     struct rng *r, struct dataset_room *out)
{
	int end = histories_episodes(d->histories, item);
	struct view v = {
		item, first_of(d, item), draw_stride(&d->window, r), end, NULL,
		0};
	int *order = NULL;

	if (d->window.from_middle)
		v.first = draw_first(d, &v, r);
	if (d->window.mixed)
		v.stride = 1;
	if (d->window.shuffled || d->window.mixed) {
		v.episodes =
			d->window.mixed ? end - v.first : view_episodes(d, &v);
		order = mem_alloc((size_t)v.episodes * sizeof(*order));
		shuffle(order, v.episodes, r);
		v.order = order;
	}
	write_view(d, &v, out);
	free(order);
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct histories_data *d = self;
	int64_t count = d->histories->count;

	window = window < count ? window : count;
	assert(window > 0 && window <= UINT32_MAX);
	for (uint64_t i = 0; !i || dataset_room_left(out) >= d->window.rows;
	     i++) {
		struct rng r;

		rng_init(&r, chance->seed, RNG_BATCH, chance->step,
			 chance->first + i);
		draw_one(d, count - window + rng_below(&r, (uint32_t)window),
			 &r, out);
	}
}

struct dataset histories_dataset(const struct histories_data *d)
{
	return (struct dataset){
		.held = held,
		.rows = rows,
		.draw = draw,
		.get = get,
		.self = d,
	};
}
