/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/stat.h"
#include "core/lab/imitate_int.h"
#include "core/lab/job.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/learn/course.h"
#include "core/rate/match.h"
#include "core/rate/tally.h"
#include "store/match.h"
#include "store/store.h"

/* The agent that the learner is matched against, as typed; NULL if there is
 * none.  Caller frees. */
static char *teacher_of(const struct imitation *im)
{
	if (!im->source.games)
		return mem_strdup(im->source.text);
	if (im->source.run)
		return mem_printf("policy:%s/latest", im->source.run);
	if (im->source.agent && strcmp(im->source.agent, "human") != 0)
		return mem_strdup(im->source.agent);
	return NULL;
}

/* Under the name by which others met it: ratings tell agents apart by that,
 * and `latest` is another one tomorrow.  Caller frees. */
static enum err_code resolve(struct imitation *im, const char *spec,
			     char **name, struct err *e)
{
	struct agent *a;
	enum err_code rc =
		agent_open(&a, spec, &im->run.game, lab_agents(im->lab), e);

	if (rc)
		return rc;
	*name = mem_strdup(agent_name(a));
	agent_close(a);
	return ERR_OK;
}

static enum err_code keep_match(struct imitation *im,
				const struct match_request *m,
				const struct match_result *result,
				struct err *e)
{
	struct store_match row = {
		.game = im->run.game.name,
		.first = m->agents[0],
		.second = m->agents[1],
		.seed = m->seed,
		.openings = "random:4",
		.run_id = im->run.id,
		.step = course_at(im->course)->step,
	};
	int64_t id;

	keep_match_figures(&row, result);
	return lab_error(im->store, store_match_add(im->store, &row, &id), e);
}

/* The same match in the lab, of this run at this step: it was played before the
 * run was resumed, and is evidence once.  `second` may be NULL.  *found: its
 * strings live in `bag`. */
static enum err_code find_match(struct imitation *im, struct store_bag *bag,
				const char *first, const char *second,
				const struct store_match **found, struct err *e)
{
	struct store_match *rows;
	size_t count;
	enum store_status st =
		store_match_list(im->store, bag, im->run.id, &rows, &count);

	*found = NULL;
	for (size_t i = 0; st == STORE_OK && i < count && !*found; i++) {
		const struct store_match *m = &rows[i];

		if (m->run_id == im->run.id && m->games > 0 &&
		    m->step == course_at(im->course)->step &&
		    !strcmp(m->first, first) && !m->second == !second &&
		    (!second || !strcmp(m->second, second)))
			*found = m;
	}
	return lab_error(im->store, st, e);
}

/* In a one-player game each plays alone. */
static enum err_code points_of(struct imitation *im, struct match_request *m,
			       const char *agent, struct stat_mean *out,
			       struct err *e)
{
	const struct store_match *found;
	struct store_bag bag = {0};
	struct match_result result;
	enum err_code rc = find_match(im, &bag, agent, NULL, &found, e);

	if (!rc && found)
		*out = (struct stat_mean){found->points, found->points_low,
					  found->points_high};
	m->agents[0] = agent;
	m->agents[1] = NULL;
	if (!rc && !found) {
		rc = match_play(m, im->pool, NULL, job_goes_on, &im->job,
				&result, e);
		if (!rc)
			rc = keep_match(im, m, &result, e);
		if (!rc)
			*out = stat_mean_of(&result.points);
	}
	store_bag_release(&bag);
	return rc;
}

static enum err_code compare_points(struct imitation *im,
				    struct match_request *m, const char *self,
				    const char *teacher,
				    struct imitate_outcome *out, struct err *e)
{
	struct stat_mean own, other;
	enum err_code rc = points_of(im, m, self, &own, e);

	if (!rc)
		rc = points_of(im, m, teacher, &other, e);
	if (rc)
		return rc;
	out->points = own;
	out->teacher_points = other;
	return ERR_OK;
}

static void tell_found(const struct store_match *m, struct imitate_outcome *out)
{
	out->wins = (int)m->wins;
	out->draws = (int)m->draws;
	out->losses = (int)m->losses;
	out->elo = (struct stat_elo){m->elo, m->elo_low, m->elo_high, NAN};
}

static enum err_code compare_results(struct imitation *im,
				     struct match_request *m, const char *self,
				     const char *teacher,
				     struct imitate_outcome *out, struct err *e)
{
	const struct store_match *found;
	struct store_bag bag = {0};
	struct match_result result;
	enum err_code rc = find_match(im, &bag, self, teacher, &found, e);

	if (!rc && found)
		tell_found(found, out);
	store_bag_release(&bag);
	if (rc || found)
		return rc;
	m->agents[0] = self;
	m->agents[1] = teacher;
	rc = match_play(m, im->pool, NULL, job_goes_on, &im->job, &result, e);
	if (!rc)
		rc = keep_match(im, m, &result, e);
	if (rc)
		return rc;
	out->wins = result.wins;
	out->draws = result.draws;
	out->losses = result.losses;
	out->elo = tally_elo(&result.tally);
	return ERR_OK;
}

static enum err_code meet(struct imitation *im, const char *teacher,
			  struct imitate_outcome *out, struct err *e)
{
	double steps = (double)course_steps(im->course);
	struct match_openings openings = {.random_plies = 4};
	char self[128];
	struct match_request m = {
		.game = &im->run.game,
		.source = lab_agents(im->lab),
		.openings = &openings,
		.games = im->options->match_games,
		.seed = im->run.seed,
	};

	snprintf(self, sizeof(self), "%s:%s/%lld",
		 im->watches ? "seq" : "policy", im->options->run,
		 (long long)course_at(im->course)->step);
	job_progress(&im->job, steps, steps, "match against %s", teacher);
	return im->run.game.player_count == 1
		       ? compare_points(im, &m, self, teacher, out, e)
		       : compare_results(im, &m, self, teacher, out, e);
}

enum err_code imitate_meet(struct imitation *im, struct imitate_outcome *out,
			   struct err *e)
{
	char *spec = teacher_of(im), *teacher = NULL;
	enum err_code rc = ERR_OK;

	if (spec && im->options->match_games > 0)
		rc = resolve(im, spec, &teacher, e);
	if (!rc && teacher)
		rc = meet(im, teacher, out, e);
	if (rc)
		free(teacher);
	else
		out->teacher = teacher;
	free(spec);
	return rc;
}
