/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/rate/duel.h"
#include "core/rate/match.h"
#include "core/rate/positions.h"
#include "core/rate/regret.h"
#include "core/rate/tally.h"
#include "core/study/claim_int.h"
#include "core/study/claim_score.h"
#include "core/study/custody.h"
#include "core/study/kept_net.h"
#include "core/study/plan.h"
#include "core/study/study.h"

/* Direct matches from openings that all arms of a seed share, and the custody
 * of who plays in them. */

/* --- names --------------------------------------------------------------- */

/* The network of an arm as the lab calls it: "claim.desk.teacher/3". */
static void lab_name(const struct claim_run *x, const char *arm,
		     struct buf *out)
{
	struct buf spec;

	buf_init(&spec);
	study_agent(x->r, arm, &spec);
	buf_puts(out, strchr(spec.data, ':') + 1);
	buf_release(&spec);
}

/* A spec with the first network by its name in the lab. */
static void lab_spec(const struct claim_run *x, const struct claim_player *p,
		     char *out, size_t size)
{
	const char *arm, *at;
	struct buf name;
	char *own;

	if (!p->net_count) {
		snprintf(out, size, "%s", p->spec);
		return;
	}
	arm = p->nets->arm ? p->nets->arm : x->arm->name;
	own = mem_printf("%s/0", p->nets->name);
	at = strstr(p->spec, own);
	buf_init(&name);
	lab_name(x, arm, &name);
	if (at)
		snprintf(out, size, "%.*s%s%s", (int)(at - p->spec), p->spec,
			 name.data, at + strlen(own));
	else
		snprintf(out, size, "%s", p->spec);
	buf_release(&name);
	free(own);
}

/* --- matches ------------------------------------------------------------- */

static bool goes_on(void *ctx)
{
	const struct claim_scoring *s = ctx;

	return study_goes_on(s->x->r);
}

static void show_game(struct claim_scoring *s, const struct match_game *g)
{
	const struct game *game = s->x->g;
	void *start = game_state_new(game, 0);
	struct buf moves;

	assert(s->other);
	buf_init(&moves);
	game_line_text(game, start, g->moves, g->count, &moves);
	study_play(s->x->r, &(struct study_game){
				    .game = game,
				    .first = g->first ? s->other : s->own,
				    .second = g->first ? s->own : s->other,
				    .moves = moves.data,
				    .plies = g->count,
				    .opening = g->opening,
				    .result = (double)g->first_result,
			    });
	buf_release(&moves);
	free(start);
}

static void on_game(void *ctx, const struct match_game *g)
{
	struct claim_scoring *s = ctx;

	if (s->regret)
		regret_add(s->regret, g->moves, g->count, g->opening, g->first);
	if (s->shown-- > 0)
		show_game(s, g);
}

static void add_tally(struct tally *t, const struct tally *more)
{
	t->games += more->games;
	t->distinct_games += more->distinct_games;
	t->pairs += more->pairs;
	t->distinct_pairs += more->distinct_pairs;
	t->openings += more->openings;
	for (size_t i = 0; i < ARRAY_LEN(t->outcome); i++)
		t->outcome[i] += more->outcome[i];
	for (size_t i = 0; i < ARRAY_LEN(t->single); i++)
		t->single[i] += more->single[i];
}

/* Beside its networks a player has none. */
static enum err_code no_network(void *self, const char *run, const char *step,
				const struct game *g,
				const struct net_plan **plan, int64_t *loaded,
				struct err *e)
{
	(void)self, (void)step, (void)g, (void)plan, (void)loaded;
	return err_set(e, ERR_NOTFOUND, "no network '%s'", run);
}

/* One tail's share of the openings. */
static enum err_code meet_some(struct claim_scoring *s,
			       const struct claim_opponent *o, int tail,
			       int from, int to, struct claim_met *out,
			       struct err *e)
{
	const struct claim_player *p = s->p;
	struct agent_source source = {.load = no_network, .kinds = p->kinds};
	struct duel_past past;
	struct duel d = {
		.game = s->x->g,
		.agents = {p->spec, o->spec},
		.nets = s->nets,
		.net_count = p->net_count,
		.source = &source,
		.known = &s->met,
		.plies = s->x->c->opening_plies,
		.skip = from,
		.pairs = to - from,
		.seed = rng_mix(s->x->seed, CLAIM_OPENINGS),
		.done = on_game,
		.goes_on = goes_on,
		.ctx = s,
	};
	struct duel_result r;
	enum err_code rc;

	if (o->net)
		s->nets[d.net_count++] = (struct duel_net){"other", o->net};
	if (p->tail_count) {
		past = (struct duel_past){p->nets->name, p->tails[tail].games,
					  p->tails[tail].count};
		d.pasts = &past;
		d.past_count = 1;
	}
	rc = duel_play(&d, study_pool(s->x->r), &r, e);
	if (rc)
		return rc;
	add_tally(&out->tally, &r.games.tally);
	out->scored += r.scored;
	out->known += r.known;
	return ERR_OK;
}

enum err_code claim_scoring_meet(struct claim_scoring *s,
				 const struct claim_opponent *o,
				 struct claim_met *out, struct err *e)
{
	int tails = s->p->tail_count ? s->p->tail_count : 1;
	enum err_code rc = ERR_OK;
	struct stat_elo elo;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < tails && !rc; i++) {
		int from = o->pairs * i / tails,
		    to = o->pairs * (i + 1) / tails;

		study_progress(s->x->r, i, tails, "plays for %s", o->measure);
		if (from < to)
			rc = meet_some(s, o, i, from, to, out, e);
	}
	if (rc)
		return rc;
	elo = tally_elo(&out->tally);
	study_measure(s->x->r, o->measure, s->p->x, elo.elo, elo.low, elo.high,
		      out->tally.distinct_pairs);
	return ERR_OK;
}

/* Against a network that an arm has kept. */
enum err_code claim_scoring_meet_arm(struct claim_scoring *s, const char *arm,
				     uint64_t seed, int pairs,
				     const char *measure, struct claim_met *out,
				     struct err *e)
{
	struct claim_opponent o = {
		.spec = "policy:other/0", .pairs = pairs, .measure = measure};
	struct kept_net net = {0};
	struct buf name;
	const void *data;
	size_t len;
	enum err_code rc =
		study_kept_at(s->x->r, arm, seed, "network", &data, &len, e);

	if (!rc)
		rc = kept_net_load(&net, s->x->g, data, len, e);
	if (rc)
		return rc;
	buf_init(&name);
	study_agent(s->x->r, arm, &name);
	o.net = net.plan;
	s->other = name.data;
	rc = claim_scoring_meet(s, &o, out, e);
	s->shown = 0;
	s->other = NULL;
	buf_release(&name);
	kept_net_release(&net);
	return rc;
}

/* --- custody ------------------------------------------------------------- */

/* Of several networks: of their hashes one after the other. */
void claim_scoring_tell(const struct claim_scoring *s)
{
	struct buf before, after;
	char now[DIGEST_SIZE], then[DIGEST_SIZE];

	buf_init(&before);
	buf_init(&after);
	for (int i = 0; i < s->p->net_count; i++) {
		custody_holds(s->held[i], now);
		buf_puts(&before, custody_digest(s->held[i]));
		buf_puts(&after, now);
	}
	if (!s->p->net_count) {
		/* There is nothing that could change. */
	} else if (s->p->net_count == 1) {
		study_custody(s->x->r, before.data, after.data);
	} else {
		digest_hex(before.data, before.len, then);
		digest_hex(after.data, after.len, now);
		study_custody(s->x->r, then, now);
	}
	buf_release(&before);
	buf_release(&after);
}

/* What was met in all lives that imitators were trained on, too, in studies
 * that have such. */
static enum err_code read_met(struct claim_scoring *s, struct err *e)
{
	const void *data;
	size_t len;
	enum err_code rc;

	if (!study_arm_find(study_planned(s->x->r)->study, "histories"))
		return ERR_OK;
	rc = study_kept(s->x->r, "histories", "met", &data, &len, e);
	if (!rc && !positions_load(&s->met, data, len))
		rc = err_set(e, ERR_FORMAT,
			     "what was met in the histories is not what was "
			     "kept");
	return rc;
}

enum err_code claim_scoring_open(struct claim_scoring *s, struct err *e)
{
	const struct claim_run *x = s->x;
	const struct claim_player *p = s->p;
	struct life *l;
	enum err_code rc = claim_life(x, x->seed, false, &l, e);

	assert(p->net_count >= 0 && p->net_count <= CLAIM_MOST_NETS);
	if (rc)
		return rc;
	positions_init(&s->met, x->g);
	claim_met(l, &s->met);
	life_free(l);
	rc = read_met(s, e);
	if (rc)
		return rc;
	for (int i = 0; i < p->net_count; i++) {
		const struct claim_net *n = &p->nets[i];

		s->held[i] = custody_new(&n->net->config, n->net->weights);
		s->nets[i] =
			(struct duel_net){n->name, custody_plan(s->held[i])};
	}
	lab_spec(x, p, s->own, sizeof(s->own));
	return ERR_OK;
}

void claim_scoring_close(struct claim_scoring *s)
{
	for (int i = 0; i < s->p->net_count; i++)
		custody_free(s->held[i]);
	regret_free(s->regret);
	positions_release(&s->met);
}
