/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/search.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"
#include "core/session/line.h"
#include "store/game.h"
#include "tui/quote.h"

enum {
	ROOT_MAX = 4096,
	SEARCH_SEED = 1, /* fixed: the same question gets the same answer */
};

/* Stand at the position after `moves` (a line of ply `ply` at least). */
static enum err_code take_position(struct search *s, const char *moves, int ply,
				   struct err *e)
{
	enum err_code rc;
	struct line l;
	struct buf text;

	line_init(&l, &s->game);
	rc = line_load(&l, moves, e);
	if (rc == ERR_OK && ply > l.count)
		rc = err_set(e, ERR_USAGE,
			     "there is no ply %d: the game has %d moves", ply,
			     l.count);
	if (rc == ERR_OK) {
		buf_init(&text);
		line_go(&l, ply < 0 ? l.count : ply);
		line_text(&l, l.ply, &text);
		snprintf(s->moves, sizeof(s->moves), "%s", text.data);
		buf_release(&text);
		s->ply = l.ply;
		inspector_init(&s->in, &s->game, line_state(&l));
		s->ready = true;
	}
	line_release(&l);
	return rc;
}

static enum err_code show_figures(struct search *s,
				  const struct store_search *x, struct err *e)
{
	struct root_move *list = mem_alloc(ROOT_MAX * sizeof(*list));
	double wdl[3] = {x->win, x->draw, x->loss};
	int count = root_moves_parse(x->moves, &s->game, s->in.root, list,
				     ROOT_MAX);
	enum err_code rc = ERR_OK;

	if (count > 0)
		rc = inspector_set(
			&s->in,
			root_moves_trace(list, count, wdl, x->raw_value), e);
	free(list);
	return rc;
}

/* The newest search that was stored for this ply, if there is one. */
static enum err_code load_stored(struct search *s, struct store *st,
				 struct store_bag *bag, struct err *e)
{
	struct store_search x;
	enum store_status rc = store_search_at(st, bag, s->game_id, s->ply, &x);
	const void *data;
	size_t len;
	struct trace *trace;
	enum err_code code;

	if (rc == STORE_NOTFOUND)
		return ERR_OK;
	if (rc != STORE_OK)
		return lab_error(st, rc, e);
	snprintf(s->agent, sizeof(s->agent), "%s", x.agent ? x.agent : "");
	if (x.trace_len == 0)
		return show_figures(s, &x, e);
	rc = store_search_trace(st, bag, x.id, &data, &len);
	if (rc != STORE_OK)
		return lab_error(st, rc, e);
	code = trace_decode(data, len, &trace, e);
	if (code != ERR_OK)
		return code;
	return inspector_set(&s->in, trace, e);
}

static enum err_code open_stored(struct search *s, int64_t id, int ply,
				 struct err *e)
{
	struct store *st = s->app->lab ? lab_store(s->app->lab) : NULL;
	struct store_bag bag = {0};
	struct store_game row;
	enum store_status rc;
	enum err_code code;

	if (!st)
		return err_set(e, ERR_NOTFOUND,
			       "game %lld cannot be opened without a lab file",
			       (long long)id);
	rc = store_game_get(st, &bag, id, &row);
	if (rc != STORE_OK) {
		code = lab_error(st, rc, e);
	} else {
		s->game_id = id;
		s->plies = row.plies;
		code = game_init(&s->game, row.game, e);
		if (code == ERR_OK)
			code = take_position(s, row.moves, ply, e);
		if (code != ERR_OK)
			err_prefix(e, "game %lld", (long long)id);
		else if (load_stored(s, st, &bag, e) != ERR_OK)
			/* The position is there all the same. */
			app_fail(s->app, e);
	}
	store_bag_release(&bag);
	return code;
}

static bool is_number(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (!isdigit((unsigned char)*p))
			return false;
	}
	return *text != '\0';
}

enum err_code search_open_arg(struct search *s, const char *arg, struct err *e)
{
	char first[GAME_NAME_SIZE], ply[16], moves[SEARCH_MOVES];
	const char *rest = arg, *agent;
	enum err_code rc;
	size_t len;

	quote_next(&rest, first, sizeof(first));
	agent = strstr(rest, "agent=");
	len = agent ? (size_t)(agent - rest) : strlen(rest);
	if (!*first)
		return err_set(e, ERR_USAGE,
			       "say which search: `search 17 5` for a stored "
			       "game and ply, `search connect4 4453` for a "
			       "position");
	if (len >= sizeof(moves))
		return err_set(e, ERR_USAGE, "the line of moves is too long");
	memcpy(moves, rest, len);
	while (len > 0 && isspace((unsigned char)moves[len - 1]))
		len--;
	moves[len] = '\0';
	if (is_number(first)) {
		rest = moves;
		quote_next(&rest, ply, sizeof(ply));
		if (*ply && !is_number(ply))
			return err_set(e, ERR_USAGE,
				       "\"%s\" is not a ply of game %s: give a "
				       "number, 0 is the start",
				       ply, first);
		rc = open_stored(s, strtoll(first, NULL, 10),
				 *ply ? atoi(ply) : 0, e);
	} else {
		rc = game_init(&s->game, first, e);
		if (rc == ERR_OK)
			rc = take_position(s, strcmp(moves, "-") ? moves : "",
					   -1, e);
	}
	if (rc != ERR_OK || !agent)
		return rc;
	agent += strlen("agent=");
	s->choose = strcmp(agent, "?") == 0;
	if (!s->choose)
		rc = search_start(s, agent, e);
	return rc;
}

static void wake(void *ctx)
{
	app_wake(ctx);
}

/* With the line that led here, if the text of it is all there. */
static void ask(struct search *s)
{
	game_move *line = mem_zalloc((size_t)s->game.max_plies, sizeof(*line));
	void *state = game_state_new(&s->game, 0);
	int count = 0;
	bool whole = !game_play_text(&s->game, state, s->moves, line, &count,
				     NULL) &&
		     count == s->ply;

	thinker_ask(s->thinker, s->in.root, SEARCH_SEED, (uint64_t)s->game_id,
		    s->ply, whole ? line : NULL);
	free(state);
	free(line);
}

enum err_code search_start(struct search *s, const char *spec, struct err *e)
{
	const struct agent_source *source =
		s->app->lab ? lab_agents(s->app->lab) : NULL;
	struct thinker *thinker;
	struct agent *agent;
	enum err_code rc;

	if (s->game.rules->to_act(&s->game, s->in.root) == GAME_OVER)
		return err_set(e, ERR_USAGE,
			       "the game is over here: there is nothing to "
			       "search");
	if (s->game.rules->to_act(&s->game, s->in.root) == GAME_CHANCE)
		return err_set(e, ERR_USAGE,
			       "chance moves here: choose a position where a "
			       "player does");
	rc = agent_open(&agent, spec, &s->game, source, e);
	if (rc != ERR_OK)
		return rc;
	if (agent_is_human(agent)) {
		agent_close(agent);
		return err_set(e, ERR_USAGE,
			       "human cannot be asked to search: choose "
			       "mcts:RUN/STEP,sims=N or policy:RUN/STEP");
	}
	rc = thinker_open(&thinker, agent, &s->game, wake, s->app, e);
	if (rc != ERR_OK)
		return rc;
	search_stop(s);
	s->thinker = thinker;
	s->running = s->hurry = false;
	s->unsaved = false;
	thought_release(&s->found);
	s->found = (struct thought){0};
	snprintf(s->agent, sizeof(s->agent), "%s", thinker_name(thinker));
	ask(s);
	return ERR_OK;
}

void search_stop(struct search *s)
{
	thinker_close(s->thinker);
	s->thinker = NULL;
	s->in.live = false;
}

static enum err_code show_thought(struct search *s, struct thought *th,
				  bool live, struct err *e)
{
	struct root_move *list = mem_alloc(ROOT_MAX * sizeof(*list));
	int count = root_moves_of(th, list, ROOT_MAX);
	double wdl[3] = {NAN, NAN, NAN}, raw = NAN;
	struct trace *trace = th->trace;
	enum err_code rc;

	if (trace) {
		th->trace = NULL;
	} else {
		for (int i = 0; th->has_value && i < 3; i++)
			wdl[i] = (double)th->wdl[i];
		if (th->simulations == 0)
			raw = wdl[0] - wdl[2];
		trace = root_moves_trace(list, count, wdl, raw);
	}
	free(list);
	rc = inspector_set(&s->in, trace, e);
	s->in.live = live;
	return rc;
}

bool search_collect(struct search *s, struct err *e)
{
	struct thought th = {0};

	e->code = ERR_OK;
	if (!s->thinker)
		return false;
	if (thinker_take(s->thinker, &th)) {
		if (*th.forfeit) {
			search_stop(s);
			thought_release(&s->found);
			s->found = (struct thought){0};
			err_set(e, ERR_IO, "%s", th.forfeit);
			thought_release(&th);
			return true;
		}
		show_thought(s, &th, false, e);
		search_stop(s);
		s->found = th;
		s->unsaved = s->game_id != 0;
		return true;
	}
	/* Asked again each time: a worker that has not begun does not listen.
	 */
	if (s->hurry)
		thinker_hurry(s->thinker);
	if (!thinker_peek(s->thinker, &th))
		return false;
	show_thought(s, &th, true, e);
	thought_release(&th);
	return true;
}

enum err_code search_save(struct search *s, struct err *e)
{
	struct store *st;
	enum store_status rc;

	if (!s->unsaved)
		return err_set(e, ERR_USAGE,
			       s->game_id ? "there is no new search to keep: "
					    "press a first"
					  : "only a search of a stored game "
					    "can be kept: export it with e");
	st = lab_store(s->app->lab);
	/* The tree went over to the inspector; lent for the call. */
	if (s->in.trace->sim_count > 0)
		s->found.trace = s->in.trace;
	rc = keep_thought(st, &s->game, s->in.root, s->game_id, s->ply,
			  s->agent, SEARCH_SEED, &s->found);
	s->found.trace = NULL;
	if (rc != STORE_OK)
		return lab_error(st, rc, e);
	s->unsaved = false;
	return ERR_OK;
}
