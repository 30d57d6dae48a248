/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/imitate.h"
#include "core/learn/recipe.h"
#include "store/run.h"
#include "store/store.h"

/* What imitation does when nothing is said.  The man page has the figures
 * behind these. */

/* A teacher plays from random positions, then the student plays and the teacher
 * labels. */
static const char for_teachers[] = "teacher_games = " IMITATE_GAMES "\n"
				   "teacher_lanes = 32\n"
				   "opening_share = 1\n"
				   "dagger_rounds = 2\n"
				   "dagger_share = 0.2\n";

/* What a network is asked once costs a third of what it takes to train on it
 * once: rather more positions than more epochs.  A search costs more than that.
 */
static const char for_networks[] = "teacher_positions = 250000\n"
				   "dagger_epochs = 0.5\n"
				   "epochs = 5\n";
static const char for_searches[] = "teacher_positions = 60000\n"
				   "dagger_epochs = 2\n"
				   "epochs = 12\n";

/* A network that reads sequences: several games in each. */
static const char for_watching[] = "batch = 2048\n"
				   "shard = 512\n"
				   "beta2 = 0.98\n"
				   "clip = 1\n"
				   "weight_decay = 0\n"
				   "epochs = 4\n";

static const char for_all[] = "patience = 3\n"
			      "least_steps = 1000\n";

static const char stored[] = "games:";

/* The network of a run, as settings; nothing if there is none of that name. */
static void add_size(struct store *s, const char *run, struct buf *out)
{
	struct store_bag bag = {0};
	struct store_run row;
	struct recipe r;

	conf_defaults(recipe_spec, &r);
	if (store_run_find(s, &bag, run, &row) == STORE_OK && row.config &&
	    !conf_read(recipe_spec, &r, row.config, run, NULL))
		buf_printf(out, "filters = %d\nblocks = %d\npool_blocks = %d\n",
			   r.filters, r.blocks, r.pool_blocks);
	store_bag_release(&bag);
}

/* The run whose network is imitated: "c4" of policy:c4/120 and of games:run=c4;
 * or NULL.  Caller frees. */
static char *run_of(const char *source)
{
	const char *at;

	if (!strncmp(source, stored, strlen(stored))) {
		at = strstr(source, "run=");
		return at ? mem_printf("%.*s", (int)strcspn(at + 4, ","),
				       at + 4)
			  : NULL;
	}
	at = strchr(source, ':');
	if (!at || !agent_needs_network(source))
		return NULL;
	return mem_printf("%.*s", (int)strcspn(at + 1, "/,"), at + 1);
}

/* Random moves lead far, but leave a game to play: up to this many of them, and
 * four sevenths of the longest game. */
enum { OPENING_PLIES = 24 };

static void add_openings(const struct game *g, struct buf *out)
{
	int plies = 4 * g->max_plies / 7;

	buf_printf(out, "opening_plies = %d\n",
		   plies < OPENING_PLIES ? plies : OPENING_PLIES);
}

static bool asks_once(const char *source)
{
	static const char policy[] = "policy:";

	return !strncmp(source, policy, strlen(policy));
}

char *imitate_usual(struct store *s, const char *source, const struct game *g,
		    const char *from, bool watches)
{
	char *run = from ? mem_printf("%.*s", (int)strcspn(from, "/"), from)
			 : run_of(source);
	struct buf b;

	buf_init(&b);
	buf_puts(&b, for_all);
	if (strncmp(source, stored, strlen(stored)) != 0) {
		buf_puts(&b, for_teachers);
		add_openings(g, &b);
		buf_puts(&b, asks_once(source) ? for_networks : for_searches);
	}
	if (watches)
		buf_puts(&b, for_watching);
	else if (run)
		add_size(s, run, &b);
	free(run);
	return buf_detach(&b, NULL);
}
