/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/game.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"

enum { ROOT_MAX = 4096 };

static bool same_move(const struct stepper *s, int ply, const char *text,
		      game_move m)
{
	const void *state = line_state_at(&s->line, ply);

	return text && s->game.rules->move_parse(&s->game, state, text) == m;
}

/* Which move did the search take, and was it the policy's? */
static bool overturned(const struct stepper *s, int ply)
{
	const struct game_ply *p = &s->ply[ply];
	struct root_move *list = mem_alloc(ROOT_MAX * sizeof(*list));
	int count =
		root_moves_parse(p->moves, &s->game,
				 line_state_at(&s->line, ply), list, ROOT_MAX);
	int top = root_moves_top(list, count);
	int best = root_moves_best(list, count);
	bool other = false;

	/* Without visits nothing was searched, so nothing was overturned. */
	if (best >= 0 && p->best && *p->best)
		other = !same_move(s, ply, p->best, list[top].move);
	else if (best >= 0)
		other = best != top;
	free(list);
	return other;
}

static void take_search(struct stepper *s, const struct store_search *x)
{
	struct game_ply *p;

	if (x->ply < 0 || x->ply > s->plies)
		return;
	p = &s->ply[x->ply];
	/* The newest comes last and stands, but never hides a recorded tree
	 * behind bare figures. */
	if (p->traced && x->trace_len == 0)
		return;
	*p = (struct game_ply){
		.search_id = x->id,
		.traced = x->trace_len > 0,
		.wdl = {x->win, x->draw, x->loss},
		.raw = x->raw_value,
		.simulations = x->simulations,
		.agent = x->agent,
		.best = x->best,
		.moves = x->moves,
	};
	p->overturned = overturned(s, x->ply);
}

/* The ply before with which the value of this one can be compared; -1: none.
 * Two agents may differ all game long: what each thought before tells its
 * surprise.  How the game ended is held against whoever spoke last.  Further
 * back than both players' last moves are two figures without a link. */
static int compared_with(const struct stepper *s, int ply, bool result)
{
	const char *agent = s->ply[ply].agent;

	for (int i = ply - 1; i >= 0 && i >= ply - 2; i--) {
		const char *other = s->ply[i].agent;

		if (isnan(s->value[i]))
			continue;
		if (result || (agent && other && !strcmp(agent, other)))
			return i;
	}
	return -1;
}

/* Root values seen by the first player, and where they jump. */
static void fill_graph(struct stepper *s)
{
	/* How a game ended is known without a search. */
	bool ended = !isnan(s->row.result) && s->row.plies == s->plies;

	for (int i = 0; i <= s->plies; i++) {
		const struct game_ply *p = &s->ply[i];
		int to_act = s->game.rules->to_act(&s->game,
						   line_state_at(&s->line, i));

		s->value[i] = p->wdl[0] - p->wdl[2];
		if (to_act == 1)
			s->value[i] = -s->value[i];
	}
	if (ended)
		s->value[s->plies] = s->row.result;
	for (int i = 0; i <= s->plies; i++) {
		int before = compared_with(s, i, ended && i == s->plies);

		s->swing[i] =
			before >= 0 &&
			fabs(s->value[i] - s->value[before]) >= SWING_LEAST;
	}
}

static void forget_searches(struct stepper *s)
{
	for (int i = 0; i <= s->plies; i++)
		s->ply[i] = (struct game_ply){
			.wdl = {NAN, NAN, NAN},
			.raw = NAN,
		};
}

enum err_code stepper_load(struct stepper *s, int64_t id, struct err *e)
{
	struct store *st = lab_store(s->app->lab);
	struct store_search *list;
	enum store_status rc;
	enum err_code code;
	size_t count;
	int ply;

	rc = store_game_get(st, &s->bag, id, &s->row);
	if (rc != STORE_OK)
		return lab_error(st, rc, e);
	if (!s->ready) {
		code = game_init(&s->game, s->row.game, e);
		if (code != ERR_OK) {
			err_prefix(e, "game %lld", (long long)id);
			return code;
		}
		line_init(&s->line, &s->game);
		s->ready = true;
		s->ply = mem_zalloc((size_t)s->game.max_plies + 1,
				    sizeof(*s->ply));
		s->value = mem_zalloc((size_t)s->game.max_plies + 1,
				      sizeof(*s->value));
		s->swing = mem_zalloc((size_t)s->game.max_plies + 1,
				      sizeof(*s->swing));
		code = line_load(&s->line, s->row.moves ? s->row.moves : "", e);
		if (code != ERR_OK) {
			err_prefix(e, "game %lld", (long long)id);
			return code;
		}
		s->plies = s->line.stored_count;
	}
	rc = store_annotation_list(st, &s->bag, id, &s->notes, &s->note_count);
	if (rc != STORE_OK)
		return lab_error(st, rc, e);
	forget_searches(s);
	rc = store_search_list(st, &s->bag, id, &list, &count);
	if (rc != STORE_OK)
		return lab_error(st, rc, e);
	/* The game's own positions are needed, not those of a variation. */
	ply = s->line.ply;
	line_return(&s->line);
	line_go(&s->line, ply);
	for (size_t i = 0; i < count; i++)
		take_search(s, &list[i]);
	fill_graph(s);
	return ERR_OK;
}

void stepper_unload(struct stepper *s)
{
	if (s->searched)
		inspector_release(&s->root);
	if (s->ready)
		line_release(&s->line);
	free(s->ply);
	free(s->value);
	free(s->swing);
	store_bag_release(&s->bag);
}

const struct game_ply *stepper_ply(const struct stepper *s)
{
	const struct game_ply *p;

	if (line_is_variation(&s->line) || s->line.ply > s->plies)
		return NULL;
	p = &s->ply[s->line.ply];
	return p->search_id ? p : NULL;
}

static struct trace *stored_trace(struct stepper *s, const struct game_ply *p)
{
	struct store_bag bag = {0};
	struct trace *trace = NULL;
	const void *data;
	size_t len;

	if (store_search_trace(lab_store(s->app->lab), &bag, p->search_id,
			       &data, &len) == STORE_OK &&
	    trace_decode(data, len, &trace, NULL) != ERR_OK)
		trace = NULL;
	store_bag_release(&bag);
	return trace;
}

static struct trace *stored_figures(struct stepper *s, const struct game_ply *p)
{
	struct root_move *list = mem_alloc(ROOT_MAX * sizeof(*list));
	int count = root_moves_parse(p->moves, &s->game, line_state(&s->line),
				     list, ROOT_MAX);
	struct trace *trace = NULL;

	if (count > 0)
		trace = root_moves_trace(list, count, p->wdl, p->raw);
	free(list);
	return trace;
}

void stepper_show(struct stepper *s)
{
	const struct game_ply *p = stepper_ply(s);
	struct trace *trace = NULL;

	if (s->searched)
		inspector_release(&s->root);
	s->searched = false;
	if (!p)
		return;
	/* The tree knows more about the root than the kept figures. */
	if (p->traced)
		trace = stored_trace(s, p);
	if (!trace)
		trace = stored_figures(s, p);
	if (!trace)
		return;
	inspector_init(&s->root, &s->game, line_state(&s->line));
	s->searched = true;
	if (inspector_set(&s->root, trace, NULL) != ERR_OK) {
		inspector_release(&s->root);
		s->searched = false;
		return;
	}
	/* Which simulation came last says nothing here. */
	s->root.path.len = 0;
	inspector_select(&s->root, 0);
}
