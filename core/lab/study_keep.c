/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_keep.h"

#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/study/plan.h"
#include "store/game.h"
#include "store/run.h"

static enum store_status keep_figures(struct store *s,
				      const struct store_trial *t,
				      const struct study_result *made)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; i < made->measure_count && !st; i++) {
		const struct study_measured *m = &made->measures[i];
		struct store_measure measure = {
			.arm_id = t->arm_id,
			.name = m->name,
			.seed = t->seed,
			.x = m->x,
			.value = m->value,
			.low = m->low,
			.high = m->high,
			.n = m->n,
		};

		st = store_measure_add(s, &measure);
	}
	return st;
}

static enum store_status keep_blobs(struct store *s,
				    const struct store_trial *t,
				    const struct study_result *made)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; i < made->blob_count && !st; i++) {
		const struct study_blob *b = &made->blobs[i];
		struct store_kept k = {
			.trial_id = t->id,
			.name = b->name,
			.sha256 = b->sha256,
			.bytes = (int64_t)b->len,
		};

		st = store_kept_add(s, &k, b->data);
	}
	for (size_t i = 0; i < made->ledger_count && !st; i++) {
		struct store_ledger l = {
			.block = made->ledger[i].block,
			.loss = made->ledger[i].loss,
			.norm = made->ledger[i].norm,
		};

		st = store_ledger_add(s, t->id, (int)i, &l);
	}
	return st;
}

/* The run of the arm's networks and games. */
static enum err_code find_run(struct store *s, const char *study,
			      const struct store_arm *arm, const char *game,
			      int64_t *id, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run run;
	struct buf name, build, host;
	enum store_status st;
	enum err_code rc = ERR_OK;

	buf_init(&name);
	buf_init(&build);
	buf_init(&host);
	study_plan_run(study, arm->name, &name);
	st = store_run_find(s, &bag, name.data, &run);
	if (st == STORE_NOTFOUND) {
		lab_build(&build);
		lab_host(&host);
		run = (struct store_run){
			.name = name.data,
			.kind = "study",
			.game = game,
			.config = "",
			.build = build.data,
			.host = host.data,
			.status = "done",
			.source = study,
		};
		st = store_run_add(s, &run, &run.id);
	} else if (!st &&
		   (strcmp(run.kind, "study") || strcmp(run.game, game))) {
		rc = err_set(e, ERR_USAGE,
			     "there is a run %s that is not this study's: "
			     "study %s keeps its networks under this name; "
			     "choose another with --as",
			     name.data, study);
	}
	*id = run.id;
	buf_release(&name);
	buf_release(&build);
	buf_release(&host);
	store_bag_release(&bag);
	return rc ? rc : lab_error(s, st, e);
}

static enum store_status keep_net(struct store *s, int64_t run_id,
				  const struct store_trial *t,
				  const struct study_net *n)
{
	struct store_checkpoint c = {
		.run_id = run_id,
		.step = (int64_t)t->seed,
		.network = n->config,
		.games = n->games,
		.samples = n->samples,
		.elo = (double)NAN,
		.elo_low = (double)NAN,
		.elo_high = (double)NAN,
	};

	return store_checkpoint_add(s, &c, n->params, n->count, NULL);
}

static enum store_status keep_games(struct store *s, int64_t run_id,
				    const struct store_trial *t,
				    const struct study_result *made)
{
	enum store_status st = STORE_OK;

	for (size_t i = 0; i < made->played_count && !st; i++) {
		const struct study_played *p = &made->played[i];
		struct store_game row = {
			.run_id = run_id,
			.game = p->game,
			.first = p->first,
			.second = p->second,
			.opening = p->opening,
			.moves = p->moves,
			.plies = p->plies,
			.result = p->result,
			.score = (double)NAN,
			.ended = "rules",
			.purpose = "study",
			.seed = t->seed,
			.step = (int64_t)t->seed,
		};
		struct game g;
		struct buf facts;

		/* What its record counts, and its score, where it has one. */
		buf_init(&facts);
		if (game_init(&g, p->game, NULL) == ERR_OK)
			keep_line_facts(&g, &row, &facts);
		st = store_game_add(s, &row, NULL);
		buf_release(&facts);
	}
	return st;
}

static const char *hash_or_none(const char *hash)
{
	return *hash ? hash : NULL;
}

enum err_code study_lab_keep(struct store *s, const char *study,
			     struct store_arm *arm, struct store_trial *t,
			     const struct study_result *made, struct err *e)
{
	const char *game = made->net.game       ? made->net.game
			   : made->played_count ? made->played[0].game
						: NULL;
	enum store_status st = STORE_OK;
	enum err_code rc = ERR_OK;

	t->games = made->games;
	t->state_bytes = made->state_bytes;
	t->flops_per_move = made->flops_per_move;
	t->scored = made->scored;
	t->trained_on = made->trained_on;
	t->weights_before = hash_or_none(made->before);
	t->weights_after = hash_or_none(made->after);
	if (game)
		rc = find_run(s, study, arm, game, &arm->run_id, e);
	if (rc)
		return rc;
	if (made->net.game)
		st = keep_net(s, arm->run_id, t, &made->net);
	if (!st)
		st = keep_figures(s, t, made);
	if (!st)
		st = keep_blobs(s, t, made);
	if (!st)
		st = keep_games(s, arm->run_id, t, made);
	if (!st)
		st = store_trial_finish(s, t);
	return lab_error(s, st, e);
}
