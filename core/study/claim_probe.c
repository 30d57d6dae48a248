/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
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
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

/*
 * What an imitator sees in what it reads, on lives that nobody trained on, up
 * to their cut.
 *
 * told: four games of one stage and four of another, about 1.4 times as many
 * games later.  Of the two orders in which they can be read, the later stage
 * last or first, the imitator takes that for the true one in which it finds the
 * moves that were played likelier.
 *
 * probe: by how much its policy misses the learner's, in nats a position: after
 * so many other games of the same stage; after the games before in true order;
 * and after the same ones in any order.
 */

enum {
	GAMES = 4,  /* of each of two stages */
	DRAWS = 4,  /* of each pair of stages */
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

/* A task: one sequence. */
static void ask(void *ctx, int number, int worker)
{
	struct asking *a = ctx;
	const struct lives_sequence *s = &a->sequences[number];
	const struct net_config *c = &a->net->config;
	struct net_work *work = net_work_new(a->net->plan, s->rows);
	float *logits = mem_floats((size_t)s->rows * (size_t)c->moves);
	float *out[NET_HEADS] = {[NET_POLICY] = logits};
	struct dataset_room room;
	int at = 0;

	(void)worker;
	dataset_room_init(&room, c, s->rows);
	lives_view_read(a->view, s, &room);
	net_infer(a->net->plan, work, NULL, &room.batch, out);
	for (int i = 0; i < s->count; i++) {
		struct lives_game g =
			lives_data_game(a->view->lives, s->life,
					s->games[i].stage, s->games[i].game);

		for (int ply = 0; ply < g.count; ply++, at++) {
			struct net_row row = net_rows_at(&room.rows, at);

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
}

/* made[count * LIVES_GAMES]. */
static enum err_code ask_all(const struct claim_run *x,
			     const struct kept_net *net,
			     const struct lives_view *v,
			     const struct lives_sequence *s, int count,
			     struct made *made, struct err *e)
{
	memset(made, 0, (size_t)count * LIVES_GAMES * sizeof(*made));
	for (int i = 0; i < count; i += SLICE) {
		struct asking a = {net, v, s + i, made + i * LIVES_GAMES};

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

	for (int l = 0; l < lives_data_count(v->lives); l++)
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

static double is_right(const struct lives_sequence *s, const struct made *m)
{
	double more = likelihood(m, s[0].count) -
		      likelihood(m + LIVES_GAMES, s[1].count);

	return more > 0 ? 1 : more < 0 ? 0 : 0.5;
}

static enum err_code tell_later(const struct claim_run *x,
				const struct kept_net *net,
				const struct lives_view *v, struct err *e)
{
	int lives = lives_data_count(v->lives);
	size_t most = (size_t)lives * (size_t)x->c->before * DRAWS * 2;
	struct lives_sequence *s = mem_alloc(most * sizeof(*s));
	struct made *made = mem_alloc(most * LIVES_GAMES * sizeof(*made));
	int n = pairs_of(x, v, s), each = n / lives;
	enum err_code rc = ask_all(x, net, v, s, n, made, e);
	struct stat_sums sums = {0, 0, 0};

	for (int l = 0; l < lives && each && !rc; l++) {
		double right = 0;

		for (int i = l * each; i < (l + 1) * each; i += 2)
			right += is_right(s + i, made + i * LIVES_GAMES);
		stat_add(&sums, right / (each / 2));
	}
	if (!rc && each)
		tell(x, "told", 0, &sums);
	free(s);
	free(made);
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
	int lives = lives_data_count(v->lives), stages = x->c->before;
	size_t n = (size_t)lives * (size_t)stages;
	struct lives_sequence *s = mem_alloc(n * sizeof(*s));
	struct made *made = mem_alloc(n * LIVES_GAMES * sizeof(*made));
	struct missed *sums = mem_zalloc((size_t)lives, sizeof(*sums));
	enum err_code rc;

	for (int i = 0; i < (int)n; i++)
		probe_sequence(x, v, p, i / stages, i % stages, &s[i]);
	rc = ask_all(x, net, v, s, (int)n, made, e);
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
	struct lives_data *lives = NULL;
	struct lives_view v;
	enum err_code rc =
		kept_net_find(x->r, x->g, "net-strict", "network", &net, e);

	if (!rc)
		rc = claim_unseen(x, &lives, e);
	if (!rc) {
		v = claim_view(x->c, lives);
		rc = tell_later(x, &net, &v, e);
	}
	for (int p = 0; p < PROBES && !rc; p++)
		rc = probe(x, &net, &v, p, e);
	lives_data_free(lives);
	kept_net_release(&net);
	return rc;
}
