/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/rate/seen.h"
#include "core/study/snapshot_int.h"
#include "core/study/study.h"

/* The game, and the teacher, who learns in the study so that it stands alone.
 */

enum err_code snapshot_game(const struct snapshot_conf *c, struct game *out,
			    struct err *e)
{
	char *text = mem_printf("drop:rows=%d,cols=%d,line=%d", c->rows,
				c->cols, c->line);
	enum err_code rc = game_init(out, text, e);

	free(text);
	return rc;
}

/* --- the teacher --------------------------------------------------------- */

struct schooling {
	struct study_run *r;
	struct course *course;
	struct seen seen;
	int64_t games, distinct, goal;
};

static enum err_code count_game(void *self, const struct self_play_game *g,
				struct err *e)
{
	struct schooling *s = self;
	uint64_t key = rng_mix(0, (uint64_t)g->count);

	(void)e;
	for (int i = 0; i < g->count; i++)
		key = rng_mix(key, g->moves[i]);
	s->games++;
	s->distinct += seen_add(&s->seen, key);
	return ERR_OK;
}

static bool goes_on(void *self)
{
	struct schooling *s = self;

	study_progress(s->r, (double)s->games, (double)s->goal,
		       "the teacher plays: game %lld of %lld",
		       (long long)s->games, (long long)s->goal);
	return study_goes_on(s->r);
}

static void teacher_recipe(const struct snapshot_conf *c, struct recipe *out)
{
	struct err e = ERR_INIT;
	struct buf text;

	buf_init(&text);
	buf_printf(&text,
		   "filters=%d,blocks=%d,simulations=%d,gumbel_moves=8,"
		   "groups=2,slots=32,rate_games=%d,opening_share=0.5,"
		   "opening_plies=%d,gumbel_scale=0.5,start_positions=%d",
		   c->filters, c->blocks, c->simulations, c->teacher_games,
		   c->opening_plies / 2, c->teacher_games < 1000 ? 200 : 2000);
	conf_defaults(recipe_spec, out);
	if (conf_read_list(recipe_spec, out, text.data, "snapshot", &e))
		assert(!"a recipe of the study is none");
	buf_release(&text);
}

enum err_code snapshot_teacher(struct study_run *r, const struct game *g,
			       uint64_t seed, struct kept_net *out,
			       struct kept_net *untrained, double *distinct,
			       struct err *e)
{
	const struct snapshot_conf *c = study_conf(r);
	struct schooling s = {.r = r, .goal = c->teacher_games};
	struct course_sink sink = {
		.game = count_game,
		.goes_on = goes_on,
		.self = &s,
	};
	struct recipe recipe;
	struct course_config config = {
		.name = "the teacher",
		.game = g,
		.recipe = &recipe,
		.seed = rng_mix(seed, SNAPSHOT_COURSE),
		.goal_games = c->teacher_games,
	};
	enum err_code rc;

	teacher_recipe(c, &recipe);
	s.course = course_new(&config, &sink);
	kept_net_take(untrained, s.course);
	rc = course_run(s.course, study_pool(r), e);
	if (!rc)
		kept_net_take(out, s.course);
	*distinct = s.games ? (double)s.distinct / (double)s.games : 0;
	seen_release(&s.seen);
	course_free(s.course);
	return rc;
}
