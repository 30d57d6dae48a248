/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/review.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"
#include "store/store.h"

enum { ROOT_MAX = 4096 };

static bool same_move(const struct review *r, int ply, const char *text,
		      game_move m)
{
	const void *state = line_state_at(&r->line, ply);

	return text && r->game.rules->move_parse(&r->game, state, text) == m;
}

/* Which move did the search take, and was it the policy's? */
static bool overturned(const struct review *r, int ply)
{
	const struct review_ply *p = &r->ply[ply];
	struct root_move *list = mem_alloc(ROOT_MAX * sizeof(*list));
	int count =
		root_moves_parse(p->moves, &r->game,
				 line_state_at(&r->line, ply), list, ROOT_MAX);
	int top = root_moves_top(list, count);
	int best = root_moves_best(list, count);
	bool other = false;

	/* Without visits nothing was searched, so nothing was overturned. */
	if (best >= 0 && p->best && *p->best)
		other = !same_move(r, ply, p->best, list[top].move);
	else if (best >= 0)
		other = best != top;
	free(list);
	return other;
}

static void take_search(struct review *r, const struct store_search *x)
{
	struct review_ply *p;

	if (x->ply < 0 || x->ply > r->plies)
		return;
	p = &r->ply[x->ply];
	/* The newest comes last and stands, but never hides a recorded tree
	 * behind bare figures. */
	if (p->traced && x->trace_len == 0)
		return;
	*p = (struct review_ply){
		.search_id = x->id,
		.traced = x->trace_len > 0,
		.wdl = {x->win, x->draw, x->loss},
		.raw = x->raw_value,
		.simulations = x->simulations,
		.agent = x->agent,
		.best = x->best,
		.moves = x->moves,
	};
	p->overturned = overturned(r, x->ply);
}

/* The ply before with which the value of this one can be compared; -1: none.
 * Two agents may differ all game long: what each thought before tells its
 * surprise.  How the game ended is held against whoever spoke last.  Further
 * back than both players' last moves are two figures without a link. */
static int compared_with(const struct review *r, int ply, bool result)
{
	const char *agent = r->ply[ply].agent;

	for (int i = ply - 1; i >= 0 && i >= ply - 2; i--) {
		const char *other = r->ply[i].agent;

		if (isnan(r->value[i]))
			continue;
		if (result || (agent && other && !strcmp(agent, other)))
			return i;
	}
	return -1;
}

/* Root values seen by the first player, and where they jump. */
static void fill_graph(struct review *r)
{
	/* How a game ended is known without a search. */
	bool ended = !isnan(r->row.result) && r->row.plies == r->plies;

	for (int i = 0; i <= r->plies; i++) {
		const struct review_ply *p = &r->ply[i];
		int to_act = r->game.rules->to_act(&r->game,
						   line_state_at(&r->line, i));

		r->value[i] = p->wdl[0] - p->wdl[2];
		if (to_act == 1)
			r->value[i] = -r->value[i];
	}
	if (ended)
		r->value[r->plies] = r->row.result;
	for (int i = 0; i <= r->plies; i++) {
		int before = compared_with(r, i, ended && i == r->plies);

		r->swing[i] =
			before >= 0 &&
			fabs(r->value[i] - r->value[before]) >= REVIEW_SWING;
	}
}

/* Where figures of the record rise, of those that seldom do. */
static void find_events(struct review *r)
{
	const struct game_rules *rules = r->game.rules;
	struct game_fact was[GAME_MAX_FACTS], is[GAME_MAX_FACTS];
	int n = rules->facts ? rules->facts(&r->game,
					    line_state_at(&r->line, 0), was)
			     : 0;
	int rises[GAME_MAX_FACTS] = {0};

	/* How often first, then where. */
	for (int pass = 0; pass < 2 && n; pass++) {
		rules->facts(&r->game, line_state_at(&r->line, 0), was);
		for (int i = 1; i <= r->plies; i++) {
			rules->facts(&r->game, line_state_at(&r->line, i), is);
			for (int k = 0; k < n; k++) {
				bool rose = is[k].value > was[k].value;

				rises[k] += !pass && rose;
				if (pass && rose &&
				    rises[k] <= REVIEW_SELDOM * r->plies)
					r->event[i] = is[k].name;
			}
			memcpy(was, is, sizeof(was));
		}
	}
}

static void forget_searches(struct review *r)
{
	for (int i = 0; i <= r->plies; i++)
		r->ply[i] = (struct review_ply){
			.wdl = {NAN, NAN, NAN},
			.raw = NAN,
		};
}

/* The game and its line, at the first load. */
static enum err_code read_line(struct review *r, struct err *e)
{
	enum err_code rc =
		err_of_stored(e, game_init(&r->game, r->row.game, e));
	size_t plies;

	if (rc)
		return rc;
	line_init(&r->line, &r->game);
	r->ready = true;
	plies = (size_t)r->game.max_plies + 1;
	r->ply = mem_zalloc(plies, sizeof(*r->ply));
	r->value = mem_zalloc(plies, sizeof(*r->value));
	r->swing = mem_zalloc(plies, sizeof(*r->swing));
	r->event = mem_zalloc(plies, sizeof(*r->event));
	rc = line_load(&r->line, r->row.moves ? r->row.moves : "", e);
	r->plies = r->line.stored_count;
	if (!rc)
		find_events(r);
	return rc;
}

enum err_code review_load(struct review *r, struct store *store, int64_t id,
			  struct err *e)
{
	struct store_search *list;
	enum store_status rc;
	size_t count;
	int ply;

	rc = store_game_get(store, &r->bag, id, &r->row);
	if (rc == STORE_OK && !r->ready) {
		enum err_code code = read_line(r, e);

		if (code) {
			err_prefix(e, "game %lld", (long long)id);
			return code;
		}
	}
	if (rc == STORE_OK)
		rc = store_annotation_list(store, &r->bag, id, &r->notes,
					   &r->note_count);
	if (rc == STORE_OK)
		rc = store_search_list(store, &r->bag, id, &list, &count);
	if (rc != STORE_OK)
		return lab_error(store, rc, e);
	forget_searches(r);
	/* The game's own positions are needed, not those of a variation. */
	ply = r->line.ply;
	line_return(&r->line);
	line_go(&r->line, ply);
	for (size_t i = 0; i < count; i++)
		take_search(r, &list[i]);
	fill_graph(r);
	return ERR_OK;
}

void review_release(struct review *r)
{
	if (r->ready)
		line_release(&r->line);
	free(r->ply);
	free(r->value);
	free(r->swing);
	free(r->event);
	store_bag_release(&r->bag);
}

const struct review_ply *review_here(const struct review *r)
{
	const struct review_ply *p;

	if (line_is_variation(&r->line) || r->line.ply > r->plies)
		return NULL;
	p = &r->ply[r->line.ply];
	return p->search_id ? p : NULL;
}

static struct trace *stored_trace(struct store *store, int64_t search_id)
{
	struct store_bag bag = {0};
	struct trace *trace = NULL;
	const void *data;
	size_t len;

	if (store_search_trace(store, &bag, search_id, &data, &len) ==
		    STORE_OK &&
	    trace_decode(data, len, &trace, NULL) != ERR_OK)
		trace = NULL;
	store_bag_release(&bag);
	return trace;
}

static struct trace *stored_figures(const struct review *r,
				    const struct review_ply *p)
{
	struct root_move *list = mem_alloc(ROOT_MAX * sizeof(*list));
	int count = root_moves_parse(p->moves, &r->game, line_state(&r->line),
				     list, ROOT_MAX);
	struct trace *trace = NULL;

	if (count > 0)
		trace = root_moves_trace(list, count, p->wdl, p->raw);
	free(list);
	return trace;
}

struct trace *review_trace(const struct review *r, struct store *store)
{
	const struct review_ply *p = review_here(r);
	struct trace *trace = NULL;

	/* The tree knows more about the root than the kept figures. */
	if (p && p->traced)
		trace = stored_trace(store, p->search_id);
	if (p && !trace)
		trace = stored_figures(r, p);
	return trace;
}
