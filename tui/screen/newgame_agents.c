/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/newgame.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent/kind.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/search/solver.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/widget/form.h"

int newgame_field_count(const struct newgame *n)
{
	return n->watch ? WATCH_FIELDS : PLAY_FIELDS;
}

int newgame_agent_count(const struct newgame *n)
{
	return n->watch ? 2 : 1;
}

int newgame_agent_field(int agent)
{
	return FIELD_AGENT + agent * AGENT_FIELDS;
}

const char *newgame_rules(const struct newgame *n)
{
	const char *name = form_get(&n->form, FIELD_GAME);

	return strcmp(name, "other") ? name
				     : form_get(&n->form, FIELD_GAME_TEXT);
}

static enum store_status load_steps(struct store *s, struct store_bag *bag,
				    int64_t run_id, struct buf *out)
{
	struct store_checkpoint *rows;
	size_t count;
	enum store_status st =
		store_checkpoint_list(s, bag, run_id, &rows, &count);

	if (st)
		return st;
	buf_puts(out, "latest");
	for (size_t i = count; i > 0; i--)
		buf_printf(out, "|%lld", (long long)rows[i - 1].step);
	return STORE_OK;
}

/* Runs that have a network to play by: those that played themselves before
 * those that imitate, newest first. */
enum err_code newgame_load_options(struct newgame *n, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run *rows;
	enum store_status st;
	struct store *s;
	size_t count;
	enum err_code rc;

	if (!n->app->lab)
		return ERR_OK;
	s = lab_store(n->app->lab);
	st = store_run_list(s, &bag, &rows, &count);
	if (!st)
		n->options = mem_zalloc(count, sizeof(*n->options));
	for (size_t i = 0; !st && i < 2 * count; i++) {
		const struct store_run *row = &rows[i % count];
		struct option *o = &n->options[n->option_count];
		bool learner = !strcmp(row->kind, "train");
		struct game g;

		if (learner != (i < count) || !row->checkpoints ||
		    game_init(&g, row->game, NULL))
			continue;
		o->run = mem_strdup(row->name);
		o->game = g;
		buf_init(&o->steps);
		n->option_count++;
		st = load_steps(s, &bag, row->id, &o->steps);
	}
	rc = lab_error(s, st, e);
	store_bag_release(&bag);
	return rc;
}

const struct option *newgame_option(const struct newgame *n, const char *run)
{
	for (int i = 0; i < n->option_count; i++)
		if (!strcmp(n->options[i].run, run) && n->game.rules &&
		    game_same_network(&n->options[i].game, &n->game))
			return &n->options[i];
	return NULL;
}

/* Runs of the chosen game, then agents for any game. */
void newgame_offer_agents(struct newgame *n)
{
	const char *newest = NULL;
	struct buf choices;
	struct game g;

	if (game_init(&g, newgame_rules(n), NULL))
		return; /* its field says why */
	if (n->game.rules && !strcmp(g.name, n->game.name))
		return;
	n->game = g;
	buf_init(&choices);
	for (int i = 0; i < n->option_count; i++) {
		if (!game_same_network(&n->options[i].game, &g))
			continue;
		buf_printf(&choices, "%s|", n->options[i].run);
		if (!newest)
			newest = n->options[i].run;
	}
	for (const struct agent_kind *const *k = agent_kinds; *k; k++)
		if ((*k)->family && !strcmp((*k)->family, g.rules->family))
			buf_printf(&choices, "%s|", (*k)->name);
	buf_puts(&choices, "tactical|random|rollout|uniform");
	if (solver_knows(&g))
		buf_puts(&choices, "|solver");
	if (!n->watch)
		buf_puts(&choices, "|human");
	buf_puts(&choices, "|other");
	for (int i = 0; i < newgame_agent_count(n); i++)
		form_choices(&n->form, newgame_agent_field(i) + AGENT_WHO,
			     choices.data);
	/* Somebody who learned this game is what a lab is for. */
	for (int i = 0; newest && i < newgame_agent_count(n); i++)
		form_set(&n->form, newgame_agent_field(i) + AGENT_WHO, newest);
	buf_release(&choices);
}

/* Agents that search without a network. */
