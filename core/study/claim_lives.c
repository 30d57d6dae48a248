/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/rate/positions.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/plan.h"
#include "core/study/study.h"

/*
 * The lives of the study: found in their set, or made and put there; and the
 * commitment, before which nobody can know what is past a cut.
 */

/* --- what they are ------------------------------------------------------- */

static float rate_of(const struct claim_conf *c, uint64_t seed)
{
	const float rates[] = {c->rate, c->rate_less, c->rate_more};

	return seed >= CLAIM_TRAIN ? rates[(seed - CLAIM_TRAIN) % 3] : c->rate;
}

void claim_recipe(const struct claim_conf *c, uint64_t seed, struct recipe *out)
{
	struct err e = ERR_INIT;
	struct buf text;

	buf_init(&text);
	buf_printf(&text,
		   "filters=%d,blocks=%d,simulations=%d,rate_games=%d,"
		   "opening_plies=%d",
		   c->filters, c->blocks, c->simulations, c->games,
		   c->opening_plies);
	conf_defaults(recipe_spec, out);
	if (conf_read(recipe_spec, out, life_usual, "claim", &e) ||
	    conf_read_list(recipe_spec, out, text.data, "claim", &e))
		assert(!"a recipe of the study is none");
	out->rate = rate_of(c, seed);
	buf_release(&text);
}

struct life_grid claim_grid(const struct claim_conf *c)
{
	return (struct life_grid){
		.cut = c->cut,
		.games = c->games,
		.before = c->before,
		.after = c->after,
		.per_stage = c->per_stage,
		.temperature = c->replay_temperature,
		.opening_share = c->replay_share,
	};
}

int claim_lives(const struct claim_conf *c, bool whole)
{
	return whole ? c->train : c->train + c->more;
}

/* As imitators saw them begin: what self-play does is life_usual's. */
float claim_openings(const struct claim_conf *c)
{
	return c->replay_share > 0 ? c->replay_share : 0.5f;
}

/* The first line in which the two differ; as many characters as it has. */
static const char *first_other(const char *a, const char *b, int *len)
{
	const char *line = a;

	for (; *a && *a == *b; a++, b++)
		if (*a == '\n')
			line = a + 1;
	*len = (int)strcspn(line, "\n");
	return line;
}

/* --- finding ------------------------------------------------------------- */

static enum err_code check_settings(const struct claim_run *x, uint64_t seed,
				    const struct life *l, struct err *e)
{
	struct life_grid grid = claim_grid(x->c);
	enum err_code rc = ERR_OK;
	struct recipe recipe;
	struct buf have, want;
	const char *line;
	int len;

	buf_init(&have);
	buf_init(&want);
	claim_recipe(x->c, seed, &recipe);
	life_settings(&recipe, &grid, &want);
	life_settings(life_recipe(l), life_grid(l), &have);
	if (strcmp(have.data, want.data)) {
		line = first_other(have.data, want.data, &len);
		rc = err_set(e, ERR_USAGE,
			     "life %s/%llu was made with other settings, %.*s: "
			     "name another set with lives=NAME",
			     x->c->lives, (unsigned long long)seed, len, line);
	} else if (life_seed(l, LIFE_BEFORE) != seed) {
		rc = err_set(e, ERR_FORMAT, "life %s/%llu is that of seed %llu",
			     x->c->lives, (unsigned long long)seed,
			     (unsigned long long)life_seed(l, LIFE_BEFORE));
	}
	buf_release(&have);
	buf_release(&want);
	return rc;
}

enum err_code claim_life(const struct claim_run *x, uint64_t seed, bool whole,
			 struct life **out, struct err *e)
{
	const void *before, *after = NULL;
	size_t before_len, after_len = 0;
	enum err_code rc = study_life(x->r, x->c->lives, seed, LIFE_BEFORE,
				      &before, &before_len, e);

	*out = NULL;
	if (!rc && whole)
		rc = study_life(x->r, x->c->lives, seed, LIFE_AFTER, &after,
				&after_len, e);
	if (!rc) {
		rc = life_read(x->g, before, before_len, after, after_len, out,
			       e);
		if (rc)
			err_prefix(e, "life %s/%llu", x->c->lives,
				   (unsigned long long)seed);
	}
	if (!rc)
		rc = check_settings(x, seed, *out, e);
	if (rc) {
		life_free(*out);
		*out = NULL;
	}
	return rc;
}

void claim_stage_net(const struct life *l, int stage, struct kept_net *out)
{
	memset(out, 0, sizeof(*out));
	kept_net_set(out, life_net(l), life_stage(l, stage).weights);
}

void claim_met(const struct life *l, struct positions *out)
{
	for (int64_t i = 0; i < life_own_games(l); i++) {
		struct self_play_game g = life_own_game(l, i);

		positions_add(out, g.moves, g.opening, g.count - 1);
	}
	for (int s = 0; s < life_grid(l)->before; s++)
		for (int i = 0; i < life_stage(l, s).game_count; i++) {
			struct self_play_game g = life_game(l, s, i);

			positions_add(out, g.moves, g.opening, g.count - 1);
		}
}

/* --- making -------------------------------------------------------------- */

/* Lives of the set that are made together, a thread each. */
struct making {
	const struct claim_run *x;
	const struct claim_run **of; /* owned; by task */
	struct life_task *tasks;     /* owned */
	struct recipe *recipes;      /* owned */
	int count;
};

static enum err_code keep_life(void *ctx, int task, struct err *e)
{
	struct making *m = ctx;
	const struct life_task *t = &m->tasks[task];
	struct buf settings;
	enum err_code rc;

	buf_init(&settings);
	life_settings(t->config.recipe, &t->config.grid, &settings);
	rc = study_life_put(m->x->r, m->of[task]->c->lives, t->config.seed,
			    t->part, settings.data, t->out.data, t->out.len, e);
	buf_release(&settings);
	return rc;
}

static bool making_goes_on(void *ctx, int64_t games)
{
	struct making *m = ctx;
	bool before = m->count && m->tasks[0].part == LIFE_BEFORE;
	double each = before ? m->x->c->cut : m->x->c->games - m->x->c->cut;

	study_progress(m->x->r, (double)games, m->count * each,
		       "%d lives %s the cut: %lld games", m->count,
		       before ? "up to" : "past", (long long)games);
	return study_goes_on(m->x->r);
}

/* Whether the study commits itself before anybody sees what is past a cut; one
 * that does not takes lives as they are. */
static bool commits(const struct claim_run *x)
{
	return study_arm_find(study_planned(x->r)->study, "commit") != NULL;
}

/* The chances of a life past its cut: nobody's choice.  Those of the study's
 * seeds come from the commitment. */
static enum err_code continuation(const struct claim_run *x, uint64_t seed,
				  uint64_t *out, struct err *e)
{
	enum err_code rc = ERR_OK;
	const void *data;
	size_t len;
	char hex[17];

	*out = rng_mix(seed, CLAIM_CONTINUED);
	if (seed >= CLAIM_TRAIN || !commits(x))
		return ERR_OK;
	rc = study_kept(x->r, "commit", "commitment", &data, &len, e);
	if (rc)
		return rc;
	assert(len == DIGEST_SIZE - 1);
	memcpy(hex, data, 16);
	hex[16] = '\0';
	*out = rng_mix(strtoull(hex, NULL, 16), seed);
	return ERR_OK;
}

/* Is it to be made?  Then a task is added. */
static enum err_code add_task(struct making *m, const struct claim_run *x,
			      uint64_t seed, enum life_part part, struct err *e)
{
	struct life_task *t = &m->tasks[m->count];
	const void *data;
	size_t len;
	enum err_code rc =
		study_life(x->r, x->c->lives, seed, part, &data, &len, e);

	if (rc != ERR_NOTFOUND)
		return rc;
	claim_recipe(x->c, seed, &m->recipes[m->count]);
	*t = (struct life_task){
		.config = {.game = x->g,
			   .recipe = &m->recipes[m->count],
			   .grid = claim_grid(x->c),
			   .seed = seed},
		.part = part,
	};
	buf_init(&t->out);
	m->of[m->count++] = x;
	if (part == LIFE_BEFORE)
		return ERR_OK;
	rc = study_life(x->r, x->c->lives, seed, LIFE_BEFORE, &t->before,
			&t->before_len, e);
	return rc ? rc : continuation(x, seed, &t->seed, e);
}

enum err_code claim_make_lives(const struct claim_run *x, int stride,
			       const uint64_t *seeds, int count,
			       enum life_part part, struct err *e)
{
	struct making m = {
		.x = x,
		.of = mem_zalloc((size_t)count, sizeof(*m.of)),
		.tasks = mem_zalloc((size_t)count, sizeof(*m.tasks)),
		.recipes = mem_zalloc((size_t)count, sizeof(*m.recipes)),
	};
	enum err_code rc = ERR_OK;

	for (int i = 0; i < count && !rc; i++)
		rc = add_task(&m, &x[i * stride], seeds[i], part, e);
	if (!rc && m.count)
		rc = lives_run(m.tasks, m.count, study_pool(x->r), keep_life,
			       making_goes_on, &m, e);
	for (int i = 0; i < m.count; i++)
		buf_release(&m.tasks[i].out);
	free(m.of);
	free(m.tasks);
	free(m.recipes);
	return rc;
}

/* --- arms ---------------------------------------------------------------- */

/* Of another study, as it stands in the lab when this one begins. */
enum err_code claim_ladder(const struct claim_run *x, struct err *e)
{
	enum err_code rc = ERR_OK;
	int judged = 0;
	struct buf which;

	buf_init(&which);
	for (int i = 0; claim_rungs[i] && !rc; i++) {
		const char *rung = claim_rungs[i];
		bool held;

		buf_clear(&which);
		rc = study_gate_held(x->r, "ladder", rung, &held, &which, e);
		if (!rc)
			study_measure(x->r, rung, 0, held, (double)NAN,
				      (double)NAN, 0);
		if (!rc)
			study_chain(x->r, "gate %s %s by %s", rung,
				    held ? "held" : "failed", which.data);
		judged += !rc;
		if (rc == ERR_NOTFOUND)
			rc = ERR_OK; /* the judge says what is missing */
	}
	if (!rc)
		study_measure(x->r, "judged", 0, judged, (double)NAN,
			      (double)NAN, 0);
	buf_release(&which);
	return rc;
}

enum err_code claim_histories(const struct claim_run *x, struct err *e)
{
	int whole = claim_lives(x->c, true), n = claim_lives(x->c, false);
	uint64_t *seeds = mem_zalloc((size_t)n, sizeof(*seeds));
	struct positions met;
	struct buf bytes;
	enum err_code rc;

	positions_init(&met, x->g);
	buf_init(&bytes);
	for (int i = 0; i < n; i++)
		seeds[i] = CLAIM_TRAIN + (uint64_t)i;
	rc = claim_make_lives(x, 0, seeds, n, LIFE_BEFORE, e);
	if (!rc)
		rc = claim_make_lives(x, 0, seeds, whole, LIFE_AFTER, e);
	for (int i = 0; i < n && !rc; i++) {
		struct life *l;

		rc = claim_life(x, seeds[i], i < whole, &l, e);
		if (rc)
			break;
		study_chain(x->r, "life %llu: %s%s%s",
			    (unsigned long long)seeds[i],
			    life_hash(l, LIFE_BEFORE),
			    i < whole ? ", past its cut " : "",
			    life_hash(l, LIFE_AFTER));
		claim_met(l, &met);
		life_free(l);
	}
	if (!rc) {
		study_measure(x->r, "lives", 0, n, (double)NAN, (double)NAN, 0);
		positions_save(&met, &bytes);
		study_keep(x->r, "met", bytes.data, bytes.len);
	}
	buf_release(&bytes);
	positions_release(&met);
	free(seeds);
	return rc;
}

/* A life that judges did not exist when it was planned. */
static enum err_code check_clock(const struct claim_run *x, struct err *e)
{
	bool follows =
		study_life_follows(x->r, x->c->lives, x->seed, LIFE_BEFORE);

	if (x->seed >= STUDY_DEVELOPMENT || follows || !commits(x)) {
		study_measure(x->r, "follows", 0, follows, (double)NAN,
			      (double)NAN, 0);
		return ERR_OK;
	}
	return err_set(e, ERR_USAGE,
		       "life %s/%llu was begun before the plan of %s was "
		       "written, and one that judges is not: name another set "
		       "with lives=NAME",
		       x->c->lives, (unsigned long long)x->seed,
		       study_planned(x->r)->name);
}

enum err_code claim_teacher(const struct claim_run *x, struct err *e)
{
	const struct study_plan *p = study_planned(x->r);
	struct kept_net net = {0};
	struct life *l = NULL;
	enum err_code rc =
		claim_make_lives(x, 0, p->seeds, p->seed_count, LIFE_BEFORE, e);

	if (!rc)
		rc = claim_life(x, x->seed, false, &l, e);
	if (!rc)
		rc = check_clock(x, e);
	if (rc) {
		life_free(l);
		return rc;
	}
	claim_stage_net(l, x->c->before - 1, &net);
	claim_keep_net(x, &net, life_stage(l, x->c->before - 1).games);
	study_chain(x->r, "life %llu: %s", (unsigned long long)x->seed,
		    life_hash(l, LIFE_BEFORE));
	kept_net_release(&net);
	life_free(l);
	return rc;
}

void claim_keep_net(const struct claim_run *x, const struct kept_net *n,
		    int64_t games)
{
	study_network(x->r, x->g, &n->config, n->weights, games, 0);
	kept_net_put(x->r, "network", n);
}

/* The plan, then every imitator in the order of arms. */
enum err_code claim_commit(const struct claim_run *x, struct err *e)
{
	const struct study_plan *p = study_planned(x->r);
	char hash[DIGEST_SIZE];
	enum err_code rc = ERR_OK;
	struct buf all;

	buf_init(&all);
	buf_printf(&all, "plan %s\n", p->hash);
	for (const struct study_arm *a = p->study->arms; a->name && !rc; a++) {
		const void *data;
		size_t len;

		if (strncmp(a->name, "net-", 4) ||
		    claim_left_out(x->c, a->name))
			continue;
		rc = study_kept(x->r, a->name, "network", &data, &len, e);
		if (rc)
			break;
		digest_hex(data, len, hash);
		buf_printf(&all, "%s %s\n", a->name, hash);
		study_chain(x->r, "%s %s", a->name, hash);
	}
	if (!rc) {
		digest_hex(all.data, all.len, hash);
		study_keep(x->r, "commitment", hash, DIGEST_SIZE - 1);
		study_chain(x->r, "committed, with plan %s, as %s", p->hash,
			    hash);
	}
	buf_release(&all);
	return rc;
}

/* --- past the cut -------------------------------------------------------- */

/* It was continued by the commitment of this plan.  Seeds that tune have one
 * continuation for all plans. */
static enum err_code check_continued(const struct claim_run *x,
				     const struct life *l, uint64_t want,
				     struct err *e)
{
	if (x->seed >= STUDY_DEVELOPMENT || !commits(x) ||
	    life_seed(l, LIFE_AFTER) == want)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "life %s/%llu was continued by another commitment than "
		       "that of %s: what is past its cut was there before",
		       x->c->lives, (unsigned long long)x->seed,
		       study_planned(x->r)->name);
}

enum err_code claim_past(const struct claim_run *x, struct life **out,
			 struct err *e)
{
	const struct study_plan *p = study_planned(x->r);
	enum err_code rc =
		claim_make_lives(x, 0, p->seeds, p->seed_count, LIFE_AFTER, e);
	uint64_t want = 0;

	*out = NULL;
	if (!rc)
		rc = continuation(x, x->seed, &want, e);
	if (!rc)
		rc = claim_life(x, x->seed, true, out, e);
	if (!rc)
		rc = check_continued(x, *out, want, e);
	if (rc) {
		life_free(*out);
		*out = NULL;
		return rc;
	}
	study_chain(x->r, "life %llu continued by %016llx: %s",
		    (unsigned long long)x->seed,
		    (unsigned long long)life_seed(*out, LIFE_AFTER),
		    life_hash(*out, LIFE_AFTER));
	study_measure(x->r, "chained", 0, life_seed(*out, LIFE_AFTER) == want,
		      (double)NAN, (double)NAN, 0);
	return ERR_OK;
}
