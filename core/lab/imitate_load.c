/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/lab/imitate_int.h"
#include "core/lab/lab.h"
#include "core/lab/taught.h"
#include "core/learn/replay.h"
#include "store/game.h"
#include "store/store.h"

/* The positions of an imitation: stored games, its teacher's among them. */

enum { PAGE = 256 };

int64_t imitate_round_games(const struct imitation *im)
{
	const struct recipe *r = &im->run.recipe;

	return llround(fmax(1, (double)r->dagger_share * (double)im->lessons));
}

struct loading {
	struct imitation *im;
	game_move *moves; /* owned; [max_plies] */
	int64_t upto;     /* number of the last game wanted */
	int64_t plies;    /* counted, when there is no replay yet */
	struct err *e;
};

/* Which sides of a stored game are to be imitated. */
static int players_of(const struct imitation *im, const struct store_game *row)
{
	int players = 0;

	if (!im->source.agent)
		return 3;
	if (!strcmp(row->first, im->source.agent))
		players |= 1;
	if (row->second && !strcmp(row->second, im->source.agent))
		players |= 2;
	return players;
}

static bool load_game(void *ctx, const struct store_game *row)
{
	struct loading *l = ctx;
	struct imitation *im = l->im;
	struct rng split;
	struct replay *into;
	void *state;
	int n;

	if (!im->source.games && row->number > l->upto)
		return false;
	if (!im->data) {
		l->plies += row->plies;
		return true;
	}
	/* Whole games are held out: positions of one game are alike. */
	rng_init(&split, im->run.seed, RNG_SPLIT,
		 (uint64_t)(row->number ? row->number : row->id), 0);
	into = rng_float(&split) < im->run.recipe.held_out ? im->held_out
							   : im->data;
	state = game_state_new(&im->run.game, 0);
	if (!game_play_text(&im->run.game, state, row->moves, l->moves, &n,
			    l->e)) {
		if (row->targets_len)
			(void)(replay_add(into, l->moves, n, (float)row->result,
					  row->targets, row->targets_len,
					  l->e) == ERR_OK);
		else
			replay_add_plain(into, l->moves, n, row->opening,
					 players_of(im, row),
					 (float)row->result);
		taught_add(&im->taught, &im->run.game, l->moves, n,
			   row->opening);
	}
	free(state);
	if (l->e->code) {
		err_prefix(l->e, "game %lld", (long long)row->id);
		return false;
	}
	im->games++;
	im->held_out_games += into == im->held_out;
	return true;
}

/* Stored games by the source's filter, a page at a time. */
static enum err_code each_stored(struct loading *l, struct err *e)
{
	struct store_game_filter f = l->im->source.filter;
	enum err_code rc = ERR_OK;
	size_t n = PAGE;

	f.oldest_first = true;
	f.limit = PAGE;
	for (f.offset = 0; !rc && n == PAGE; f.offset += PAGE) {
		struct store_bag bag = {0};
		struct store_game *rows;

		rc = lab_error(
			l->im->store,
			store_game_list(l->im->store, &bag, &f, &rows, &n), e);
		for (size_t i = 0; i < n && !rc; i++) {
			enum store_status st;

			/* Without a result it teaches no value. */
			if (rows[i].id > l->im->source.upto ||
			    isnan(rows[i].result))
				continue;
			st = store_game_targets(l->im->store, &bag, rows[i].id,
						&rows[i].targets,
						&rows[i].targets_len);
			if (st && st != STORE_NOTFOUND)
				rc = lab_error(l->im->store, st, e);
			else if (!load_game(l, &rows[i]))
				rc = e->code;
		}
		store_bag_release(&bag);
	}
	return rc;
}

static enum err_code each_game(struct loading *l, int64_t first, struct err *e)
{
	struct imitation *im = l->im;
	enum err_code rc;

	if (im->source.games)
		return each_stored(l, e);
	rc = lab_error(
		im->store,
		store_game_each(im->store, im->run.id, first, load_game, l), e);
	return rc ? rc : e->code;
}

/* Room for all that will come: the first games are counted, those of later
 * rounds are no longer than the longest can be. */
static enum err_code make_room(struct imitation *im, struct loading *l,
			       struct err *e)
{
	const struct recipe *r = &im->run.recipe;
	/* What a teacher says is its value; of stored searches the recipe
	 * decides. */
	float share = im->source.games ? r->search_share : 1;
	enum err_code rc = each_game(l, 1, e);

	if (rc)
		return rc;
	l->plies += r->dagger_rounds * imitate_round_games(im) *
		    im->run.game.max_plies;
	im->data = replay_new(&im->run.game, l->plies + 1, share);
	im->held_out = replay_new(&im->run.game, l->plies + 1, share);
	return ERR_OK;
}

enum err_code imitate_load(struct imitation *im, int64_t first, int64_t last,
			   struct err *e)
{
	struct loading l = {.im = im, .upto = last, .e = e};
	enum err_code rc = im->data ? ERR_OK : make_room(im, &l, e);

	if (rc)
		return rc;
	l.moves = mem_zalloc((size_t)im->run.game.max_plies, sizeof(*l.moves));
	rc = each_game(&l, first, e);
	free(l.moves);
	if (!rc && (!replay_held(im->data) || !replay_held(im->held_out)))
		rc = err_set(e, ERR_NOTFOUND,
			     "%s: %lld games are too few to train on some and "
			     "hold out others",
			     im->source.text, (long long)im->games);
	return rc;
}
