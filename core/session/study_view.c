/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/study_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/dist.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/study_rows.h"
#include "store/run.h"

/* ---- what was spent ---- */

static struct study_cost *cost_of(struct study_view *v, int64_t arm_id)
{
	for (size_t i = 0; i < v->arm_count; i++)
		if (v->arms[i].id == arm_id)
			return &v->costs[i];
	return NULL;
}

static void add_trial(struct study_cost *c, const struct store_trial *t)
{
	bool hashed = t->weights_before && t->weights_after;
	bool same = hashed && !strcmp(t->weights_before, t->weights_after);

	/* Left out by the study at its seed: no part of what was spent. */
	if (study_trial_idle(t)) {
		c->idle++;
		return;
	}
	c->trials++;
	c->done += !strcmp(t->status, "done");
	c->failed += !strcmp(t->status, "failed");
	if (t->message)
		c->message = t->message;
	if (t->games > c->games)
		c->games = t->games;
	if (t->state_bytes > c->state_bytes)
		c->state_bytes = t->state_bytes;
	if (!(c->flops > t->flops_per_move) && !isnan(t->flops_per_move))
		c->flops = t->flops_per_move;
	if (!isnan(t->seconds))
		c->seconds += t->seconds;
	c->scored += t->scored;
	c->trained_on += t->trained_on;
	c->held += same;
	c->changed += hashed && !same;
}

/* Lines of the ledger of one more of `n` trials, into the means. */
static void add_moved(struct study_view *v, struct study_cost *c,
		      const struct store_ledger *rows, size_t count)
{
	struct study_moved *all = store_bag_alloc(
		&v->bag, ((size_t)c->moved_count + count + 1) * sizeof(*all));
	int n = c->moved_count;

	if (n)
		memcpy(all, c->moved, (size_t)n * sizeof(*all));
	for (size_t i = 0; i < count; i++) {
		int k = 0;

		while (k < n && (strcmp(all[k].block, rows[i].block) != 0 ||
				 strcmp(all[k].loss, rows[i].loss) != 0))
			k++;
		if (k == n)
			all[n++] = (struct study_moved){rows[i].block,
							rows[i].loss, 0};
		all[k].norm += rows[i].norm / c->done;
	}
	c->moved = all;
	c->moved_count = n;
}

static enum store_status read_ledgers(struct study_view *v, struct store *s,
				      const struct store_trial *trials,
				      size_t count)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		struct study_cost *c = cost_of(v, trials[i].arm_id);
		struct store_ledger *rows;
		size_t n;

		if (!c || strcmp(trials[i].status, "done") != 0)
			continue;
		st = store_ledger_list(s, &v->bag, trials[i].id, &rows, &n);
		if (st == STORE_OK)
			add_moved(v, c, rows, n);
		if (st == STORE_OK && !c->kept)
			st = store_kept_list(s, &v->bag, trials[i].id, &c->kept,
					     &c->kept_count);
	}
	return st;
}

static enum store_status read_link(struct study_view *v, struct store *s,
				   const struct store_trial *t, int arm,
				   const struct store_kept *kept)
{
	const void *data;
	char *text;
	size_t len;
	enum store_status st = store_kept_load(s, &v->bag, t->arm_id, t->seed,
					       kept->name, &data, &len);

	/* What was not imported, or is damaged, has no text. */
	if (st == STORE_NOTFOUND || st == STORE_DAMAGED)
		len = 0;
	else if (st != STORE_OK)
		return st;
	text = store_bag_alloc(&v->bag, len + 1);
	if (len)
		memcpy(text, data, len);
	text[len] = '\0';
	v->links[v->link_count++] = (struct study_link){
		arm, t->seed, len ? text : NULL, kept->sha256};
	return STORE_OK;
}

static enum store_status read_links(struct study_view *v, struct store *s,
				    const struct store_trial *rows,
				    size_t count)
{
	enum store_status st = STORE_OK;

	v->links = store_bag_alloc(&v->bag, (count + 1) * sizeof(*v->links));
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		const struct study_cost *c = cost_of(v, rows[i].arm_id);
		struct store_kept *kept;
		bool chained = false;
		size_t n;

		for (size_t k = 0; c && k < c->kept_count; k++)
			chained |= !strcmp(c->kept[k].name, "chain");
		if (!chained)
			continue;
		st = store_kept_list(s, &v->bag, rows[i].id, &kept, &n);
		for (size_t k = 0; st == STORE_OK && k < n; k++)
			if (!strcmp(kept[k].name, "chain"))
				st = read_link(v, s, &rows[i],
					       (int)(c - v->costs), &kept[k]);
	}
	return st;
}

/* Different words in the order in which they came, apart by commas. */
static void add_word(struct buf *b, const char *word)
{
	const char *at = word ? strstr(b->len ? b->data : "", word) : NULL;

	if (!word || at)
		return;
	buf_printf(b, "%s%s", b->len ? ", " : "", word);
}

static enum store_status read_trials(struct study_view *v, struct store *s)
{
	struct store_trial *rows;
	struct buf kinds;
	size_t count;
	enum store_status st =
		store_trial_list(s, &v->bag, v->study.id, &rows, &count);

	if (st != STORE_OK)
		return st;
	v->costs = store_bag_alloc(&v->bag,
				   (v->arm_count + 1) * sizeof(*v->costs));
	v->all.flops = (double)NAN;
	for (size_t i = 0; i < v->arm_count; i++)
		v->costs[i].flops = (double)NAN;
	buf_init(&kinds);
	for (size_t i = 0; i < count; i++) {
		struct study_cost *c = cost_of(v, rows[i].arm_id);

		if (c)
			add_trial(c, &rows[i]);
		add_trial(&v->all, &rows[i]);
		add_word(&kinds, rows[i].processor);
		/* Arms may serve all seeds alike, or not be tried at some. */
		if (c && c->trials + c->idle > v->seeds)
			v->seeds = c->trials + c->idle;
	}
	v->processors = store_bag_strdup(&v->bag, kinds.len ? kinds.data : "");
	buf_release(&kinds);
	st = read_ledgers(v, s, rows, count);
	return st == STORE_OK ? read_links(v, s, rows, count) : st;
}

static enum store_status read_runs(struct study_view *v, struct store *s)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; st == STORE_OK && i < v->arm_count; i++) {
		struct store_run run;

		if (!v->arms[i].run_id)
			continue;
		st = store_run_get(s, &v->bag, v->arms[i].run_id, &run);
		if (st == STORE_OK)
			v->costs[i].run = run.name;
	}
	return st;
}

/* ---- measures as curves ---- */

static int by_name_x(const void *a, const void *b)
{
	const struct store_measure *p = a, *q = b;
	int c = strcmp(p->name, q->name);

	if (c)
		return c;
	if (p->x != q->x)
		return (p->x > q->x) - (p->x < q->x);
	return (p->seed > q->seed) - (p->seed < q->seed);
}

/* "curve/17": what is after the slash, NULL: none. */
static const char *part_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash && slash[1] && slash != name ? slash + 1 : NULL;
}

static int by_part(const char *a, const char *b)
{
	char *end_a, *end_b;
	double x = strtod(a, &end_a), y = strtod(b, &end_b);

	if (!*end_a && !*end_b && x != y)
		return (x > y) - (x < y);
	return strcmp(a, b);
}

/* Measures without parts first, groups by name, parts by number. */
static int by_group(const void *a, const void *b)
{
	const struct study_panel *p = a, *q = b;
	int c = (p->part != NULL) - (q->part != NULL);

	if (!c)
		c = strcmp(p->group, q->group);
	return c || !p->part ? c : by_part(p->part, q->part);
}

static struct study_panel *panel_named(struct study_view *v, const char *name)
{
	struct study_panel *p;
	const char *part;

	for (int i = 0; i < v->panel_count; i++)
		if (!strcmp(v->panels[i].name, name))
			return &v->panels[i];
	/* In doubling blocks of the bag: what is left behind goes with it. */
	if (!(v->panel_count & (v->panel_count - 1))) {
		size_t room = v->panel_count ? 2 * (size_t)v->panel_count : 1;
		struct study_panel *more =
			store_bag_alloc(&v->bag, room * sizeof(*more));

		if (v->panel_count)
			memcpy(more, v->panels,
			       (size_t)v->panel_count * sizeof(*more));
		v->panels = more;
	}
	p = &v->panels[v->panel_count++];
	*p = (struct study_panel){.name = name, .group = name, .whole = true};
	part = part_of(name);
	if (part) {
		char *group = store_bag_strdup(&v->bag, name);

		group[part - name - 1] = '\0';
		p->group = group;
		p->part = part;
	}
	p->lines = store_bag_alloc(&v->bag, v->arm_count * sizeof(*p->lines));
	return p;
}

/* Half of Student's 95 % interval of the mean of n values.  The quantile takes
 * most of the time that a page of a large study needs: it is kept. */
static double half_interval(struct study_view *v, double squares, int n)
{
	double t;

	if (n < 2)
		return (double)NAN;
	if (n >= STUDY_SEEDS_KEPT)
		t = dist_student_quantile(0.975, n - 1);
	else if (v->student[n] > 0)
		t = v->student[n];
	else
		t = v->student[n] = dist_student_quantile(0.975, n - 1);
	return t * sqrt(squares / (n - 1) / n);
}

/* The seeds of one x as a point. */
static void add_point(struct study_view *v, struct study_line *l,
		      const struct store_measure *m, size_t n)
{
	double mean = 0, squares = 0, half;
	int count = 0;

	for (size_t i = 0; i < n; i++) {
		mean += isnan(m[i].value) ? 0 : m[i].value;
		count += !isnan(m[i].value);
	}
	mean = count ? mean / count : (double)NAN;
	for (size_t i = 0; i < n; i++)
		if (!isnan(m[i].value))
			squares += (m[i].value - mean) * (m[i].value - mean);
	half = half_interval(v, squares, count);
	l->x[l->count] = m[0].x;
	l->y[l->count] = mean;
	l->low[l->count] = n > 1 ? mean - half : m[0].low;
	l->high[l->count] = n > 1 ? mean + half : m[0].high;
	l->seeds[l->count++] = count;
}

/* The measures of one arm and one name. */
static void add_line(struct study_view *v, int arm,
		     const struct store_measure *m, size_t n)
{
	struct study_panel *p = panel_named(v, m[0].name);
	struct study_line *l = &p->lines[p->line_count++];
	double *room = store_bag_alloc(&v->bag, 4 * n * sizeof(*room));

	*l = (struct study_line){.arm = arm,
				 .x = room,
				 .y = room + n,
				 .low = room + 2 * n,
				 .high = room + 3 * n};
	l->seeds = store_bag_alloc(&v->bag, n * sizeof(*l->seeds));
	for (size_t i = 0, next; i < n; i = next) {
		next = i + 1;
		while (next < n && m[next].x == m[i].x)
			next++;
		if (!isfinite(m[i].x))
			continue;
		p->whole &= m[i].x == floor(m[i].x);
		add_point(v, l, m + i, next - i);
	}
	if (l->count > p->longest)
		p->longest = l->count;
	if (!l->count)
		p->line_count--;
}

static void find_groups(struct study_view *v)
{
	v->groups = store_bag_alloc(&v->bag, ((size_t)v->panel_count + 1) *
						     sizeof(*v->groups));
	while (v->plain_count < v->panel_count &&
	       !v->panels[v->plain_count].part)
		v->plain_count++;
	for (int i = 0; i < v->panel_count; i++) {
		struct study_group *g = &v->groups[v->group_count];

		if (v->group_count && v->panels[i].part &&
		    v->panels[i - 1].part &&
		    !strcmp(g[-1].name, v->panels[i].group)) {
			g[-1].count++;
			continue;
		}
		*g = (struct study_group){v->panels[i].group, i, 1};
		v->group_count++;
	}
}

/* Seed by seed, for pictures. */
struct seen {
	struct study_figure *figures; /* owned */
	size_t count;
};

static void add_figures(struct seen *seen, const char *arm,
			const struct store_measure *m, size_t n)
{
	seen->figures = mem_realloc(seen->figures,
				    (seen->count + n) * sizeof(*seen->figures));
	for (size_t i = 0; i < n; i++)
		seen->figures[seen->count++] = study_rows_figure(arm, &m[i]);
}

static void draw_pictures(struct study_view *v, struct seen *seen)
{
	struct study_seen all = {
		.study = &v->study,
		.arms = v->arms,
		.arm_count = v->arm_count,
		.estimates = v->estimates,
		.estimate_count = v->estimate_count,
		.figures = seen->figures,
		.figure_count = seen->count,
	};

	study_drawings_make(&v->drawings, &all);
}

static enum store_status read_measures(struct study_view *v, struct store *s)
{
	bool pictures = study_pictures_of(v->study.kind) != NULL;
	struct seen seen = {NULL, 0};
	enum store_status st = STORE_OK;

	for (size_t i = 0; st == STORE_OK && i < v->arm_count; i++) {
		struct store_measure *rows;
		size_t count;

		st = store_measure_list(s, &v->bag, v->arms[i].id, &rows,
					&count);
		if (st != STORE_OK || !count)
			continue;
		if (pictures)
			add_figures(&seen, v->arms[i].name, rows, count);
		qsort(rows, count, sizeof(*rows), by_name_x);
		for (size_t k = 0, next; k < count; k = next) {
			next = k + 1;
			while (next < count &&
			       !strcmp(rows[next].name, rows[k].name))
				next++;
			add_line(v, (int)i, rows + k, next - k);
		}
	}
	if (st == STORE_OK && v->panel_count)
		qsort(v->panels, (size_t)v->panel_count, sizeof(*v->panels),
		      by_group);
	find_groups(v);
	if (st == STORE_OK && pictures)
		draw_pictures(v, &seen);
	free(seen.figures);
	return st;
}

enum err_code study_view_read(struct study_view *v, struct store *s,
			      const char *name, struct err *e)
{
	char *wanted = mem_strdup(name); /* may live in the bag */
	enum store_status st;

	study_view_release(v);
	st = store_study_find(s, &v->bag, wanted, &v->study);
	if (st == STORE_OK)
		st = store_arm_list(s, &v->bag, v->study.id, &v->arms,
				    &v->arm_count);
	if (st == STORE_OK)
		st = store_gate_list(s, &v->bag, v->study.id, &v->gates,
				     &v->gate_count);
	if (st == STORE_OK)
		st = store_estimate_list(s, &v->bag, v->study.id, &v->estimates,
					 &v->estimate_count);
	if (st == STORE_OK)
		st = read_trials(v, s);
	if (st == STORE_OK)
		st = read_runs(v, s);
	if (st == STORE_OK)
		st = read_measures(v, s);
	free(wanted);
	if (st != STORE_OK)
		study_view_release(v);
	return lab_error(s, st, e);
}

void study_view_release(struct study_view *v)
{
	study_drawings_release(&v->drawings);
	store_bag_release(&v->bag);
	memset(v, 0, sizeof(*v));
}
