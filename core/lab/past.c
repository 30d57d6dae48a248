/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/past.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

static const char last[] = "last:";
static const char games[] = "games:";

enum { PAGE = 256, MOST = 100000 };

/* "[RUN:]last:N" in its parts; `run` is left where none is named. */
static enum err_code parse(const char *which, char run[FILTER_TEXT], int *count,
			   struct err *e)
{
	const struct conf_spec number = {
		.name = "N", .kind = CONF_INT, .min = 1, .max = MOST};
	const char *at = strstr(which, last);
	struct err why = ERR_INIT;

	if (at && at > which && at[-1] == ':' &&
	    (size_t)(at - which) < FILTER_TEXT)
		snprintf(run, FILTER_TEXT, "%.*s", (int)(at - which) - 1,
			 which);
	else if (at != which)
		at = NULL;
	if (at && !conf_set_one(&number, count, at + strlen(last), &why))
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "context=%s: must be life, none, last:N or RUN:last:N, "
		       "N from 1 to %d",
		       which, MOST);
}

/* The games that a run learned from; its own where it says nothing. */
static enum err_code filter_of(struct store *s, const char *run,
			       struct game_filter *f, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run row;
	enum err_code rc = lab_error(s, store_run_find(s, &bag, run, &row), e);

	memset(f, 0, sizeof(*f));
	if (!rc && row.source && !strncmp(row.source, games, strlen(games)))
		rc = err_of_stored(
			e, game_filter_parse_list(row.source + strlen(games),
						  row.source, f, e));
	else if (!rc)
		snprintf(f->run, sizeof(f->run), "%s", run);
	store_bag_release(&bag);
	return rc;
}

/* Numbers of the newest `count` games, the newest first. */
static enum err_code newest(struct store *s, const struct game_filter *f,
			    const struct game *g, int64_t *ids, int count,
			    int *found, struct err *e)
{
	struct store_bag bag = {0};
	struct store_game_filter q;
	struct store_run run;
	enum err_code rc = ERR_OK;
	int64_t run_id = 0;
	size_t n = PAGE;

	if (*f->run) {
		rc = lab_error(s, store_run_find(s, &bag, f->run, &run), e);
		run_id = rc ? 0 : run.id;
	}
	store_bag_release(&bag);
	game_filter_store(f, run_id, &q);
	q.game = g->name;
	q.outcome = STORE_FINISHED;
	q.limit = PAGE;
	for (*found = 0; !rc && n == PAGE && *found < count; q.offset += PAGE) {
		struct store_game *rows;

		rc = lab_error(s, store_game_list(s, &bag, &q, &rows, &n), e);
		for (size_t i = 0; !rc && i < n && *found < count; i++)
			if (!isnan(rows[i].result) &&
			    (!f->upto || rows[i].id <= f->upto))
				ids[(*found)++] = rows[i].id;
		store_bag_release(&bag);
	}
	return rc;
}

static enum err_code tell(struct store *s, int64_t id, const struct game *g,
			  void (*take)(void *ctx,
				       const struct agent_past *past),
			  void *ctx, struct err *e)
{
	struct store_bag bag = {0};
	struct store_game row;
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	struct agent_past past = {.moves = moves};
	enum err_code rc = lab_error(s, store_game_get(s, &bag, id, &row), e);
	void *state = game_state_new(g, 0);

	if (!rc) {
		rc = err_of_stored(e, game_play_text(g, state, row.moves, moves,
						     &past.count, e));
		if (rc)
			err_prefix(e, "game %lld", (long long)id);
	}
	if (!rc) {
		past.result = (float)row.result;
		past.stage = row.step;
		take(ctx, &past);
	}
	store_bag_release(&bag);
	free(state);
	free(moves);
	return rc;
}

enum err_code past_games(struct store *s, const char *run, const char *which,
			 const struct game *g,
			 void (*take)(void *ctx, const struct agent_past *past),
			 void *ctx, struct err *e)
{
	char named[FILTER_TEXT] = "";
	int count = 0, found = 0;
	struct game_filter f = {0};
	enum err_code rc = parse(which, named, &count, e);
	int64_t *ids;

	if (rc)
		return rc;
	if (*named)
		snprintf(f.run, sizeof(f.run), "%s", named);
	else
		rc = filter_of(s, run, &f, e);
	if (rc)
		return rc;
	ids = mem_zalloc((size_t)count, sizeof(*ids));
	rc = newest(s, &f, g, ids, count, &found, e);
	if (!rc && !found)
		rc = err_set(e, ERR_NOTFOUND,
			     "context=%s: run %s has no finished games of %s",
			     which, f.run, game_short_name(g));
	while (!rc && found > 0)
		rc = tell(s, ids[--found], g, take, ctx, e);
	free(ids);
	return rc;
}
