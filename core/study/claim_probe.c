/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/lives_data.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/loss.h"
#include "core/net/net.h"
#include "core/rate/ridge.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

/*
 * What an imitator sees in what it reads, on lives that nobody trained on, up
 * to their cut.
 *
 * told: which of two stages is later, the one with about 1.4 times as many
 * games as the other, from four games of each.  Of the two orders in which all
 * eight can be read, the imitator takes that for the true one in which it finds
 * the moves that were played likelier.  Either order asks it for a stage after
 * the one that it read.  Counted are pairs of which both are stages before the
 * cut: an imitator that cannot go on past what it has seen should not fail at
 * reading for that, and whether it can is what the arms are for.  told/edge has
 * the pairs at the cut, which ask for more, and told/stage has all.
 *
 * told/probe: the same by a linear probe.  The imitator reads the four games of
 * a stage and then two more that are always the same; what it says of these is
 * all that differs from stage to stage.  The probe, fitted to stages of the
 * lives that were trained on, says how late each is.
 *
 * probe: by how much its policy misses the learner's, in nats a position: after
 * so many other games of the same stage; after the games before in true order;
 * and after the same ones in any order.
 */

enum {
	GAMES = 4,  /* of each of two stages */
	DRAWS = 24, /* of each pair of stages */
	FIXED = 2,  /* games that the probe looks at */
	SLICE = 64, /* sequences between two looks at the clock */
};

/* What an imitator makes of one game. */
struct made {
	double played; /* log of the chance of its moves */
	double missed; /* KL(learner || imitator), summed */
	int positions;
};

struct asking {
	const struct kept_net *net;
	const struct lives_view *view;
	const struct lives_sequence *sequences;
	struct made *made; /* [sequences * LIVES_GAMES] */
	/* (optional) What is said of the last `fixed` rows of each. */
	float *said; /* (sequences, fixed, moves + 3) */
	int fixed;
};

static void ask_position(int moves, const float *logits, const float *target,
			 int played, struct made *out)
{
	float p[2048], unused[2048];
	double entropy = 0;

	assert(moves <= (int)ARRAY_LEN(p));
	out->missed += loss_choice(moves, logits, target, 0, p, unused);
	for (int m = 0; m < moves; m++)
		if (target[m] > 0)
			entropy -= (double)target[m] * log((double)target[m]);
	out->missed -= entropy;
	out->played += log((double)p[played] + 1e-12);
	out->positions++;
}

/* Of a row: the logs of the chances of moves, 0 of those that are illegal, and
 * the chances of how the game ends. */
static void take_said(int moves, const float *logits, const float *target,
		      const float *result, float *out)
{
	float p[2048], unused[2048];

	loss_choice(moves, logits, target, 0, p, unused);
	for (int m = 0; m < moves; m++)
		out[m] = target[m] >= 0 ? logf(p[m] + 1e-6f) : 0;
	memcpy(out + moves, result, 3 * sizeof(*out));
}

/* A task: one sequence. */
static void ask(void *ctx, int number, int worker)
{
	struct asking *a = ctx;
	const struct lives_sequence *s = &a->sequences[number];
	const struct net_config *c = &a->net->config;
	struct net_work *work = net_work_new(a->net->plan, s->rows);
	float *logits = mem_floats((size_t)s->rows * (size_t)c->moves);
	float *result = mem_floats((size_t)s->rows * 3);
	float *out[NET_HEADS] = {[NET_POLICY] = logits, [NET_RESULT] = result};
	struct dataset_room room;
	int at = 0, wide = c->moves + 3, first = s->rows - a->fixed;

	(void)worker;
	dataset_room_init(&room, c, s->rows);
	lives_view_read(a->view, s, &room);
	net_infer(a->net->plan, work, NULL, &room.batch, out);
	for (int i = 0; i < s->count; i++) {
		struct lives_game g =
			lives_data_game(a->view->lives, s->games[i].life,
					s->games[i].stage, s->games[i].game);

		for (int ply = 0; ply < g.count; ply++, at++) {
			struct net_row row = net_rows_at(&room.rows, at);
			size_t to = (size_t)(number * a->fixed + at - first);

			if (a->said && at >= first)
				take_said(c->moves, logits + at * c->moves,
					  row.target[NET_POLICY],
					  result + at * 3,
					  a->said + to * (size_t)wide);
			if (*row.weight[NET_POLICY] > 0)
				ask_position(
					c->moves, logits + at * c->moves,
					row.target[NET_POLICY], g.moves[ply],
					&a->made[number * LIVES_GAMES + i]);
		}
	}
	assert(at == s->rows);
	dataset_room_release(&room);
	net_work_free(work);
	free(logits);
	free(result);
}

static enum err_code ask_all(const struct claim_run *x,
			     const struct asking *all, int count, struct err *e)
{
	size_t wide = (size_t)all->net->config.moves + 3;

	memset(all->made, 0, (size_t)count * LIVES_GAMES * sizeof(*all->made));
	for (int i = 0; i < count; i += SLICE) {
		struct asking a = *all;

		a.sequences += i;
		a.made += i * LIVES_GAMES;
		if (a.said)
			a.said += (size_t)(i * a.fixed) * wide;

		study_progress(x->r, i, count, "reads: %d of %d", i, count);
		if (!study_goes_on(x->r))
			return err_set(e, ERR_CANCELLED, "stopped");
		pool_run(study_pool(x->r),
			 count - i < SLICE ? count - i : SLICE, ask, &a);
	}
	return ERR_OK;
}

/* --- which stage is later ------------------------------------------------ */

/* Stages of the grid that are nearest to 1.4 times the games. */
static int apart(const struct claim_conf *c)
{
	double ratio = pow((double)c->games / c->cut, 1.0 / c->after);
	int n = (int)lround(log(1.4) / log(ratio));

	return n < 1 ? 1 : n;
}

/* The last games of `a`, after those of `b`. */
static void join(const struct lives_sequence *a, const struct lives_sequence *b,
		 int gap, struct lives_sequence *out)
{
	*out = *a;
	for (int i = 0; i < b->count; i++) {
		out->games[out->count] = b->games[i];
		out->games[out->count++].gap = i ? 0 : gap;
	}
	out->rows += b->rows;
}

/* So many games of one stage, as long as they fit in `rows`. */
static void take(const struct lives_view *v, int life, int stage, int games,
		 int rows, uint64_t chance, struct lives_sequence *out)
{
	/* An earlier stage than 0 is none. */
	struct lives_tail t = {life, stage, stage + 1, games, rows};
	struct dataset_chance by = {CLAIM_PROBE, (uint64_t)stage, chance};

	lives_view_tail(v, &t, &by, out);
}

/* Both orders of each pair: the true one first. */
static int pairs_of(const struct claim_run *x, const struct lives_view *v,
		    struct lives_sequence *out)
{
	int gap = apart(x->c), half = v->rows / 2, n = 0;

	for (int l = claim_lives(x->c, false); l < lives_data_count(v->lives);
	     l++)
		for (int s = 0; s + gap < x->c->before; s++)
			for (int i = 0; i < DRAWS; i++) {
				struct lives_sequence early, late;

				take(v, l, s, GAMES, half, (uint64_t)i, &early);
				take(v, l, s + gap, GAMES, half, (uint64_t)i,
				     &late);
				join(&early, &late, gap, &out[n++]);
				join(&late, &early, gap, &out[n++]);
			}
	return n;
}

static double likelihood(const struct made *m, int games)
{
	double sum = 0;

	for (int i = 0; i < games; i++)
		sum += m[i].played;
	return sum;
}

/* A mean over lives. */
static void tell(const struct claim_run *x, const char *name, int games,
		 const struct stat_sums *s)
{
	struct stat_mean m = stat_mean_of(s);

	study_measure(x->r, name, games, m.mean, m.low, m.high, s->count);
}

/* Of pairs from..to - 1, the mean of each life. */
static void tell_share(const struct claim_run *x, const char *name,
		       const double *right, int lives, int pairs, int from,
		       int to)
{
	struct stat_sums all = {0, 0, 0};

	for (int l = 0; l < lives && from < to; l++) {
		double sum = 0;

		for (int s = from; s < to; s++)
			sum += right[l * pairs + s];
		stat_add(&all, sum / (to - from));
	}
	if (all.count)
		tell(x, name, 0, &all);
}

/* Shares of pairs that are right, (lives, stages - gap). */
static void tell_right(const struct claim_run *x, const char *name,
		       const double *right, int lives)
{
	int gap = apart(x->c), pairs = x->c->before - gap;
	int counted = pairs - gap > 0 ? pairs - gap : 0;
	char by_stage[32], edge[32];

	snprintf(by_stage, sizeof(by_stage), "%s/stage", name);
	snprintf(edge, sizeof(edge), "%s/edge", name);
	for (int s = 0; s < pairs; s++) {
		struct stat_sums one = {0, 0, 0};

		for (int l = 0; l < lives; l++)
			stat_add(&one, right[l * pairs + s]);
		tell(x, by_stage, s, &one);
	}
	tell_share(x, name, right, lives, pairs, 0, counted);
	tell_share(x, edge, right, lives, pairs, counted, pairs);
}

static double is_right(const struct lives_sequence *s, const struct made *m)
{
	double more = likelihood(m, s[0].count) -
		      likelihood(m + LIVES_GAMES, s[1].count);

	return more > 0 ? 1 : more < 0 ? 0 : 0.5;
}

static enum err_code tell_by_moves(const struct claim_run *x,
				   const struct kept_net *net,
				   const struct lives_view *v, struct err *e)
{
	int lives = lives_data_count(v->lives) - claim_lives(x->c, false);
	size_t most = (size_t)lives * (size_t)x->c->before * DRAWS * 2;
	struct lives_sequence *s = mem_alloc(most * sizeof(*s));
	struct made *made = mem_alloc(most * LIVES_GAMES * sizeof(*made));
	double *right = mem_zalloc(most, sizeof(*right));
	struct asking a = {.net = net, .view = v, .sequences = s, .made = made};
	int n = pairs_of(x, v, s);
	enum err_code rc = ask_all(x, &a, n, e);

	for (int i = 0; i < n && !rc; i += 2)
		right[i / 2 / DRAWS] +=
			is_right(s + i, made + i * LIVES_GAMES) / DRAWS;
	if (!rc)
		tell_right(x, "told", right, lives);
	free(s);
	free(made);
	free(right);
	return rc;
}

/* --- the same by a probe --------------------------------------------------
 */

static const double PROBE_RIDGE = 0.1;

/* Games of a stage, then those that are always the same. */
static void probed_sequence(const struct lives_view *v, int life, int stage,
			    int draw, struct lives_sequence *out)
{
	int last = lives_data_stages(v->lives, 0) - 1;

	take(v, life, stage, GAMES, v->rows / 2, (uint64_t)draw, out);
	for (int i = 0; i < FIXED && i < lives_data_games(v->lives, 0, last);
	     i++) {
		struct lives_game g = lives_data_game(v->lives, 0, last, i);

		if (v->rows / 2 + g.count * FIXED > v->rows)
			break;
		out->games[out->count++] = (struct lives_pick){0, last, i, 0};
		out->rows += g.count;
	}
}

static int fixed_rows(const struct lives_view *v)
{
	struct lives_sequence alone, both;

	take(v, 0, 0, GAMES, v->rows / 2, 0, &alone);
	probed_sequence(v, 0, 0, 0, &both);
	return both.rows - alone.rows;
}

/* said(lives, stages, draws, features) */
struct probing {
	const struct claim_run *x;
	const float *said;
	int stages, features;
};

static const float *said_of(const struct probing *p, int life, int stage,
			    int draw)
{
	int at = (life * p->stages + stage) * DRAWS + draw;

	return p->said + (size_t)at * (size_t)p->features;
}

/* Fitted to lives 0 .. train - 1. */
static void fit(const struct probing *p, struct ridge *out)
{
	int n = claim_lives(p->x->c, false) * p->stages * DRAWS;
	double *stage = mem_zalloc((size_t)n, sizeof(*stage));

	for (int i = 0; i < n; i++)
		stage[i] = i / DRAWS % p->stages;
	ridge_fit(out, n, p->features, p->said, stage, PROBE_RIDGE);
	free(stage);
}

/* One pair of stages of a life. */
static double share_right(const struct probing *p, const struct ridge *r,
			  int life, int early, int late)
{
	double right = 0;

	for (int i = 0; i < DRAWS; i++)
		right += ridge_say(r, said_of(p, life, late, i)) >
			 ridge_say(r, said_of(p, life, early, i));
	return right / DRAWS;
}

static void tell_later(const struct probing *p, int lives)
{
	int first = claim_lives(p->x->c, false), gap = apart(p->x->c);
	int pairs = p->stages - gap;
	double *right =
		mem_zalloc((size_t)(lives * p->stages) + 1, sizeof(*right));
	struct ridge r;

	fit(p, &r);
	for (int i = 0; i < lives * pairs; i++)
		right[i] = share_right(p, &r, first + i / pairs, i % pairs,
				       i % pairs + gap);
	tell_right(p->x, "told/probe", right, lives);
	ridge_release(&r);
	free(right);
}

static enum err_code tell_by_probe(const struct claim_run *x,
				   const struct kept_net *net,
				   const struct lives_view *v, struct err *e)
{
	int lives = lives_data_count(v->lives), fixed = fixed_rows(v);
	struct probing p = {.x = x,
			    .stages = x->c->before,
			    .features = fixed * (net->config.moves + 3)};
	size_t n = (size_t)lives * (size_t)p.stages * DRAWS;
	struct lives_sequence *s = mem_alloc(n * sizeof(*s));
	struct made *made = mem_alloc(n * LIVES_GAMES * sizeof(*made));
	float *said = mem_floats(n * (size_t)p.features + 1);
	struct asking a = {net, v, s, made, said, fixed};
	enum err_code rc;

	for (int i = 0; i < (int)n; i++)
		probed_sequence(v, i / DRAWS / p.stages, i / DRAWS % p.stages,
				i % DRAWS, &s[i]);
	rc = ask_all(x, &a, (int)n, e);
	p.said = said;
	if (!rc && fixed)
		tell_later(&p, lives - claim_lives(x->c, false));
	free(s);
	free(made);
	free(said);
	return rc;
}

/* --- what reading is worth ----------------------------------------------- */

enum { MOST_BEFORE = 12 };

/* Of one kind of sequence, by life and by games before the one that counts. */
struct missed {
	struct made of[MOST_BEFORE + 1];
};

static void add_made(struct made *sum, const struct made *m)
{
	sum->missed += m->missed;
	sum->positions += m->positions;
}

static void tell_missed(const struct claim_run *x, const char *name,
			const struct missed *by_life, int lives)
{
	for (int g = 0; g <= MOST_BEFORE; g++) {
		struct stat_sums sums = {0, 0, 0};

		for (int l = 0; l < lives; l++) {
			const struct made *m = &by_life[l].of[g];

			if (m->positions)
				stat_add(&sums, m->missed / m->positions);
		}
		if (sums.count)
			tell(x, name, g, &sums);
	}
}

/* Games before the last one change places; what is said of gaps stays. */
static void mix(struct lives_sequence *s, uint64_t chance)
{
	struct rng rng;

	rng_init(&rng, CLAIM_PROBE, RNG_STUDY, chance, 0);
	for (int i = s->count - 2; i > 0; i--) {
		int j = (int)rng_below(&rng, (uint32_t)i + 1);
		struct lives_pick one = s->games[i];

		s->games[i].stage = s->games[j].stage;
		s->games[i].game = s->games[j].game;
		s->games[j].stage = one.stage;
		s->games[j].game = one.game;
	}
}

enum probe { PROBE_SAME, PROBE_ORDER, PROBE_MIXED, PROBES };

static void probe_sequence(const struct claim_run *x,
			   const struct lives_view *v, enum probe p, int life,
			   int stage, struct lives_sequence *out)
{
	struct lives_tail t = {life, stage, 1, x->c->dream_games, v->rows};
	struct dataset_chance by = {CLAIM_PROBE, (uint64_t)stage, 0};

	if (p == PROBE_SAME) {
		take(v, life, stage, MOST_BEFORE + 1, v->rows, 0, out);
		return;
	}
	lives_view_tail(v, &t, &by, out);
	if (p == PROBE_MIXED)
		mix(out, (uint64_t)stage);
}

/* Of same-stage games each counts, else the last of a sequence alone. */
static void count_missed(enum probe p, const struct lives_sequence *s,
			 const struct made *m, struct missed *out)
{
	if (p != PROBE_SAME)
		add_made(&out->of[0], &m[s->count - 1]);
	for (int i = 0; p == PROBE_SAME && i < s->count; i++)
		add_made(&out->of[i], &m[i]);
}

static enum err_code probe(const struct claim_run *x,
			   const struct kept_net *net,
			   const struct lives_view *v, enum probe p,
			   struct err *e)
{
	static const char *const names[PROBES] = {"probe/same", "probe/order",
						  "probe/mixed"};
	int first = claim_lives(x->c, false), stages = x->c->before;
	int lives = lives_data_count(v->lives) - first;
	size_t n = (size_t)lives * (size_t)stages;
	struct lives_sequence *s = mem_alloc(n * sizeof(*s));
	struct made *made = mem_alloc(n * LIVES_GAMES * sizeof(*made));
	struct missed *sums = mem_zalloc((size_t)lives, sizeof(*sums));
	struct asking a;
	enum err_code rc;

	for (int i = 0; i < (int)n; i++)
		probe_sequence(x, v, p, first + i / stages, i % stages, &s[i]);
	a = (struct asking){
		.net = net, .view = v, .sequences = s, .made = made};
	rc = ask_all(x, &a, (int)n, e);
	for (int i = 0; i < (int)n && !rc; i++)
		count_missed(p, &s[i], made + i * LIVES_GAMES,
			     &sums[i / stages]);
	if (!rc)
		tell_missed(x, names[p], sums, lives);
	free(s);
	free(made);
	free(sums);
	return rc;
}

enum err_code claim_legible(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {.weights = NULL};
	struct lives_data *lives = lives_data_new(x->g, 1);
	struct lives_view v = claim_view(x->c, lives);
	enum err_code rc =
		kept_net_find(x->r, x->g, "net-strict", "network", &net, e);

	if (!rc)
		rc = claim_seen_and_unseen(x, lives, e);
	if (!rc)
		rc = tell_by_probe(x, &net, &v, e);
	if (!rc)
		rc = tell_by_moves(x, &net, &v, e);
	for (int p = 0; p < PROBES && !rc; p++)
		rc = probe(x, &net, &v, p, e);
	lives_data_free(lives);
	kept_net_release(&net);
	return rc;
}
