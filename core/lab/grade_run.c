/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/grade_run.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/rate_fit.h"
#include "core/rate/graded.h"
#include "core/search/solver.h"
#include "store/run.h"
#include "store/store.h"

/* Names the positions; they belong to no run. */
enum { POSITIONS_SEED = 1914 };

/* Before this share of the longest game, solving takes tenths of a second a
 * position; from there on four hundred of Connect Four take about one second.
 */
enum { LATE_PARTS = 3, LATE_OF = 7 };

/* --- curves -------------------------------------------------------------- */

static const char *const metric_names[] = {"grade.class", "grade.score"};

enum err_code grade_keep(struct store *s, int64_t run_id,
			 const struct grade_point *at,
			 const struct grade_tally *grade,
			 bool (*tick)(void *ctx), void *ctx, struct err *e)
{
	const double values[] = {
		grade_share(grade->class_kept, grade),
		grade_share(grade->score_kept, grade),
	};
	enum store_status st = lab_begin(s, tick, ctx);

	if (st != STORE_OK)
		return lab_error(s, st, e);
	for (size_t i = 0; i < ARRAY_LEN(values) && st == STORE_OK; i++) {
		struct store_metric m = {
			.step = at->step,
			.games = at->games,
			.time_ms = at->time_ms < 0 ? 0 : at->time_ms,
			.value = values[i],
		};

		st = store_metric_add(s, run_id, metric_names[i], &m);
	}
	if (st == STORE_OK)
		return lab_error(s, store_commit(s), e);
	lab_error(s, st, e);
	store_rollback(s);
	return e ? e->code : ERR_IO;
}

/* Every metric of a run says when a step was reached. */
static enum store_status find_times(struct store *s, int64_t run_id,
				    struct grade_point *points, int count)
{
	struct store_bag bag = {0};
	const char **names;
	size_t name_count;
	enum store_status st =
		store_metric_names(s, &bag, run_id, &names, &name_count);

	for (size_t i = 0; st == STORE_OK && i < name_count; i++) {
		struct store_metric *rows;
		size_t n, k = 0;

		/* Grades take their times from here. */
		if (!strncmp(names[i], "grade.", 6))
			continue;
		st = store_metric_list(s, &bag, run_id, names[i], 0, &rows, &n);
		for (int p = 0; st == STORE_OK && p < count; p++) {
			while (k < n && rows[k].step < points[p].step)
				k++;
			if (k < n && rows[k].step == points[p].step &&
			    points[p].time_ms < 0)
				points[p].time_ms = rows[k].time_ms;
		}
	}
	store_bag_release(&bag);
	return st;
}

enum err_code grade_points(struct store *s, int64_t run_id,
			   struct grade_point **out, int *count, struct err *e)
{
	struct store_bag bag = {0};
	struct store_checkpoint *rows;
	enum store_status st;
	size_t n = 0;

	*out = NULL;
	st = store_checkpoint_list(s, &bag, run_id, &rows, &n);
	if (st == STORE_OK) {
		*out = mem_zalloc(n, sizeof(**out));
		for (size_t i = 0; i < n; i++)
			(*out)[i] = (struct grade_point){
				.step = rows[i].step,
				.games = rows[i].games,
				.time_ms = rows[i].step ? -1 : 0,
			};
		st = find_times(s, run_id, *out, (int)n);
	}
	store_bag_release(&bag);
	*count = (int)n;
	if (st != STORE_OK) {
		free(*out);
		*out = NULL;
	}
	return lab_error(s, st, e);
}

/* --- while training ------------------------------------------------------ */

struct ticking {
	bool (*tick)(void *ctx);
	void *ctx;
};

static bool tick_on(void *ctx, int done)
{
	const struct ticking *t = ctx;

	(void)done;
	return !t->tick || t->tick(t->ctx);
}

enum err_code grade_run_positions(struct graded_set *set,
				  const struct game *game,
				  const struct recipe *recipe,
				  struct pool *pool, bool (*tick)(void *ctx),
				  void *ctx, struct err *e)
{
	struct ticking ticking = {tick, ctx};
	struct graded_work work = {
		.pool = pool,
		.tick = tick_on,
		.ctx = &ticking,
	};
	struct graded_sampling want = {
		.count = recipe->grade_positions,
		.least_ply = game->max_plies * LATE_PARTS / LATE_OF,
		.most_ply = game->max_plies - 1,
		.quick = true,
		.seed = POSITIONS_SEED,
	};

	graded_init(set, game, "positions of random play");
	if (!want.count || !solver_knows(game))
		return ERR_OK;
	return graded_sample(set, &want, &work, e);
}

static bool is_graded(struct store *s, int64_t run_id, int64_t step,
		      enum store_status *st)
{
	struct store_bag bag = {0};
	struct store_metric *rows;
	bool found = false;
	size_t n;

	*st = store_metric_list(s, &bag, run_id, metric_names[0], step, &rows,
				&n);
	if (*st == STORE_OK)
		found = n > 0 && rows[0].step == step;
	store_bag_release(&bag);
	return found;
}

enum err_code grade_run(struct lab *lab, const struct rate_request *want,
			const struct graded_set *set, struct pool *pool,
			bool (*tick)(void *ctx), void *ctx, struct err *e)
{
	struct ticking ticking = {tick, ctx};
	struct store *s = lab_store(lab);
	struct store_checkpoint newest;
	struct store_bag bag = {0};
	struct grade_result result;
	char agent[128];
	struct grade_point at;
	struct grade_request g = {
		.set = set,
		.agent = agent,
		.source = lab_agents(lab),
		.seed = want->seed,
		.tick = tick_on,
		.ctx = &ticking,
	};
	enum store_status st;
	enum err_code rc;

	if (!set->count)
		return ERR_OK;
	st = store_checkpoint_latest(s, &bag, want->run_id, &newest);
	at = (struct grade_point){
		.step = st == STORE_OK ? newest.step : 0,
		.games = want->games,
		.time_ms = want->time_ms,
	};
	store_bag_release(&bag);
	if (st != STORE_OK)
		return lab_error(s, st, e);
	if (is_graded(s, want->run_id, at.step, &st) || st != STORE_OK)
		return lab_error(s, st, e);
	rate_agent_name(want->recipe, want->run, at.step, agent);
	rc = grade_agent(&g, pool, &result, e);
	if (rc)
		return rc;
	rc = grade_keep(s, want->run_id, &at, &result.all, tick, ctx, e);
	grade_result_release(&result);
	return rc;
}
