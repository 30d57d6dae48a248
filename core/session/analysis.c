/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/analysis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/again.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"
#include "core/session/line.h"
#include "store/game.h"
#include "store/store.h"

enum {
	ROOT_MAX = 4096,
	SEED = 1, /* fixed: the same question gets the same answer */
};

/* Stand at ply `ply` of `moves`, at their end where it is negative. */
static enum err_code take_position(struct analysis *a, const char *moves,
				   int ply, struct err *e)
{
	enum err_code rc;
	struct line l;
	struct buf text;

	line_init(&l, &a->game);
	rc = line_load(&l, moves, e);
	if (!rc && ply > l.count)
		rc = err_set(e, ERR_USAGE,
			     "there is no ply %d: the game has %d moves", ply,
			     l.count);
	if (!rc) {
		size_t bytes = a->game.state_size;

		line_go(&l, ply < 0 ? l.count : ply);
		buf_init(&text);
		line_text(&l, l.ply, &text);
		a->moves = mem_strdup(text.data);
		buf_release(&text);
		a->ply = l.ply;
		a->line = mem_zalloc((size_t)l.ply + 1, sizeof(*a->line));
		memcpy(a->line, l.moves, (size_t)l.ply * sizeof(*a->line));
		a->root = mem_alloc(bytes);
		memcpy(a->root, line_state(&l), bytes);
	}
	line_release(&l);
	return rc;
}

enum err_code analysis_open(struct analysis *a, const char *game,
			    const char *moves, struct err *e)
{
	enum err_code rc = game_init(&a->game, game, e);

	return rc ? rc : take_position(a, moves, -1, e);
}

static void take_mover(struct analysis *a, const struct store_game *row)
{
	int to_act = a->game.rules->to_act(&a->game, a->root);
	const char *name = to_act == 0   ? row->first
			   : to_act == 1 ? row->second
					 : NULL;
	char network[AGENT_COMMAND_SIZE];

	snprintf(a->own, sizeof(a->own), "%s", name ? name : "");
	/* Self-play names its run, and the step stands with the game. */
	if (name && agent_network(name, network))
		snprintf(a->whose, sizeof(a->whose), "%s", network);
	else if (name && row->run && row->step >= 0)
		snprintf(a->whose, sizeof(a->whose), "%s/%lld", row->run,
			 (long long)row->step);
}

enum err_code analysis_open_stored(struct analysis *a, struct store *store,
				   int64_t id, int ply, struct err *e)
{
	struct store_bag bag = {0};
	struct store_game row;
	enum store_status st = store_game_get(store, &bag, id, &row);
	enum err_code rc = lab_error(store, st, e);

	if (!rc) {
		a->game_id = id;
		a->plies = row.plies;
		rc = err_of_stored(e, game_init(&a->game, row.game, e));
		if (!rc)
			rc = take_position(a, row.moves, ply, e);
		if (!rc)
			take_mover(a, &row);
		if (rc)
			err_prefix(e, "game %lld", (long long)id);
	}
	store_bag_release(&bag);
	return rc;
}

static void drop_found(struct analysis *a)
{
	thought_release(&a->found);
	a->found = (struct thought){0};
	a->unsaved = false;
}

void analysis_release(struct analysis *a)
{
	analysis_stop(a);
	drop_found(a);
	free(a->root);
	free(a->line);
	free(a->moves);
	*a = (struct analysis){0};
}

static struct trace *kept_figures(const struct analysis *a,
				  const struct store_search *x)
{
	struct root_move *list = mem_alloc(ROOT_MAX * sizeof(*list));
	double wdl[3] = {x->win, x->draw, x->loss};
	int count =
		root_moves_parse(x->moves, &a->game, a->root, list, ROOT_MAX);
	struct trace *trace = NULL;

	if (count > 0)
		trace = root_moves_trace(list, count, wdl, x->raw_value);
	free(list);
	return trace;
}

/* Whose search it is: the agent's own, or one that somebody asked for. */
static int own_of(const struct analysis *a, const struct store_search *rows,
		  int count)
{
	for (int i = 0; *a->own && i < count; i++)
		if (rows[i].agent && !strcmp(rows[i].agent, a->own))
			return i;
	return count - 1;
}

static enum err_code read_kept(struct analysis *a, struct store *store,
			       struct store_bag *bag, int which,
			       struct trace **out, struct err *e)
{
	const struct store_search *x;
	struct store_search *rows;
	const void *data;
	size_t len, count;
	enum store_status st =
		store_search_at(store, bag, a->game_id, a->ply, &rows, &count);

	if (st != STORE_OK)
		return lab_error(store, st, e);
	a->kept_count = (int)count;
	if (count == 0)
		return ERR_OK;
	a->kept = which == ANALYSIS_OWN ? own_of(a, rows, (int)count)
		  : which < (int)count  ? which
					: (int)count - 1;
	x = &rows[a->kept];
	snprintf(a->agent, sizeof(a->agent), "%s", x->agent ? x->agent : "");
	if (x->trace_len == 0) {
		*out = kept_figures(a, x);
		return ERR_OK;
	}
	st = store_search_trace(store, bag, x->id, &data, &len);
	if (st != STORE_OK)
		return lab_error(store, st, e);
	return trace_decode(data, len, out, e);
}

enum err_code analysis_kept(struct analysis *a, struct store *store, int which,
			    struct trace **out, struct err *e)
{
	struct store_bag bag = {0};
	enum err_code rc;

	*out = NULL;
	rc = read_kept(a, store, &bag, which, out, e);
	store_bag_release(&bag);
	return rc;
}

/* Somebody has to choose here. */
static enum err_code can_search(const struct analysis *a, struct err *e)
{
	int to_act = a->game.rules->to_act(&a->game, a->root);

	if (to_act == GAME_OVER)
		return err_set(e, ERR_USAGE,
			       "the game is over here: there is nothing to "
			       "search");
	if (to_act == GAME_CHANCE)
		return err_set(e, ERR_USAGE,
			       "chance moves here: choose a position where a "
			       "player does");
	return ERR_OK;
}

enum err_code analysis_start(struct analysis *a, const struct seat_host *host,
			     const char *spec, struct err *e)
{
	struct thinker *thinker;
	struct agent *agent;
	enum err_code rc = can_search(a, e);

	if (!rc)
		rc = agent_open(&agent, spec, &a->game, host->networks, e);
	if (rc)
		return rc;
	if (agent_is_human(agent)) {
		agent_close(agent);
		return err_set(e, ERR_USAGE,
			       "human cannot be asked to search: choose "
			       "mcts:RUN/STEP,sims=N or policy:RUN/STEP");
	}
	rc = thinker_open(&thinker, agent, &a->game, host->wake, host->ctx, e);
	if (rc)
		return rc;
	analysis_stop(a);
	drop_found(a);
	*a->compared = '\0';
	a->thinker = thinker;
	a->hurried = false;
	snprintf(a->agent, sizeof(a->agent), "%s", thinker_name(thinker));
	thinker_ask(thinker, a->root, SEED, (uint64_t)a->game_id, a->ply,
		    a->line);
	return ERR_OK;
}

void analysis_stop(struct analysis *a)
{
	thinker_close(a->thinker);
	a->thinker = NULL;
	again_job_close(a->again);
	a->again = NULL;
}

bool analysis_busy(const struct analysis *a)
{
	return a->thinker || a->again;
}

enum err_code analysis_again(struct analysis *a, const struct seat_host *host,
			     const char *path, struct err *e)
{
	struct again_job *job;
	enum err_code rc;

	if (!a->game_id)
		return err_set(e, ERR_USAGE,
			       "only the search of a stored game's move can be "
			       "made again");
	rc = again_job_open(&job, path, a->game_id, a->ply, host->wake,
			    host->ctx, e);
	if (rc)
		return rc;
	analysis_stop(a);
	drop_found(a);
	*a->compared = '\0';
	a->again = job;
	return ERR_OK;
}

static void say_compared(struct analysis *a, const struct again_found *f)
{
	snprintf(a->agent, sizeof(a->agent), "self-play at step %lld",
		 (long long)f->used);
	if (f->same)
		snprintf(a->compared, sizeof(a->compared),
			 "the search as it was, to the last digit of what is "
			 "stored");
	else
		snprintf(a->compared, sizeof(a->compared),
			 "not as it was (%s; policy up to %.0f %% apart): %s",
			 f->same_best ? "the same best move"
				      : "another best move",
			 100 * f->apart, f->why);
}

static bool collect_again(struct analysis *a, struct trace **out, struct err *e)
{
	struct again_found f;

	if (!again_job_take(a->again, &f, e))
		return false;
	again_job_close(a->again);
	a->again = NULL;
	if (e->code)
		return true;
	say_compared(a, &f);
	*out = f.trace;
	return true;
}

void analysis_hurry(struct analysis *a)
{
	a->hurried = a->thinker != NULL;
}

bool analysis_collect(struct analysis *a, struct trace **out, struct err *e)
{
	struct thought th = {0};

	e->code = ERR_OK;
	*out = NULL;
	if (a->again)
		return collect_again(a, out, e);
	if (!a->thinker)
		return false;
	if (thinker_take(a->thinker, &th)) {
		analysis_stop(a);
		if (*th.forfeit) {
			drop_found(a);
			err_set(e, ERR_IO, "%s", th.forfeit);
			thought_release(&th);
			return true;
		}
		*out = root_moves_take(&th);
		a->found = th;
		a->unsaved = a->game_id != 0;
		return true;
	}
	/* Asked again each time: a worker that has not begun does not listen.
	 */
	if (a->hurried)
		thinker_hurry(a->thinker);
	if (!thinker_peek(a->thinker, &th))
		return false;
	*out = root_moves_take(&th);
	thought_release(&th);
	return true;
}

enum err_code analysis_keep(struct analysis *a, struct store *store,
			    struct trace *tree, struct err *e)
{
	enum store_status st;

	if (!a->unsaved)
		return err_set(e, ERR_USAGE,
			       a->game_id ? "there is no new search to keep: "
					    "press a first"
					  : "only a search of a stored game "
					    "can be kept: export it with e");
	/* Lent for the call. */
	if (tree && tree->sim_count > 0)
		a->found.trace = tree;
	st = keep_thought(store, &a->game, a->root, a->game_id, a->ply,
			  a->agent, SEED, &a->found);
	a->found.trace = NULL;
	if (st != STORE_OK)
		return lab_error(store, st, e);
	a->unsaved = false;
	a->kept = a->kept_count++;
	return ERR_OK;
}
