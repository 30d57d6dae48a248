/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/review.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"
#include "core/learn/targets.h"
#include "store/store.h"

enum { ROOT_MAX = 4096, REVIEW_SEED = 1 /* as whole_game.c asks */ };

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
	int taken = best;
	bool other = false;

	for (int i = 0; i < count && p->best && *p->best; i++)
		if (same_move(r, ply, p->best, list[i].move))
			taken = i;
	/* Without visits nothing was searched, so nothing was overturned; nor
	 * was it where the network liked another move as well. */
	if (best >= 0)
		other = taken < 0 || list[taken].prior < list[top].prior;
	free(list);
	return other;
}

/* Is it the agent that moved there? */
static bool by_mover(const struct review *r, int ply, const char *agent)
{
	int to_act =
		r->game.rules->to_act(&r->game, line_state_at(&r->line, ply));
	const char *mover = to_act == 0   ? r->row.first
			    : to_act == 1 ? r->row.second
					  : NULL;

	return agent && mover && !strcmp(agent, mover);
}

static void take_search(struct review *r, const struct store_search *x)
{
	struct review_ply *p;

	if (x->ply < 0 || x->ply > r->plies)
		return;
	p = &r->ply[x->ply];
	/* The newest comes last and stands, but never hides a recorded tree
	 * behind bare figures. */
	if (p->traced && x->trace_len == 0 && x->id != REVIEW_UNKEPT)
		return;
	/* What was looked into later does not hide what the player thought. */
	if (x->id != REVIEW_UNKEPT && p->search_id > 0 &&
	    by_mover(r, x->ply, p->agent) && !by_mover(r, x->ply, x->agent))
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

/* What the move to `ply` cost whoever made it. */
static double cost_of(const struct review *r, int ply, bool result)
{
	const char *agent = r->ply[ply].agent, *other;
	int mover;

	if (ply == 0 || isnan(r->value[ply]) || isnan(r->value[ply - 1]))
		return (double)NAN;
	other = r->ply[ply - 1].agent;
	if (!result && (!agent || !other || strcmp(agent, other) != 0))
		return (double)NAN;
	mover = r->game.rules->to_act(&r->game,
				      line_state_at(&r->line, ply - 1));
	if (mover < 0)
		return (double)NAN; /* chance pays for nothing */
	return mover == 1 ? r->value[ply] - r->value[ply - 1]
			  : r->value[ply - 1] - r->value[ply];
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
		r->cost[i] = cost_of(r, i, ended && i == r->plies);
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
	r->cost = mem_zalloc(plies, sizeof(*r->cost));
	r->heard = mem_zalloc(plies, sizeof(*r->heard));
	r->event = mem_zalloc(plies, sizeof(*r->event));
	rc = line_load(&r->line, r->row.moves ? r->row.moves : "", e);
	r->plies = r->line.stored_count;
	if (!rc)
		find_events(r);
	return rc;
}

/* A thought that nobody stored, as if it were. */
static void take_heard(struct review *r, int ply)
{
	const struct review_heard *h = &r->heard[ply];
	const struct thought *th = &h->thought;
	bool v = th->has_value;
	struct store_search x = {
		.id = REVIEW_UNKEPT,
		.ply = ply,
		.agent = r->heard_agent,
		.simulations = th->simulations,
		.best = h->best,
		.win = v ? (double)th->wdl[0] : (double)NAN,
		.draw = v ? (double)th->wdl[1] : (double)NAN,
		.loss = v ? (double)th->wdl[2] : (double)NAN,
		.moves = h->moves,
	};

	x.raw_value = th->simulations ? (double)NAN : x.win - x.loss;
	if (h->known)
		take_search(r, &x);
}

/* What a run learned from a ply, where no search of it is stored. */
static void take_targets(struct review *r)
{
	struct target t;
	struct reader in;

	if (!r->targets ||
	    targets_open(&in, r->targets, r->targets_len, NULL) != ERR_OK)
		return;
	for (int i = 0; i < r->plies; i++) {
		struct review_ply *p = &r->ply[i];
		double win, draw;

		targets_next(&in, &t);
		if (!t.count || p->search_id)
			continue;
		p->taught = true;
		p->agent = r->row.first;
		if (!t.has_value)
			continue;
		win = t.win / 65535.0;
		draw = t.draw / 65535.0;
		p->wdl[0] = win;
		p->wdl[1] = draw;
		p->wdl[2] = fmax(0, 1 - win - draw);
	}
}

/* The figures of every ply, from what is stored or from what was heard. */
static void take_all(struct review *r)
{
	int ply = r->line.ply;

	/* The game's own positions are needed, not those of a variation. */
	line_return(&r->line);
	line_go(&r->line, ply);
	forget_searches(r);
	for (size_t i = 0; i < r->search_count && !r->hearing; i++)
		take_search(r, &r->searches[i]);
	for (int i = 0; i <= r->plies && r->hearing; i++)
		take_heard(r, i);
	if (!r->hearing)
		take_targets(r);
	fill_graph(r);
}

static void forget_heard(struct review *r)
{
	for (int i = 0; r->heard && i <= r->plies; i++) {
		thought_release(&r->heard[i].thought);
		free(r->heard[i].moves);
		r->heard[i] = (struct review_heard){.known = false};
	}
	free(r->heard_agent);
	r->heard_agent = NULL;
	r->hearing = false;
}

void review_ask(struct review *r, const char *agent)
{
	forget_heard(r);
	r->heard_agent = mem_strdup(agent);
	r->hearing = true;
	take_all(r);
}

void review_hear(struct review *r, int ply, struct thought *th)
{
	struct review_heard *h = &r->heard[ply];
	const void *state = line_state_at(&r->line, ply);
	struct buf moves;

	assert(ply <= r->plies && r->heard_agent && !h->known);
	/* A variation may stand in the way of the game's positions. */
	if (r->line.branch >= 0 && r->line.branch < ply) {
		line_return(&r->line);
		state = line_state_at(&r->line, ply);
	}
	buf_init(&moves);
	root_moves_json(th, &r->game, state, &moves);
	h->moves = mem_strdup(moves.data);
	buf_release(&moves);
	r->game.rules->move_text(&r->game, state, th->move, h->best);
	h->thought = *th;
	*th = (struct thought){0};
	h->known = true;
	if (!r->hearing)
		return;
	take_heard(r, ply);
	fill_graph(r);
}

bool review_show_heard(struct review *r, bool heard)
{
	if (heard && !r->heard_agent)
		return false;
	r->hearing = heard;
	take_all(r);
	return true;
}

enum err_code review_keep(struct review *r, struct store *store, struct err *e)
{
	enum store_status st;

	if (!r->heard_agent)
		return err_set(e, ERR_USAGE,
			       "there is no analysis of the whole game to "
			       "keep: press A first");
	line_return(&r->line);
	st = lab_begin(store, NULL, NULL);
	if (st)
		return lab_error(store, st, e);
	for (int i = 0; i <= r->plies && st == STORE_OK; i++) {
		if (!r->heard[i].known)
			continue;
		st = keep_thought(store, &r->game, line_state_at(&r->line, i),
				  r->row.id, i, r->heard_agent, REVIEW_SEED,
				  &r->heard[i].thought);
	}
	if (lab_settle(store, st, e))
		return e->code;
	forget_heard(r);
	return ERR_OK;
}

int review_moments(const struct review *r, struct review_moment *out)
{
	int count = 0;

	for (int i = 0; i < r->plies; i++) {
		struct review_moment m = {
			.ply = i,
			.before = r->value[i],
			.after = r->value[i + 1],
			.cost = r->cost[i + 1],
			.swing = r->swing[i + 1],
			.overturned = r->ply[i].overturned,
			.event = r->event[i + 1],
		};

		if (m.swing || m.overturned || m.event)
			out[count++] = m;
	}
	return count;
}

enum err_code review_load(struct review *r, struct store *store, int64_t id,
			  struct err *e)
{
	enum store_status rc;

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
	if (rc == STORE_OK) {
		rc = store_game_targets(store, &r->bag, id, &r->targets,
					&r->targets_len);
		if (rc == STORE_NOTFOUND) {
			r->targets = NULL;
			rc = STORE_OK;
		}
	}
	if (rc == STORE_OK)
		rc = store_search_list(store, &r->bag, id, &r->searches,
				       &r->search_count);
	if (rc != STORE_OK)
		return lab_error(store, rc, e);
	take_all(r);
	return ERR_OK;
}

void review_release(struct review *r)
{
	if (r->ready)
		line_release(&r->line);
	forget_heard(r);
	free(r->heard);
	free(r->ply);
	free(r->value);
	free(r->swing);
	free(r->cost);
	free(r->event);
	store_bag_release(&r->bag);
}

const struct review_ply *review_here(const struct review *r)
{
	const struct review_ply *p;

	if (line_is_variation(&r->line) || r->line.ply > r->plies)
		return NULL;
	p = &r->ply[r->line.ply];
	return p->search_id || p->taught ? p : NULL;
}

bool review_again(const struct review *r)
{
	const struct review_ply *p = review_here(r);

	return p && p->taught && r->row.number &&
	       !strcmp(r->row.purpose, "selfplay");
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

/* The stored policy, which stands for visits that were not kept. */
static struct trace *taught_figures(const struct review *r,
				    const struct review_ply *p)
{
	struct trace *trace = NULL;
	struct root_move *list;
	game_move *legal;
	struct target t = {0};
	struct reader in;
	int count;

	if (targets_open(&in, r->targets, r->targets_len, NULL) != ERR_OK)
		return NULL;
	for (int i = 0; i <= r->line.ply; i++)
		targets_next(&in, &t);
	legal = mem_zalloc((size_t)r->game.move_count, sizeof(*legal));
	list = mem_zalloc((size_t)r->game.move_count, sizeof(*list));
	count = r->game.rules->legal(&r->game, line_state(&r->line), legal);
	for (int i = 0; i < count && i < t.count; i++)
		list[i] = (struct root_move){
			.move = legal[i],
			.prior = target_share(&t, i),
			.q = (double)NAN,
			.value = (double)NAN,
		};
	if (count == t.count)
		trace = root_moves_trace(list, count, p->wdl, (double)NAN);
	free(legal);
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
	if (p && !trace && p->search_id)
		trace = stored_figures(r, p);
	if (p && !trace && p->taught)
		trace = taught_figures(r, p);
	return trace;
}
