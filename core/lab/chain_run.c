/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/chain_run.h"

#include <math.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/lab/match_run.h"
#include "core/lab/rate_fit.h"
#include "core/learn/recipe.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"

static const char *const panel[] = {
	"random",
	"tactical",
	"mcts:rollout,sims=30",
	"mcts:rollout,sims=100",
	"mcts:rollout,sims=300",
};

/* Openings so long seldom meet again in a second match.  What more is played is
 * reckoned from what is known, which is rough: at least and at most so much. */
#define OPENINGS "random:6"
enum { LEAST_GAMES = 20, MOST_AT_ONCE = 400, FIRST_GAMES = 200 };

struct chaining {
	struct lab *lab;
	const struct chain_options *options;
	struct chain *out;
	struct game game;
	struct recipe recipe;
};

void chain_release(struct chain *c)
{
	store_bag_release(&c->bag);
}

/* --- what is known ---------------------------------------------------------
 */

static void read_link(const struct rate_fit *f, struct chain_link *l)
{
	struct rate_gain g =
		rate_fit_gain(f, rate_fit_find(f, l->agent),
			      rate_fit_find(f, l->neighbour), &l->games);

	l->difference = g.elo;
	l->low = g.low;
	l->high = g.high;
}

static enum err_code read_links(struct chaining *c, struct err *e)
{
	struct rate_fit f;
	enum err_code rc = rate_fit_make(&f, lab_store(c->lab), c->out->game,
					 NULL, 0, NULL, NULL, e);

	for (size_t i = 0; !rc && i < c->out->count; i++)
		read_link(&f, &c->out->links[i]);
	rate_fit_release(&f);
	return rc;
}

static enum err_code count_games(struct chaining *c, const char *first,
				 const char *second, int64_t *games,
				 struct err *e)
{
	struct rate_fit f;
	enum err_code rc = rate_fit_make(&f, lab_store(c->lab), c->out->game,
					 NULL, 0, NULL, NULL, e);

	if (!rc)
		(void)rate_fit_gain(&f, rate_fit_find(&f, first),
				    rate_fit_find(&f, second), games);
	rate_fit_release(&f);
	return rc;
}

/* --- playing ---------------------------------------------------------------
 */

static enum err_code play(struct chaining *c, int64_t step, const char *agent,
			  const char *opponent, int games, int64_t before,
			  struct err *e)
{
	const struct chain_options *o = c->options;
	struct match_outcome outcome;
	struct match_options m = {
		.game = &c->game,
		.agents = {agent, opponent},
		.openings = OPENINGS,
		.games = games,
		.life = 1,
		/* Other games than before; one that can be typed. */
		.seed = rng_mix(rng_mix(o->seed, (uint64_t)step),
				(uint64_t)before) >>
			1,
		.threads = o->threads,
		.keep = true,
		.step = -1,
		.command = o->command,
		.interrupt = o->interrupt,
	};
	enum err_code rc;

	if (o->report)
		o->report(o->ctx, agent, opponent, games);
	rc = match_run(c->lab, &m, &outcome, e);
	c->out->played += outcome.result.games;
	return rc;
}

/* So many more, by how the interval shrinks with the root of their number; an
 * even number, since openings are played from both sides. */
static int more_games(const struct chaining *c, const struct chain_link *l)
{
	double half = (l->high - l->low) / 2, within = c->options->within;
	int most = c->options->most_games - (int)l->games;
	double more = FIRST_GAMES;

	if (half <= within || most < 2)
		return 0;
	if (l->games && half > 0)
		more = (double)l->games *
		       ((half / within) * (half / within) - 1);
	more = fmin(fmax(more, LEAST_GAMES), fmin(MOST_AT_ONCE, most));
	return (int)(more / 2) * 2;
}

static enum err_code play_link(struct chaining *c, size_t i, struct err *e)
{
	struct chain_link *l = &c->out->links[i];
	enum err_code rc = ERR_OK;
	int64_t before = -1;
	int games;

	/* A match that brought nothing has run out of openings. */
	while (!rc && l->games > before && (games = more_games(c, l)) > 0) {
		before = l->games;
		rc = play(c, l->step, l->agent, l->neighbour, games, before, e);
		if (!rc)
			rc = read_links(c, e);
	}
	return rc;
}

/* Who cannot play the game is not of its panel. */
static bool can_play(struct chaining *c, const char *spec)
{
	struct agent *a;

	if (agent_open(&a, spec, &c->game, lab_agents(c->lab), NULL))
		return false;
	agent_close(a);
	return true;
}

static enum err_code play_panel(struct chaining *c, int64_t step,
				const char *agent, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t k = 0; !rc && k < ARRAY_LEN(panel); k++) {
		int64_t games = 0;
		int wanted = c->options->panel_games;

		if (!can_play(c, panel[k]))
			continue;
		rc = count_games(c, agent, panel[k], &games, e);
		if (!rc && games < wanted)
			rc = play(c, step, agent, panel[k],
				  (wanted - (int)games + 1) / 2 * 2, games, e);
	}
	return rc;
}

static enum err_code play_all(struct chaining *c, struct err *e)
{
	const struct chain_link *first = &c->out->links[0];
	enum err_code rc = play_panel(c, first->before, first->neighbour, e);

	for (size_t i = 0; !rc && i < c->out->count; i++) {
		const struct chain_link *l = &c->out->links[i];

		rc = play_link(c, i, e);
		if (!rc)
			rc = play_panel(c, l->step, l->agent, e);
	}
	return rc;
}

/* --- the whole -------------------------------------------------------------
 */

static enum err_code read_run(struct chaining *c, struct store_run *run,
			      struct err *e)
{
	struct store *s = lab_store(c->lab);
	struct store_bag *bag = &c->out->bag;
	enum err_code rc =
		lab_error(s, store_run_find(s, bag, c->options->run, run), e);

	if (!rc)
		rc = game_init(&c->game, run->game, e);
	if (rc)
		return rc;
	if (c->game.player_count == 1)
		return err_set(e, ERR_USAGE,
			       "%s is a one-player game: its checkpoints have "
			       "no neighbours to play against",
			       game_short_name(&c->game));
	c->out->game = store_bag_strdup(bag, c->game.name);
	conf_defaults(recipe_spec, &c->recipe);
	return conf_read(recipe_spec, &c->recipe, run->config, run->name, e);
}

static enum err_code make_links(struct chaining *c, const struct store_run *run,
				struct err *e)
{
	struct store *s = lab_store(c->lab);
	struct chain *out = c->out;
	struct store_checkpoint *rows;
	enum err_code rc;
	size_t count;

	rc = lab_error(
		s, store_checkpoint_list(s, &out->bag, run->id, &rows, &count),
		e);
	if (rc)
		return rc;
	if (count < 2)
		return err_set(e, ERR_USAGE,
			       "run %s has fewer than two checkpoints",
			       run->name);
	out->links = store_bag_alloc(&out->bag, count * sizeof(*out->links));
	for (size_t i = 1; i < count; i++) {
		struct chain_link *l = &out->links[out->count++];
		char agent[128], before[128];

		rate_agent_name(&c->recipe, run->name, rows[i].step, agent);
		rate_agent_name(&c->recipe, run->name, rows[i - 1].step,
				before);
		*l = (struct chain_link){
			.step = rows[i].step,
			.before = rows[i - 1].step,
			.agent = store_bag_strdup(&out->bag, agent),
			.neighbour = store_bag_strdup(&out->bag, before),
		};
	}
	return ERR_OK;
}

enum err_code chain_run(struct lab *lab, const struct chain_options *options,
			struct chain *out, struct err *e)
{
	struct chaining c = {.lab = lab, .options = options, .out = out};
	struct store_run run;
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	rc = read_run(&c, &run, e);
	if (!rc)
		rc = make_links(&c, &run, e);
	if (!rc)
		rc = read_links(&c, e);
	if (!rc && options->within > 0)
		rc = play_all(&c, e);
	/* The last word: later games moved earlier links, too. */
	if (!rc || rc == ERR_CANCELLED) {
		enum err_code read = read_links(&c, e);

		rc = rc ? rc : read;
	}
	return rc;
}
