/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/moments.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/game_query.h"
#include "core/session/line.h"
#include "core/session/whole_game.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

enum { PAGE = 200 };

struct finding {
	struct lab *lab;
	const struct moments_asked *asked;
	const atomic_bool *cancel;
	const struct moments_sink *to;
	struct moments_sum *sum;
	/* The agent, and the game it plays: games of one kind follow each other
	 * mostly. */
	struct agent *agent; /* owned; NULL: not opened */
	struct game game;
	int64_t total;
	char forfeit[sizeof(((struct thought *)0)->forfeit)];
	struct review *review; /* in hand */
};

static bool goes_on(const struct finding *f)
{
	return !f->cancel || !atomic_load(f->cancel);
}

static void hear(void *ctx, int ply, struct thought *th)
{
	struct finding *f = ctx;

	if (*th->forfeit) {
		snprintf(f->forfeit, sizeof(f->forfeit), "%s", th->forfeit);
		thought_release(th);
	} else {
		review_hear(f->review, ply, th);
	}
}

static enum err_code ask(struct finding *f, struct review *r, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (f->agent && strcmp(f->game.name, r->game.name) != 0) {
		agent_close(f->agent);
		f->agent = NULL;
	}
	if (!f->agent) {
		f->game = r->game;
		rc = agent_open(&f->agent, f->asked->agent, &f->game,
				lab_agents(f->lab), e);
		if (rc)
			return rc;
		if (agent_is_human(f->agent))
			return err_set(e, ERR_USAGE,
				       "human cannot be asked about games: "
				       "name mcts:RUN/STEP,sims=N or "
				       "policy:RUN/STEP");
	}
	review_ask(r, agent_name(f->agent));
	f->review = r;
	whole_game_ask(f->agent, &r->line, r->plies, f->cancel, hear, f);
	return *f->forfeit ? err_set(e, ERR_IO, "%s", f->forfeit) : ERR_OK;
}

static void count_plies(struct moments_sum *sum, const struct review *r)
{
	for (int i = 0; i <= r->plies; i++) {
		sum->positions += r->ply[i].search_id != 0;
		if (i == 0 || isnan(r->cost[i]))
			continue;
		int player = r->game.rules->to_act(
			&r->game, line_state_at(&r->line, i - 1));

		sum->moves[player == 1]++;
		sum->cost[player == 1] += fmax(r->cost[i], 0);
		sum->blunders += r->cost[i] >= REVIEW_SWING;
	}
}

static void tell(const struct finding *f, const struct review *r)
{
	struct review_moment *list =
		mem_zalloc((size_t)r->plies + 1, sizeof(*list));
	int count = review_moments(r, list);

	count_plies(f->sum, r);
	for (int i = 0; i < count; i++) {
		const struct review_ply *p = &r->ply[list[i].ply];
		struct moments_row row = {
			.game_id = r->row.id,
			.player = r->game.rules->to_act(
				&r->game, line_state_at(&r->line, list[i].ply)),
			.at = list[i],
			.agent = p->agent,
		};

		line_move_text(&r->line, list[i].ply, row.move);
		snprintf(row.best, sizeof(row.best), "%s",
			 p->best ? p->best : "");
		f->sum->overturned += row.at.overturned;
		f->sum->swings += row.at.swing;
		f->to->row(f->to->ctx, &row);
	}
	free(list);
}

static enum err_code look_at(struct finding *f, int64_t id, struct err *e)
{
	struct review r = {.ready = false};
	enum err_code rc = review_load(&r, lab_store(f->lab), id, e);

	if (!rc && f->asked->agent)
		rc = ask(f, &r, e);
	if (!rc && goes_on(f)) {
		tell(f, &r);
		f->sum->games++;
		if (f->to->game)
			f->to->game(f->to->ctx, f->sum->games, f->total);
	}
	review_release(&r);
	return rc;
}

/* The games of the filter, a page at a time: what is kept of one is then not
 * held for all. */
static enum err_code look_through(struct finding *f, struct store *s,
				  struct store_game_filter *q, struct err *e)
{
	int64_t limit = f->asked->limit;
	enum store_status st = store_game_count(s, q, &f->total);
	enum err_code rc = ERR_OK;
	size_t n = PAGE;

	if (limit && limit < f->total)
		f->total = limit;
	for (int64_t seen = 0; !rc && !st && n && seen < f->total;
	     seen += (int64_t)n) {
		struct store_bag bag = {0};
		struct store_game *rows;
		int64_t left = f->total - seen;

		q->limit = left < PAGE ? left : PAGE;
		st = store_game_list(s, &bag, q, &rows, &n);
		for (size_t i = 0; !st && !rc && i < n && goes_on(f); i++)
			rc = look_at(f, rows[i].id, e);
		if (!st && n)
			q->after = rows[n - 1].id;
		store_bag_release(&bag);
		if (!goes_on(f))
			break;
	}
	return st ? lab_error(s, st, e) : rc;
}

enum err_code moments_find(struct lab *lab, const struct moments_asked *asked,
			   const atomic_bool *cancel,
			   const struct moments_sink *to,
			   struct moments_sum *sum, struct err *e)
{
	struct finding f = {
		.lab = lab,
		.asked = asked,
		.cancel = cancel,
		.to = to,
		.sum = sum,
		.total = 1,
	};
	struct game_question words = {.filter = asked->filter};
	struct store *s = lab_store(lab);
	struct store_game_filter q;
	struct store_bag bag = {0};
	struct store_run run;
	enum err_code rc = ERR_OK;

	*sum = (struct moments_sum){.games = 0};
	/* Without an agent, games that nobody searched have nothing to tell. */
	words.filter.searched |= !asked->agent;
	if (!asked->game_id && *asked->filter.run) {
		rc = lab_error(
			s, store_run_find(s, &bag, asked->filter.run, &run), e);
		words.run_id = rc ? 0 : run.id;
	}
	if (!rc && asked->game_id) {
		rc = look_at(&f, asked->game_id, e);
	} else if (!rc) {
		game_question_store(&words, &q);
		rc = look_through(&f, s, &q, e);
	}
	agent_close(f.agent);
	store_bag_release(&bag);
	return rc;
}
