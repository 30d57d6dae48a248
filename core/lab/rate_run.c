/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/rate_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/lab/keep.h"
#include "core/lab/rate_fit.h"
#include "core/rate/match.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"

/* The checkpoint to rate and whom it meets: the random agent, the rated
 * checkpoint before it and the one at half its games. */
struct rating {
	const struct rate_request *want;
	struct store *store;
	struct store_checkpoint at;
	uint64_t seed;          /* of its matches; one that can be typed */
	char opponents[3][128]; /* specs */
	int count;
};

static void name_agent(const struct rate_request *want, int64_t step,
		       char out[128])
{
	rate_agent_name(want->recipe, want->run, step, out);
}

static void choose_opponents(struct rating *r,
			     const struct store_checkpoint *rows, size_t count)
{
	const struct store_checkpoint *last = NULL, *half = NULL;

	snprintf(r->opponents[r->count++], sizeof(r->opponents[0]), "random");
	for (size_t i = 0; i < count; i++) {
		const struct store_checkpoint *c = &rows[i];

		if (isnan(c->elo) || c->step >= r->at.step)
			continue;
		last = c;
		if (c->games * 2 <= r->at.games)
			half = c;
	}
	if (last)
		name_agent(r->want, last->step, r->opponents[r->count++]);
	if (half && half != last)
		name_agent(r->want, half->step, r->opponents[r->count++]);
}

static enum store_status save_figures(struct rating *r,
				      const char *const names[3],
				      const double values[3])
{
	enum store_status st = STORE_OK;

	for (int i = 0; i < 3 && st == STORE_OK; i++) {
		struct store_metric m = {
			.step = r->at.step,
			.games = r->want->games,
			.time_ms = r->want->time_ms,
			.value = values[i],
		};

		if (isfinite(values[i]))
			st = store_metric_add(r->store, r->want->run_id,
					      names[i], &m);
	}
	return st;
}

/* All of the game anew: what this checkpoint showed says something of those
 * that it met, too. */
static enum err_code save_rating(struct rating *r, struct rate_fit *fit,
				 const char *spec, struct err *e)
{
	static const char *const names[] = {"elo", "elo.low", "elo.high"};
	struct store_rating row = rate_fit_row(fit, rate_fit_find(fit, spec),
					       r->want->game->name);
	double elo[3] = {row.elo, row.elo_low, row.elo_high};
	enum store_status st;
	enum err_code rc = rate_fit_keep(fit, r->store, r->want->game->name, e);

	if (rc)
		return rc;
	st = store_checkpoint_rate(r->store, r->at.id, elo[0], elo[1], elo[2]);
	if (st == STORE_OK)
		st = save_figures(r, names, elo);
	return lab_error(r->store, st, e);
}

/* The matches and, in one transaction with them, the rating, if the fit is that
 * of all matches there are then.  *saved: it was. */
static enum err_code save_newest(struct rating *r, const char *spec,
				 const struct store_match *played,
				 struct rate_fit *fit, bool last, bool *saved,
				 struct err *e)
{
	enum err_code rc = ERR_OK;
	int64_t id;

	for (int i = 0; i < r->count && !rc; i++)
		rc = lab_error(r->store,
			       store_match_add(r->store, &played[i], &id), e);
	if (!rc)
		rc = rate_fit_holds(fit, r->store, r->want->game->name, saved,
				    e);
	*saved |= last;
	if (!rc && *saved)
		rc = save_rating(r, fit, spec, e);
	if (!rc && *saved)
		return lab_error(r->store, store_commit(r->store), e);
	store_rollback(r->store);
	return rc;
}

/* What was played, as it is stored and as the fit counts it before. */
static void list_matches(const struct rating *r, const char *spec,
			 const struct match_result *results,
			 struct store_match out[3])
{
	for (int i = 0; i < r->count; i++) {
		out[i] = (struct store_match){
			.game = r->want->game->name,
			.first = spec,
			.second = r->opponents[i],
			.seed = r->seed,
			.openings = "random:4",
			.run_id = r->want->run_id,
			.step = r->at.step,
		};
		keep_match_figures(&out[i], &results[i]);
	}
}

/* Fitted without a lock: again where others played meanwhile, but not for
 * ever. */
static enum err_code fit_newest(struct rating *r, const char *spec,
				const struct match_result *results,
				bool (*tick)(void *ctx), void *ctx,
				struct err *e)
{
	struct store_match played[3];
	bool saved = false;
	enum err_code rc = ERR_OK;

	list_matches(r, spec, results, played);
	for (int tries = 1; !saved && !rc; tries++) {
		struct rate_fit fit;

		rc = rate_fit_make(&fit, r->store, r->want->game->name, played,
				   (size_t)r->count, tick, ctx, e);
		if (!rc)
			rc = lab_error(r->store, lab_begin(r->store, tick, ctx),
				       e);
		if (!rc)
			rc = save_newest(r, spec, played, &fit,
					 tries == RATE_FITS_MOST, &saved, e);
		rate_fit_release(&fit);
	}
	return rc;
}

static enum err_code rate_newest(struct lab *lab, struct rating *r,
				 struct pool *pool, bool (*tick)(void *ctx),
				 void *ctx, struct err *e)
{
	struct match_openings openings = {.random_plies = 4};
	struct match_result results[3];
	char spec[128];
	enum err_code rc = ERR_OK;

	name_agent(r->want, r->at.step, spec);
	for (int i = 0; i < r->count && !rc; i++) {
		struct match_request m = {
			.game = r->want->game,
			.agents = {spec, r->opponents[i]},
			.source = lab_agents(lab),
			.openings = &openings,
			.games = r->want->recipe->rate_match_games,
			.seed = r->seed,
		};

		rc = match_play(&m, pool, NULL, tick, ctx, &results[i], e);
	}
	return rc ? rc : fit_newest(r, spec, results, tick, ctx, e);
}

/* A one-player game: the match and its mean points. */
static enum err_code save_alone(struct rating *r, const char *spec,
				const struct match_result *result,
				struct err *e)
{
	static const char *const names[] = {"score", "score.low", "score.high"};
	struct stat_mean points = stat_mean_of(&result->points);
	const double values[3] = {points.mean, points.low, points.high};
	struct store_match row = {
		.game = r->want->game->name,
		.first = spec,
		.seed = r->want->seed,
		.openings = "random:4",
		.run_id = r->want->run_id,
		.step = r->at.step,
	};
	enum store_status st;
	int64_t id;

	keep_match_figures(&row, result);
	st = store_match_add(r->store, &row, &id);
	if (st == STORE_OK)
		st = save_figures(r, names, values);
	return lab_error(r->store, st, e);
}

static enum err_code rate_alone(struct lab *lab, struct rating *r,
				struct pool *pool, bool (*tick)(void *ctx),
				void *ctx, double *score, struct err *e)
{
	struct match_openings openings = {.random_plies = 4};
	struct match_result result;
	char spec[128];
	struct match_request m = {
		.game = r->want->game,
		.agents = {spec, NULL},
		.source = lab_agents(lab),
		.openings = &openings,
		.games = r->want->recipe->rate_match_games,
		.seed = r->want->seed,
	};
	enum err_code rc;

	name_agent(r->want, r->at.step, spec);
	rc = match_play(&m, pool, NULL, tick, ctx, &result, e);
	if (!rc)
		rc = lab_error(r->store, lab_begin(r->store, tick, ctx), e);
	if (rc)
		return rc;
	*score = stat_mean_of(&result.points).mean;
	rc = save_alone(r, spec, &result, e);
	if (rc)
		store_rollback(r->store);
	else
		rc = lab_error(r->store, store_commit(r->store), e);
	return rc;
}

/* Whether the newest checkpoint has a score already; *score: the last one. */
static enum err_code find_score(struct rating *r, bool *rated, double *score,
				struct err *e)
{
	struct store_metric *rows;
	struct store_bag bag = {0};
	size_t count;
	enum store_status st = store_metric_list(
		r->store, &bag, r->want->run_id, "score", 0, &rows, &count);

	*rated = st == STORE_OK && count && rows[count - 1].step == r->at.step;
	if (st == STORE_OK && count)
		*score = rows[count - 1].value;
	store_bag_release(&bag);
	return lab_error(r->store, st, e);
}

enum err_code rate_run(struct lab *lab, const struct rate_request *want,
		       struct pool *pool, bool (*tick)(void *ctx), void *ctx,
		       double *score, struct err *e)
{
	bool alone = want->game->player_count == 1, rated = false;
	struct rating r = {.want = want, .store = lab_store(lab)};
	struct store_checkpoint *rows;
	struct store_bag bag = {0};
	enum err_code rc;
	size_t count;

	rc = lab_error(r.store,
		       store_checkpoint_list(r.store, &bag, want->run_id, &rows,
					     &count),
		       e);
	*score = (double)NAN;
	if (!rc && count) {
		r.at = rows[count - 1];
		r.seed = rng_mix(want->seed, (uint64_t)r.at.step) >> 1;
	}
	if (!rc && count && alone) {
		rc = find_score(&r, &rated, score, e);
		if (!rc && !rated)
			rc = rate_alone(lab, &r, pool, tick, ctx, score, e);
	} else if (!rc && count && isnan(r.at.elo)) {
		choose_opponents(&r, rows, count);
		rc = rate_newest(lab, &r, pool, tick, ctx, e);
	}
	store_bag_release(&bag);
	return rc;
}
