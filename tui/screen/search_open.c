/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/search.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/analysis.h"
#include "core/session/inspector.h"
#include "core/session/quote.h"
#include "core/session/seat.h"
#include "tui/app.h"
#include "tui/screen/panes.h"

/* An argument longer than this is a mistake. */
enum { SEARCH_MOVES = 8192 };

static void inspect(struct search *s)
{
	inspector_init(&s->in, &s->analysis.game, s->analysis.root);
	s->ready = true;
}

static enum err_code open_stored(struct search *s, int64_t id, int ply,
				 struct err *e)
{
	struct store *st = s->app->lab ? lab_store(s->app->lab) : NULL;
	struct trace *trace;
	enum err_code rc;

	if (!st)
		return err_set(e, ERR_NOTFOUND,
			       "game %lld cannot be opened without a lab file",
			       (long long)id);
	rc = analysis_open_stored(&s->analysis, st, id, ply, e);
	if (rc != ERR_OK)
		return rc;
	inspect(s);
	/* Whatever was kept there, the position is there all the same. */
	if (analysis_kept(&s->analysis, st, ANALYSIS_OWN, &trace, e) !=
		    ERR_OK ||
	    (trace && inspector_set(&s->in, trace, e) != ERR_OK))
		app_fail(s->app, e);
	return ERR_OK;
}

static bool is_number(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (!isdigit((unsigned char)*p))
			return false;
	}
	return *text != '\0';
}

static enum err_code search_again(struct search *s, struct err *e)
{
	const struct game *g = &s->analysis.game;
	enum err_code rc;

	if (!*s->app->analyst || g->rules->to_act(g, s->in.root) < 0)
		return ERR_OK;
	rc = search_start(s, s->app->analyst, e);
	s->chosen = !rc;
	return rc;
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
		rc = analysis_open(&s->analysis, first,
				   strcmp(moves, "-") ? moves : "", e);
		if (rc == ERR_OK)
			inspect(s);
	}
	if (rc != ERR_OK || !agent)
		return rc;
	agent += strlen("agent=");
	if (!strcmp(agent, "again"))
		return search_again(s, e);
	s->choose = strcmp(agent, "?") == 0;
	if (strcmp(agent, "as-it-was") == 0)
		rc = search_as_it_was(s, e);
	else if (!s->choose)
		rc = search_start(s, agent, e);
	return rc;
}

enum err_code search_as_it_was(struct search *s, struct err *e)
{
	const struct seat_host host = panes_host(s->app);

	if (!s->app->lab)
		return err_set(e, ERR_NOTFOUND, "there is no lab file");
	s->running = false;
	return analysis_again(&s->analysis, &host, lab_path(s->app->lab), e);
}

enum err_code search_start(struct search *s, const char *spec, struct err *e)
{
	const struct seat_host host = panes_host(s->app);
	enum err_code rc = analysis_start(&s->analysis, &host, spec, e);

	if (rc == ERR_OK)
		s->running = s->in.live = s->warned = false;
	return rc;
}

enum err_code search_other_kept(struct search *s, int step, struct err *e)
{
	struct analysis *a = &s->analysis;
	struct store *st = s->app->lab ? lab_store(s->app->lab) : NULL;
	int count = a->kept_count;
	struct trace *trace;
	enum err_code rc;

	if (!a->game_id || count < 1 || (count == 1 && !a->unsaved))
		return err_set(e, ERR_NOTFOUND,
			       count ? "no other search is kept at this ply"
				     : "no search is kept at this ply");
	analysis_stop(a);
	rc = analysis_kept(a, st, ((a->kept + step) % count + count) % count,
			   &trace, e);
	a->unsaved = false;
	s->running = s->in.live = false;
	return rc || !trace ? rc : inspector_set(&s->in, trace, e);
}

bool search_collect(struct search *s, struct err *e)
{
	struct trace *trace;
	bool any = analysis_collect(&s->analysis, &trace, e);

	/* What does not fit leaves its reason in `e`. */
	if (trace && inspector_set(&s->in, trace, e) != ERR_OK)
		any = true;
	if (any)
		s->in.live = s->analysis.thinker != NULL;
	if (any && *s->analysis.compared)
		app_say(s->app, "%s", s->analysis.compared);
	return any;
}
