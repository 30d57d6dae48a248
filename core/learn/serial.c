/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/serial.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/serial_int.h"
#include "core/net/head.h"
#include "core/net/net.h"

enum {
	LANES_TOGETHER = 8, /* of one call of the network */
	PER_SHARD = 4,      /* pages */
	SERIAL_VERSION = 1,
	EFFECT_EVERY = 8, /* rounds of which the step's effect is looked at */
};

/* Where a lane stands: a game. */
struct desk {
	void *state;     /* owned; somebody acts */
	game_move *line; /* owned; [max_plies] */
	int plies;
	int64_t games; /* begun there */
};

struct serial {
	struct serial_conf conf;
	struct scribe_conf scribe;
	const struct game *game; /* borrowed */
	struct net_config net;
	uint64_t seed;
	struct learner *learner;
	struct desk *desks; /* owned; [lanes] */
	int drills;         /* pages beside those of a later round */
	struct page *pages; /* owned; [lanes + drills] */
	int page_count;
	struct serial_mark at;
	struct serial_figures figures;

	/* the round in hand */
	struct net_plan *plan;
	struct scribe_counts *counts; /* owned; by group */
	struct serial_figures *seen;  /* owned; by group */
};

static int groups(const struct serial *s)
{
	return (s->conf.lanes + LANES_TOGETHER - 1) / LANES_TOGETHER;
}

static int lanes_of(const struct serial *s, int group)
{
	int left = s->conf.lanes - group * LANES_TOGETHER;

	return left < LANES_TOGETHER ? left : LANES_TOGETHER;
}

/* --- games --------------------------------------------------------------- */

/* A new game in a lane: a few random moves, and somebody acts. */
static void begin_game(struct serial *s, int lane)
{
	const struct game *g = s->game;
	struct desk *d = &s->desks[lane];
	struct rng r;
	int plies;

	rng_init(&r, s->seed, RNG_OPENING, (uint64_t)lane, (uint64_t)d->games);
	d->games++;
	plies = (int)rng_below(&r, (uint32_t)s->conf.opening_plies + 1);
	g->rules->start(g, d->state, 0);
	game_opening(g, d->state, plies, &r, d->line, &d->plies);
}

/* The deeper board that was picked, or a new game. */
static void go_on(struct serial *s, int lane, game_move pick)
{
	const struct game *g = s->game;
	struct desk *d = &s->desks[lane];

	if (pick != GAME_NO_MOVE) {
		d->line[d->plies++] = pick;
		g->rules->apply(g, d->state, pick);
	}
	if (pick == GAME_NO_MOVE || g->rules->to_act(g, d->state) < 0)
		begin_game(s, lane);
}

/* --- new ----------------------------------------------------------------- */

static void make_recipe(const struct serial *s, struct recipe *out)
{
	int shards = (s->page_count + PER_SHARD - 1) / PER_SHARD;

	conf_defaults(recipe_spec, out);
	out->shard = PER_SHARD * s->conf.page *
		     scribe_most_words(s->game, &s->scribe);
	out->batch = shards * out->shard;
	out->rate = s->conf.rate;
	out->beta2 = 0.98f;
	out->weight_decay = 0;
	out->clip = 0.3f;
	out->average = 1;
	out->mask_illegal = true;
}

struct serial *serial_new(const struct game *g, const struct serial_conf *c,
			  uint64_t seed)
{
	struct serial *s = mem_zalloc(1, sizeof(*s));
	struct recipe recipe;

	s->conf = *c;
	s->game = g;
	s->seed = seed;
	serial_scribe_conf(c, &s->scribe);
	serial_net(c, g, &s->net);
	s->drills = (int)ceilf((float)c->lanes * c->drill_share);
	s->page_count = c->lanes + s->drills;
	s->desks = mem_zalloc((size_t)c->lanes, sizeof(*s->desks));
	s->pages = mem_zalloc((size_t)s->page_count, sizeof(*s->pages));
	s->counts = mem_zalloc((size_t)groups(s), sizeof(*s->counts));
	s->seen = mem_zalloc((size_t)groups(s), sizeof(*s->seen));
	for (int i = 0; i < s->page_count; i++)
		page_init(&s->pages[i], g);
	for (int i = 0; i < c->lanes; i++) {
		s->desks[i].state = mem_zalloc(1, g->state_size);
		s->desks[i].line =
			mem_zalloc((size_t)g->max_plies + 1, sizeof(game_move));
		begin_game(s, i);
	}
	make_recipe(s, &recipe);
	s->learner = learner_new(&s->net, &recipe, seed);
	s->at.drills = c->drills;
	return s;
}

void serial_free(struct serial *s)
{
	if (!s)
		return;
	for (int i = 0; i < s->page_count; i++)
		page_release(&s->pages[i]);
	for (int i = 0; i < s->conf.lanes; i++) {
		free(s->desks[i].state);
		free(s->desks[i].line);
	}
	free(s->desks);
	free(s->pages);
	free(s->counts);
	free(s->seen);
	learner_free(s->learner);
	free(s);
}

void serial_begin_with(struct serial *s, const float *params)
{
	learner_begin_with(s->learner, params);
}

const struct serial_mark *serial_at(const struct serial *s)
{
	return &s->at;
}

bool serial_done(const struct serial *s)
{
	return s->at.backups >= s->conf.backups;
}

const struct net_config *serial_net_of(const struct serial *s)
{
	return &s->net;
}

const float *serial_weights(const struct serial *s)
{
	return learner_average(s->learner);
}

/* --- a round ------------------------------------------------------------- */

static uint64_t round_seed(const struct serial *s)
{
	return rng_mix(s->seed, (uint64_t)s->at.rounds);
}

/* A board of random play, and the moves to it. */
static void random_board(const struct game *g, struct rng *r, void *state,
			 game_move *line, int *plies)
{
	g->rules->start(g, state, 0);
	game_opening(g, state, (int)rng_below(r, (uint32_t)g->max_plies), r,
		     line, plies);
}

/* A page of made-up values. */
static void write_drill(struct serial *s, int number)
{
	const struct game *g = s->game;
	struct page *p = &s->pages[number];
	struct scribe_conf how = s->scribe;
	struct scribe *nobody = scribe_new(NULL, g, 1);
	void *state = mem_zalloc(1, g->state_size);
	game_move *line = mem_zalloc((size_t)g->max_plies, sizeof(*line));
	struct rng r;
	struct scribe_desk desk = {
		.page = p, .state = state, .line = line, .rng = &r};

	rng_init(&r, round_seed(s), RNG_BATCH, (uint64_t)number, 1);
	random_board(g, &r, state, line, &desk.plies);
	how.writes_backups = how.writes_boards = false;
	how.rollouts = SCRIBE_NEVER;
	page_clear(p);
	scribe_write(nobody, &how, 1, &desk);
	serial_aim_drill(p);
	scribe_free(nobody);
	free(line);
	free(state);
}

static void drill_task(void *ctx, int i, int worker)
{
	struct serial *s = ctx;

	(void)worker;
	write_drill(s, i);
}

/* The pages of a group of lanes, board by board. */
static void write_task(void *ctx, int group, int worker)
{
	struct serial *s = ctx;
	int n = lanes_of(s, group), first = group * LANES_TOGETHER;
	struct scribe *scribe;
	struct scribe_desk desk[LANES_TOGETHER];
	struct rng rng[LANES_TOGETHER];

	(void)worker;
	if (group >= groups(s)) {
		write_drill(s, s->conf.lanes + group - groups(s));
		return;
	}
	scribe = scribe_new(s->plan, s->game, n);
	for (int i = 0; i < n; i++) {
		page_clear(&s->pages[first + i]);
		rng_init(&rng[i], round_seed(s), RNG_BATCH,
			 (uint64_t)(first + i), 0);
	}
	for (int k = 0; k < s->conf.page; k++) {
		for (int i = 0; i < n; i++) {
			const struct desk *d = &s->desks[first + i];

			desk[i] = (struct scribe_desk){
				.page = &s->pages[first + i],
				.state = d->state,
				.line = d->line,
				.plies = d->plies,
				.rng = &rng[i]};
		}
		scribe_write(scribe, &s->scribe, n, desk);
		for (int i = 0; i < n; i++)
			go_on(s, first + i, desk[i].page->backups[k].pick);
	}
	for (int i = 0; i < n; i++)
		serial_aim(&s->conf, &s->pages[first + i], &rng[i]);
	s->counts[group] = *scribe_counted(scribe);
	scribe_free(scribe);
}

static float rate_at(const struct serial *s)
{
	double done = fmin((double)s->at.backups / (double)s->conf.backups, 1);
	double low = (double)s->conf.rate_end, high = (double)s->conf.rate;
	double rate = low + (high - low) * 0.5 * (1 + cos(M_PI * done));

	if (s->at.steps < s->conf.warmup)
		rate *= (double)(s->at.steps + 1) / s->conf.warmup;
	return (float)rate;
}

static void learn(struct serial *s, struct pool *pool)
{
	struct serial_pages pages = {
		.pages = s->pages,
		.count = s->page_count,
		.per_shard = PER_SHARD,
		.shard = PER_SHARD * s->conf.page *
			 scribe_most_words(s->game, &s->scribe),
	};
	struct dataset data = serial_dataset(&pages);
	struct learner_figures f;

	for (int i = 0; i < s->conf.passes; i++) {
		learner_step(s->learner, &data, s->page_count, rate_at(s),
			     pool);
		s->at.steps++;
	}
	learner_take_figures(s->learner, &f);
	s->at.words += f.samples;
	s->figures.steps += f.steps;
	s->figures.gradient += f.gradient_norm;
	s->figures.loss +=
		(double)f.steps * net_loss_mean(&f.loss, "loss.policy");
}

/* What the boards of a page, each alone, are said to be worth now. */
static void write_later(const struct serial *s, const struct net_plan *plan,
			struct page *p)
{
	struct scribe *scribe = scribe_new(plan, s->game, 1);

	for (int k = 0; k < p->backup_count; k++) {
		const void *state = p->backups[k].state;

		scribe_estimate(scribe, 1, &state, &p->backups[k].later);
	}
	scribe_free(scribe);
}

/* The first board of a page was said alone, and is said so again. */
static void after_task(void *ctx, int group, int worker)
{
	struct serial *s = ctx;
	int n = lanes_of(s, group), first = group * LANES_TOGETHER;
	struct scribe *scribe = scribe_new(s->plan, s->game, n);
	struct serial_figures *f = &s->seen[group];
	const void *state[LANES_TOGETHER];
	float *later[LANES_TOGETHER];

	(void)worker;
	*f = (struct serial_figures){0};
	for (int i = 0; i < n; i++) {
		state[i] = s->pages[first + i].backups[0].state;
		later[i] = s->pages[first + i].backups[0].later;
	}
	scribe_estimate(scribe, n, state, later);
	for (int i = 0; i < n; i++) {
		const struct page_backup *b = s->pages[first + i].backups;

		for (int m = 0; m <= s->game->move_count; m++) {
			if (isnan(b->better[m]))
				continue;
			f->firsts++;
			f->first += fabs((double)(b->better[m] - b->before[m]));
			f->left += fabs((double)(b->better[m] - b->later[m]));
		}
	}
	scribe_free(scribe);
}

static void look_at_effect(struct serial *s, struct pool *pool)
{
	s->plan = net_plan_new(&s->net, serial_weights(s));
	pool_run(pool, groups(s), after_task, s);
	net_plan_free(s->plan);
	for (int i = 0; i < groups(s); i++) {
		s->figures.firsts += s->seen[i].firsts;
		s->figures.first += s->seen[i].first;
		s->figures.left += s->seen[i].left;
	}
}

static void count_page(struct serial *s, const struct page *p)
{
	for (int k = 0; k < p->backup_count; k++) {
		const struct page_backup *b = &p->backups[k];
		double off = 0;
		int64_t n = 0;

		for (int m = 0; m <= p->form.moves; m++) {
			if (isnan(b->better[m]))
				continue;
			n++;
			off += fabs((double)(b->better[m] - b->before[m]));
		}
		s->figures.backups++;
		s->figures.rollouts += b->rollout;
		s->figures.values += n;
		s->figures.surprise += off;
		*(k ? &s->figures.second : &s->figures.opening) += off;
		*(k ? &s->figures.seconds : &s->figures.openings) += n;
	}
}

static void play_round(struct serial *s, struct pool *pool)
{
	s->plan = net_plan_new(&s->net, serial_weights(s));
	pool_run(pool, groups(s) + s->drills, write_task, s);
	net_plan_free(s->plan);
	for (int i = 0; i < groups(s); i++)
		scribe_counts_add(&s->figures.wrote, &s->counts[i]);
	for (int i = 0; i < s->conf.lanes; i++)
		count_page(s, &s->pages[i]);
}

void serial_round(struct serial *s, struct pool *pool)
{
	if (s->at.rounds < s->at.drills) {
		pool_run(pool, s->page_count, drill_task, s);
		learn(s, pool);
	} else {
		play_round(s, pool);
		if (s->conf.update != SERIAL_NONE) {
			learn(s, pool);
			if ((s->at.rounds - s->at.drills) % EFFECT_EVERY == 0)
				look_at_effect(s, pool);
		}
		s->at.backups += (int64_t)s->conf.lanes * s->conf.page;
	}
	s->at.rounds++;
	s->at.games = 0;
	for (int i = 0; i < s->conf.lanes; i++)
		s->at.games += s->desks[i].games;
}

void serial_take_figures(struct serial *s, struct serial_figures *out)
{
	*out = s->figures;
	s->figures = (struct serial_figures){0};
}

const struct page *serial_page(struct serial *s)
{
	struct net_plan *plan = net_plan_new(&s->net, serial_weights(s));

	write_later(s, plan, &s->pages[0]);
	net_plan_free(plan);
	return &s->pages[0];
}

/* --- a probe ------------------------------------------------------------- */

struct probe {
	const struct serial *s;
	const struct net_plan *plan;
	struct scribe_counts *counts; /* by task */
	int boards;
};

static void probe_task(void *ctx, int number, int worker)
{
	struct probe *p = ctx;
	const struct game *g = p->s->game;
	int first = number * LANES_TOGETHER, n = p->boards - first;
	struct scribe_desk desk[LANES_TOGETHER];
	struct page page[LANES_TOGETHER];
	struct rng rng[LANES_TOGETHER];
	void *state[LANES_TOGETHER];
	game_move *line[LANES_TOGETHER];
	struct scribe_conf how = p->s->scribe;
	struct scribe *scribe;

	(void)worker;
	how.writes_backups = how.writes_boards = true;
	how.rollouts = SCRIBE_NEVER;
	n = n < LANES_TOGETHER ? n : LANES_TOGETHER;
	scribe = scribe_new(p->plan, g, n);
	for (int i = 0; i < n; i++) {
		state[i] = mem_zalloc(1, g->state_size);
		line[i] = mem_zalloc((size_t)g->max_plies, sizeof(*line[i]));
		rng_init(&rng[i], p->s->seed, RNG_TASK, (uint64_t)(first + i),
			 0);
		page_init(&page[i], g);
		desk[i] = (struct scribe_desk){.page = &page[i],
					       .state = state[i],
					       .line = line[i],
					       .rng = &rng[i]};
		random_board(g, &rng[i], state[i], line[i], &desk[i].plies);
	}
	scribe_write(scribe, &how, n, desk);
	p->counts[number] = *scribe_counted(scribe);
	for (int i = 0; i < n; i++) {
		free(state[i]);
		free(line[i]);
		page_release(&page[i]);
	}
	scribe_free(scribe);
}

void serial_probe(const struct serial *s, int boards, struct pool *pool,
		  struct scribe_counts *out)
{
	int tasks = (boards + LANES_TOGETHER - 1) / LANES_TOGETHER;
	struct net_plan *plan = net_plan_new(&s->net, serial_weights(s));
	struct probe p = {
		.s = s,
		.plan = plan,
		.boards = boards,
		.counts = mem_zalloc((size_t)tasks, sizeof(*p.counts)),
	};

	pool_run(pool, tasks, probe_task, &p);
	*out = (struct scribe_counts){0};
	for (int i = 0; i < tasks; i++)
		scribe_counts_add(out, &p.counts[i]);
	free(p.counts);
	net_plan_free(plan);
}

/* --- saving -------------------------------------------------------------- */

/* Those that a run writes. */
static void save_figures(const struct serial_figures *f, struct buf *out)
{
	const double sums[] = {f->surprise, f->left,    f->first, f->gradient,
			       f->loss,     f->opening, f->second};
	const int64_t counts[] = {f->values,  f->firsts, f->rollouts,
				  f->backups, f->steps,  f->openings,
				  f->seconds};

	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		buf_f64(out, sums[i]);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		buf_u64(out, (uint64_t)counts[i]);
}

static void load_figures(struct serial_figures *f, struct reader *r)
{
	double *const sums[] = {&f->surprise, &f->left, &f->first,
				&f->gradient, &f->loss, &f->opening,
				&f->second};
	int64_t *const counts[] = {&f->values,  &f->firsts, &f->rollouts,
				   &f->backups, &f->steps,  &f->openings,
				   &f->seconds};

	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		*sums[i] = reader_f64(r);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		*counts[i] = reader_count(r, (int64_t)1 << 60);
}

void serial_save(const struct serial *s, struct buf *out)
{
	buf_u8(out, SERIAL_VERSION);
	buf_u64(out, (uint64_t)s->at.rounds);
	buf_u64(out, (uint64_t)s->at.backups);
	buf_u64(out, (uint64_t)s->at.steps);
	buf_u64(out, (uint64_t)s->at.words);
	buf_u32(out, (uint32_t)s->conf.lanes);
	for (int i = 0; i < s->conf.lanes; i++) {
		const struct desk *d = &s->desks[i];

		buf_u64(out, (uint64_t)d->games);
		page_save_line(d->line, d->plies, out);
	}
	save_figures(&s->figures, out);
	learner_save(s->learner, out);
}

enum err_code serial_load(struct serial *s, struct reader *r, struct err *e)
{
	const int64_t most = (int64_t)1 << 48;
	int version = reader_u8(r);

	if (version != SERIAL_VERSION)
		return err_set(e, ERR_VERSION,
			       "the saved state is of another version of the "
			       "program (%d, this one knows %d)",
			       version, SERIAL_VERSION);
	s->at.rounds = reader_count(r, most);
	s->at.backups = reader_count(r, most);
	s->at.steps = reader_count(r, most);
	s->at.words = reader_count(r, most);
	if (reader_u32(r) != (uint32_t)s->conf.lanes)
		r->failed = true;
	s->at.games = 0;
	for (int i = 0; i < s->conf.lanes && !r->failed; i++) {
		struct desk *d = &s->desks[i];

		d->games = reader_count(r, most);
		d->plies = page_load_line(s->game, r, d->state, d->line);
		s->at.games += d->games;
	}
	if (r->failed)
		return err_set(e, ERR_FORMAT,
			       "the saved games of the lanes are damaged");
	load_figures(&s->figures, r);
	return learner_load(s->learner, r, e);
}
