/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/drift.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/batch.h"
#include "core/net/body.h"
#include "core/net/head.h"
#include "core/net/stream.h"

/* A few weights go much further than the others. */
static const float MOST = 8;

/* Side by side in one part, without running statistics. */
struct chunk {
	int path, part;
	size_t from;
	int count;        /* DRIFT_CHUNK at most */
	float size, step; /* of the part's weights and steps, RMS */
};

struct drift {
	const struct drift_path *paths; /* borrowed */
	struct chunk *chunks;           /* owned */
	int count, room;
	int most_rows;
};

enum err_code drift_net(const char *network, struct net_config *out,
			struct err *e)
{
	char *text = mem_printf("%s%cnumbers=yes", network,
				strchr(network, ':') ? ',' : ':');
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	out->planes = 2 * DRIFT_CHUNK;
	out->rows = out->cols = 1;
	out->moves = DRIFT_CHUNK;
	out->id_count = 1;
	out->id_size[0] = DRIFT_PARTS;
	rc = net_config_parse(out, text, e);
	if (!rc && !out->body->reads_ids)
		rc = err_set(e, ERR_USAGE,
			     "%s reads one token alone, not stages in order",
			     out->body->name);
	free(text);
	return rc;
}

/* --- chunks -------------------------------------------------------------- */

static double squares(const float *a, const float *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double off = (double)a[i] - (b ? (double)b[i] : 0);

		sum += off * off;
	}
	return sum;
}

/* The units of a part. */
static void measure(const struct drift_path *p, size_t from, size_t count,
		    float *size, float *step)
{
	double all = 0, moved = 0;

	for (int s = 0; s < p->stages; s++)
		all += squares(p->w[s] + from, NULL, count);
	for (int s = 1; s < p->stages; s++)
		moved += squares(p->w[s] + from, p->w[s - 1] + from, count);
	*size = (float)sqrt(all / ((double)count * p->stages)) + 1e-12f;
	*step = (float)sqrt(moved / ((double)count * (p->stages - 1))) + 1e-12f;
}

static void add_run(struct drift *d, int path, int part, size_t from,
		    size_t count)
{
	struct chunk c = {.path = path, .part = part};

	measure(&d->paths[path], from, count, &c.size, &c.step);
	for (size_t i = 0; i < count; i += DRIFT_CHUNK) {
		c.from = from + i;
		c.count = count - i < DRIFT_CHUNK ? (int)(count - i)
						  : DRIFT_CHUNK;
		if (d->count == d->room) {
			d->room = d->room ? 2 * d->room : 256;
			d->chunks = mem_realloc(d->chunks,
						(size_t)d->room *
							sizeof(*d->chunks));
		}
		d->chunks[d->count++] = c;
	}
}

/* Each part in runs between running statistics. */
static void add_path(struct drift *d, int path)
{
	const struct net_config *c = d->paths[path].net;
	size_t n = net_param_count(c);
	float *decay = mem_floats(n), *learn = mem_floats(n);
	struct net_block parts[NET_MAX_BLOCKS];
	int count = net_blocks(c, parts);

	net_masks(c, decay, learn);
	for (int b = 0; b < count; b++) {
		size_t end = parts[b].from + parts[b].count, from, to;

		for (from = parts[b].from; from < end; from = to) {
			for (to = from + 1; to < end; to++)
				if (learn[to] != learn[from])
					break;
			if (learn[from] > 0)
				add_run(d, path,
					b < DRIFT_PARTS ? b : DRIFT_PARTS - 1,
					from, to - from);
		}
	}
	free(decay);
	free(learn);
}

struct drift *drift_new(const struct drift_path *paths, int count)
{
	struct drift *d = mem_zalloc(1, sizeof(*d));

	assert(count > 0);
	d->paths = paths;
	for (int i = 0; i < count; i++) {
		assert(paths[i].stages >= 3);
		if (paths[i].stages - 2 > d->most_rows)
			d->most_rows = paths[i].stages - 2;
		add_path(d, i);
	}
	return d;
}

void drift_free(struct drift *d)
{
	if (!d)
		return;
	free(d->chunks);
	free(d);
}

/* --- tokens -------------------------------------------------------------- */

static float cut(float x)
{
	return fminf(fmaxf(x, -MOST), MOST);
}

/* The chunk at w, which was at `before` one stage ago. */
static void write_token(const struct chunk *c, const float *w,
			const float *before, float *x)
{
	memset(x, 0, 2 * DRIFT_CHUNK * sizeof(*x));
	for (int i = 0; i < c->count; i++) {
		x[i] = cut(w[i] / c->size);
		x[DRIFT_CHUNK + i] = cut((w[i] - before[i]) / c->step);
	}
	x[2 * DRIFT_CHUNK] = (float)c->part;
}

/* --- as a data set ------------------------------------------------------- */

static int64_t held(const void *self)
{
	const struct drift *d = self;

	return d->count;
}

static int rows(const void *self, int64_t item)
{
	const struct drift *d = self;

	return d->paths[d->chunks[item].path].stages - 2;
}

/* Number k of a token is weight order[k] of the chunk, times its sign. */
struct turn {
	int order[DRIFT_CHUNK];
	float sign[DRIFT_CHUNK];
};

static void permute(const struct turn *t, float *x)
{
	float was[DRIFT_CHUNK];

	memcpy(was, x, sizeof(was));
	for (int k = 0; k < DRIFT_CHUNK; k++)
		x[k] = t->sign[k] * was[t->order[k]];
}

static void read_chunk(const struct drift *d, int64_t item,
		       const struct turn *turn, struct dataset_room *out)
{
	const struct chunk *c = &d->chunks[item];
	const float *const *w = d->paths[c->path].w;
	int n = rows(d, item), first = dataset_room_add(out, n, -1);

	for (int s = 1; s <= n; s++) {
		struct net_row row = net_rows_at(&out->rows, first + s - 1);
		float *target = row.target[NET_NUMBERS];
		const float *now = w[s] + c->from, *next = w[s + 1] + c->from;

		write_token(c, now, w[s - 1] + c->from, row.x);
		memset(target, 0, DRIFT_CHUNK * sizeof(*target));
		for (int i = 0; i < c->count; i++)
			target[i] = cut((next[i] - now[i]) / c->step);
		for (int h = 0; h < NET_HEADS; h++)
			if (row.weight[h])
				*row.weight[h] = h == NET_NUMBERS;
		if (!turn)
			continue;
		permute(turn, row.x);
		permute(turn, row.x + DRIFT_CHUNK);
		permute(turn, target);
	}
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	read_chunk(self, item, NULL, out);
}

/* Which weight of a layer is which, and which way its channels point, is
 * chance: any order and any signs are as good. */
static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct drift *d = self;

	(void)window;
	for (uint64_t n = chance->first; dataset_room_left(out) >= d->most_rows;
	     n++) {
		struct turn t;
		struct rng r;

		rng_init(&r, chance->seed, RNG_BATCH, chance->step, n);
		for (int i = 0; i < DRIFT_CHUNK; i++) {
			int j = (int)rng_below(&r, (uint32_t)i + 1);

			t.order[i] = t.order[j];
			t.order[j] = i;
			t.sign[i] = rng_below(&r, 2) ? 1 : -1;
		}
		read_chunk(d, (int64_t)rng_below(&r, (uint32_t)d->count), &t,
			   out);
	}
}

struct dataset drift_dataset(const struct drift *d)
{
	return (struct dataset){
		.held = held,
		.rows = rows,
		.draw = draw,
		.get = get,
		.self = d,
	};
}

/* --- rolling on ---------------------------------------------------------- */

enum { LANES = 64 };

/* Chunks first .. first + n - 1, each in a lane: `w` and `before` are whole
 * networks, which move on where `moves`. */
static void step(struct net_stream *s, const struct drift *d, int first, int n,
		 float *w, float *before, bool moves)
{
	float x[LANES * (2 * DRIFT_CHUNK + 1)], said[LANES * DRIFT_CHUNK];
	float *out[NET_HEADS] = {[NET_NUMBERS] = said};

	for (int i = 0; i < n; i++) {
		const struct chunk *c = &d->chunks[first + i];

		write_token(c, w + c->from, before + c->from,
			    x + i * (2 * DRIFT_CHUNK + 1));
	}
	net_stream_push(s, n, NULL, x, out);
	for (int i = 0; i < n && moves; i++) {
		const struct chunk *c = &d->chunks[first + i];

		for (int k = 0; k < c->count; k++) {
			float *at = w + c->from + k;

			before[c->from + (size_t)k] = *at;
			*at += cut(said[i * DRIFT_CHUNK + k]) * c->step;
		}
	}
}

void drift_roll(const struct net_plan *p, const struct drift_path *path,
		int ahead, float *out)
{
	struct drift *d = drift_new(path, 1);
	struct net_stream *s = net_stream_new(p, LANES);
	size_t n = net_param_count(path->net);
	float *w = mem_floats(n), *before = mem_floats(n);
	int last = path->stages - 1;

	memcpy(out, path->w[last], n * sizeof(*out));
	for (int first = 0; first < d->count; first += LANES) {
		int many = d->count - first < LANES ? d->count - first : LANES;

		for (int i = 0; i < many; i++)
			net_stream_reset(s, i);
		for (int t = 1; t <= last; t++) {
			memcpy(w, path->w[t], n * sizeof(*w));
			memcpy(before, path->w[t - 1], n * sizeof(*w));
			step(s, d, first, many, w, before,
			     t == last && ahead > 0);
		}
		for (int t = 1; t < ahead; t++)
			step(s, d, first, many, w, before, true);
		for (int i = 0; i < many; i++) {
			const struct chunk *c = &d->chunks[first + i];

			memcpy(out + c->from, w + c->from,
			       (size_t)c->count * sizeof(*out));
		}
	}
	free(w);
	free(before);
	net_stream_free(s);
	drift_free(d);
}
