/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/inverse.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* Few enough to be dense whatever they are. */
enum { SMALL = 32 };

/* Who a player is tied to by an entry of the factor, ascending. */
struct ties {
	int *to; /* owned */
	int count;
};

/* A column of the factor, below the diagonal; rows are positions in the order
 * of elimination, ascending. */
struct column {
	int *row;           /* owned */
	struct dual *share; /* of the factor L of L D L' */
	struct dual *at;    /* of M, then of its inverse */
	int count;
};

struct inverse {
	int n, apart; /* players; eliminated one by one, the others are dense */
	int *place;   /* [n]: position of a player */
	int *who;     /* [n]: and who is at a position */
	struct column *columns; /* [apart] */
	struct dual *pivot;     /* [apart]: D */
	struct dual *diagonal;  /* [apart]: of M, then of its inverse */
	size_t m;               /* n - apart */
	struct dual *work;      /* [n]: 0 between calls */
	double *dense[2];       /* (m, m): values and slopes, lower triangle */
	bool flat;              /* no slopes */
	bool (*goes_on)(void *ctx);
	void *ctx;
};

static struct dual times(struct dual a, struct dual b)
{
	return (struct dual){a.value * b.value,
			     a.slope * b.value + a.value * b.slope};
}

static struct dual minus(struct dual a, struct dual b)
{
	return (struct dual){a.value - b.value, a.slope - b.slope};
}

static struct dual plus(struct dual a, struct dual b)
{
	return (struct dual){a.value + b.value, a.slope + b.slope};
}

static struct dual inverse_of(struct dual a)
{
	double inv = 1 / a.value;

	return (struct dual){inv, -a.slope * inv * inv};
}

static bool is_wanted(const struct inverse *f)
{
	return !f->goes_on || f->goes_on(f->ctx);
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* ---- the order ---- */

static struct ties *tie_edges(int n, const struct inverse_edge *edges,
			      int count)
{
	struct ties *ties = mem_zalloc((size_t)n, sizeof(*ties));
	int *room = mem_zalloc((size_t)n, sizeof(*room));

	for (int k = 0; k < count; k++) {
		room[edges[k].i]++;
		room[edges[k].j]++;
	}
	for (int i = 0; i < n; i++)
		ties[i].to = mem_alloc(((size_t)room[i] + 1) * sizeof(int));
	for (int k = 0; k < count; k++) {
		int i = edges[k].i, j = edges[k].j;

		ties[i].to[ties[i].count++] = j;
		ties[j].to[ties[j].count++] = i;
	}
	for (int i = 0; i < n; i++) {
		struct ties *t = &ties[i];
		int kept = 0;

		qsort(t->to, (size_t)t->count, sizeof(int), by_number);
		for (int k = 0; k < t->count; k++)
			if (!kept || t->to[kept - 1] != t->to[k])
				t->to[kept++] = t->to[k];
		t->count = kept;
	}
	free(room);
	return ties;
}

/* Without `v`, `i` is tied to all that v was. */
static void inherit(struct ties *ties, int i, int v)
{
	struct ties *own = &ties[i], *more = &ties[v];
	int *to = mem_alloc(((size_t)own->count + (size_t)more->count) *
			    sizeof(*to));
	int n = 0, a = 0, b = 0;

	while (a < own->count || b < more->count) {
		int x = a < own->count ? own->to[a] : INT_MAX;
		int y = b < more->count ? more->to[b] : INT_MAX;
		int least = x < y ? x : y;

		a += x == least;
		b += y == least;
		if (least != i && least != v)
			to[n++] = least;
	}
	free(own->to);
	own->to = to;
	own->count = n;
}

static int fewest_ties(const struct ties *ties, const int *left, int count)
{
	int best = 0;

	for (int k = 1; k < count; k++)
		if (ties[left[k]].count < ties[left[best]].count)
			best = k;
	return best;
}

/* Who is left when the rest is dense comes last, by number. */
static bool find_order(struct inverse *f, struct ties *ties)
{
	int *left = mem_alloc((size_t)f->n * sizeof(*left)), count = f->n;
	bool going = true;

	for (int i = 0; i < f->n; i++)
		left[i] = i;
	while (count > SMALL && going) {
		int at = fewest_ties(ties, left, count), v = left[at];

		if (2 * ties[v].count >= count - 1)
			break;
		for (int k = 0; k < ties[v].count; k++)
			inherit(ties, ties[v].to[k], v);
		f->place[v] = f->apart;
		f->who[f->apart++] = v;
		memmove(left + at, left + at + 1,
			(size_t)(--count - at) * sizeof(*left));
		going = is_wanted(f);
	}
	for (int k = 0; k < count; k++) {
		f->place[left[k]] = f->apart + k;
		f->who[f->apart + k] = left[k];
	}
	f->m = (size_t)count;
	free(left);
	return going;
}

/* The ties at the moment of elimination are the column's rows. */
static void make_columns(struct inverse *f, struct ties *ties)
{
	f->columns = mem_zalloc((size_t)f->apart + 1, sizeof(*f->columns));
	f->diagonal = mem_zalloc((size_t)f->apart + 1, sizeof(*f->diagonal));
	f->pivot = mem_zalloc((size_t)f->apart + 1, sizeof(*f->pivot));
	for (int k = 0; k < 2; k++)
		f->dense[k] = mem_zalloc(f->m * f->m + 1, sizeof(double));
	for (int k = 0; k < f->apart; k++) {
		struct column *c = &f->columns[k];
		struct ties *t = &ties[f->who[k]];

		*c = (struct column){.row = t->to, .count = t->count};
		t->to = NULL;
		for (int r = 0; r < c->count; r++)
			c->row[r] = f->place[c->row[r]];
		qsort(c->row, (size_t)c->count, sizeof(int), by_number);
		c->at = mem_zalloc((size_t)c->count + 1, sizeof(*c->at));
	}
}

/* ---- numbers ---- */

static void add_to_diagonal(struct inverse *f, int k, struct dual d)
{
	if (k < f->apart) {
		f->diagonal[k] = plus(f->diagonal[k], d);
	} else {
		size_t at = (size_t)(k - f->apart) * (f->m + 1);

		f->dense[0][at] += d.value;
		f->dense[1][at] += d.slope;
	}
}

static struct dual diagonal_at(const struct inverse *f, int k)
{
	size_t at;

	if (k < f->apart)
		return f->diagonal[k];
	at = (size_t)(k - f->apart) * (f->m + 1);
	return (struct dual){f->dense[0][at], f->dense[1][at]};
}

/* Row `row` of a column; NULL: it is not there. */
static struct dual *find_row(const struct column *c, int row)
{
	int *at =
		bsearch(&row, c->row, (size_t)c->count, sizeof(row), by_number);

	return at ? &c->at[at - c->row] : NULL;
}

static size_t dense_place(const struct inverse *f, int row, int column)
{
	return (size_t)(row - f->apart) * f->m + (size_t)(column - f->apart);
}

static void add_edge(struct inverse *f, const struct inverse_edge *e)
{
	int p = f->place[e->i], q = f->place[e->j];
	int column = p < q ? p : q, row = p < q ? q : p;
	struct dual d = {e->weight, e->less};

	add_to_diagonal(f, p, d);
	add_to_diagonal(f, q, d);
	if (column < f->apart) {
		struct dual *at = find_row(&f->columns[column], row);

		assert(at); /* edges are the first ties */
		*at = minus(*at, d);
	} else {
		f->dense[0][dense_place(f, row, column)] -= d.value;
		f->dense[1][dense_place(f, row, column)] -= d.slope;
	}
}

/* Column a, of rows[from] of column c, loses f times the rows below it. */
static void eliminate_from(struct inverse *f, const struct column *c, int from,
			   struct dual share)
{
	int a = c->row[from], at = 0;

	for (int k = from + 1; k < c->count; k++) {
		struct dual d = times(c->at[k], share);

		if (a < f->apart) {
			struct column *to = &f->columns[a];

			while (to->row[at] != c->row[k])
				at++;
			to->at[at] = minus(to->at[at], d);
		} else {
			size_t place = dense_place(f, c->row[k], a);

			f->dense[0][place] -= d.value;
			f->dense[1][place] -= d.slope;
		}
	}
}

static bool eliminate(struct inverse *f)
{
	for (int k = 0; k < f->apart; k++) {
		struct column *c = &f->columns[k];
		struct dual inv = inverse_of(f->diagonal[k]);

		if (!is_wanted(f))
			return false;
		f->pivot[k] = f->diagonal[k];
		c->share =
			mem_alloc(((size_t)c->count + 1) * sizeof(*c->share));
		for (int r = 0; r < c->count; r++) {
			struct dual share = times(c->at[r], inv);
			struct dual own = times(share, c->at[r]);

			c->share[r] = share;
			add_to_diagonal(f, c->row[r],
					(struct dual){-own.value, -own.slope});
			eliminate_from(f, c, r, share);
		}
	}
	return true;
}

/* sum[r] -= Z(row r, row s) share s over all rows of column c, from the entries
 * of Z at the column of rows[from]. */
static void gather_from(const struct inverse *f, const struct column *c,
			int from, struct dual *sum)
{
	int a = c->row[from], at = 0;

	sum[from] = minus(sum[from], times(diagonal_at(f, a), c->share[from]));
	for (int k = from + 1; k < c->count; k++) {
		struct dual z;

		if (a < f->apart) {
			const struct column *of = &f->columns[a];

			while (of->row[at] != c->row[k])
				at++;
			z = of->at[at];
		} else {
			size_t place = dense_place(f, c->row[k], a);

			z = (struct dual){f->dense[0][place],
					  f->dense[1][place]};
		}
		sum[from] = minus(sum[from], times(z, c->share[k]));
		sum[k] = minus(sum[k], times(z, c->share[from]));
	}
}

/* Columns and diagonal become those of the inverse, the last first. */
static bool select_inverse(struct inverse *f)
{
	struct dual *sum = mem_zalloc((size_t)f->n + 1, sizeof(*sum));
	bool going = true;

	for (int k = f->apart - 1; k >= 0 && going; k--) {
		struct column *c = &f->columns[k];
		struct dual own = inverse_of(f->pivot[k]);

		memset(sum, 0, (size_t)c->count * sizeof(*sum));
		for (int r = 0; r < c->count; r++)
			gather_from(f, c, r, sum);
		for (int r = 0; r < c->count; r++)
			own = minus(own, times(c->share[r], sum[r]));
		memcpy(c->at, sum, (size_t)c->count * sizeof(*sum));
		f->diagonal[k] = own;
		going = is_wanted(f);
	}
	free(sum);
	return going;
}

static bool invert_dense(struct inverse *f)
{
	if (!inverse_sweep((int)f->m, f->dense[0], f->dense[1], f->flat,
			   f->goes_on, f->ctx))
		return false;
	for (size_t i = 0; i < f->m * f->m; i++) {
		f->dense[0][i] = -f->dense[0][i];
		f->dense[1][i] = -f->dense[1][i];
	}
	return true;
}

static struct dual across(struct dual a, struct dual b, struct dual z)
{
	return (struct dual){a.value + b.value - 2 * z.value,
			     a.slope + b.slope - 2 * z.slope};
}

/* sum += x' Z x over the dense block, whose x is what stands in f->work. */
static void add_dense(const struct inverse *f, struct dual *sum)
{
	struct dual *x = f->work + f->apart;

	for (size_t i = 0; i < f->m; i++) {
		struct dual row = {0, 0};

		if (!(x[i].value < 0 || x[i].value > 0))
			continue;
		for (size_t j = 0; j < i; j++) {
			size_t at = i * f->m + j;

			if (x[j].value < 0 || x[j].value > 0)
				row = plus(row,
					   times(x[j],
						 (struct dual){
							 2 * f->dense[0][at],
							 2 * f->dense[1][at]}));
		}
		row = plus(row, times(x[i], diagonal_at(f, f->apart + (int)i)));
		*sum = plus(*sum, times(x[i], row));
	}
	memset(x, 0, f->m * sizeof(*x));
}

/*
 * From the factor: with x = L^-1 (e_p - e_q), which is 0 but on the two ways up
 * the tree of elimination, the sum of x^2 / D, and of the dense block.
 */
static struct dual climb(const struct inverse *f, int p, int q)
{
	struct dual sum = {0, 0};

	f->work[p].value = 1;
	f->work[q].value = -1;
	for (int k; k = p < q ? p : q, k < f->apart;) {
		const struct column *c = &f->columns[k];
		struct dual x = f->work[k];
		int next = c->count ? c->row[0] : f->n;

		sum = plus(sum, times(times(x, x), inverse_of(f->pivot[k])));
		for (int r = 0; r < c->count; r++)
			f->work[c->row[r]] = minus(f->work[c->row[r]],
						   times(x, c->share[r]));
		f->work[k] = (struct dual){0, 0};
		p = p == k ? next : p;
		q = q == k ? next : q;
	}
	add_dense(f, &sum);
	return sum;
}

struct dual inverse_at(const struct inverse *v, int i)
{
	return diagonal_at(v, v->place[i]);
}

struct dual inverse_across(const struct inverse *v, int i, int j)
{
	int p = v->place[i], q = v->place[j];
	int low = p < q ? p : q, high = p < q ? q : p;
	struct dual a = diagonal_at(v, p), b = diagonal_at(v, q), *at;
	size_t place;

	assert(i != j);
	if (low >= v->apart) {
		place = dense_place(v, high, low);
		return across(
			a, b,
			(struct dual){v->dense[0][place], v->dense[1][place]});
	}
	at = find_row(&v->columns[low], high);
	return at ? across(a, b, *at) : climb(v, p, q);
}

static bool solve(struct inverse *f, struct ties *ties, double ridge,
		  const struct inverse_edge *edges, int count)
{
	if (!find_order(f, ties))
		return false;
	make_columns(f, ties);
	for (int i = 0; i < f->n; i++)
		add_to_diagonal(f, i, (struct dual){ridge, 0});
	for (int k = 0; k < count; k++)
		add_edge(f, &edges[k]);
	return eliminate(f) && invert_dense(f) && select_inverse(f);
}

struct inverse *inverse_new(int n, double ridge,
			    const struct inverse_edge *edges, int count,
			    bool (*goes_on)(void *ctx), void *ctx)
{
	struct inverse *f = mem_zalloc(1, sizeof(*f));
	struct ties *ties = tie_edges(n, edges, count);
	bool done;

	assert(n >= 1 && ridge > 0);
	f->n = n;
	f->flat = true;
	f->goes_on = goes_on;
	f->ctx = ctx;
	f->place = mem_zalloc((size_t)n, sizeof(*f->place));
	f->who = mem_zalloc((size_t)n, sizeof(*f->who));
	f->work = mem_zalloc((size_t)n, sizeof(*f->work));
	for (int k = 0; k < count; k++)
		f->flat &= !(edges[k].less > 0 || edges[k].less < 0);
	done = solve(f, ties, ridge, edges, count);
	for (int i = 0; i < n; i++)
		free(ties[i].to);
	free(ties);
	if (done)
		return f;
	inverse_free(f);
	return NULL;
}

void inverse_free(struct inverse *v)
{
	for (int k = 0; v && v->columns && k < v->apart; k++) {
		free(v->columns[k].row);
		free(v->columns[k].share);
		free(v->columns[k].at);
	}
	if (!v)
		return;
	free(v->columns);
	free(v->pivot);
	free(v->diagonal);
	free(v->dense[0]);
	free(v->dense[1]);
	free(v->place);
	free(v->who);
	free(v->work);
	free(v);
}
