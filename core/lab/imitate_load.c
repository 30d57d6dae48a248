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
#include "core/learn/dataset.h"
#include "core/learn/history.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/net/net.h"
#include "store/game.h"
#include "store/store.h"

/* The positions of an imitation: stored games, its teacher's among them. */

enum {
	PAGE = 256,
	BLOCK = 16, /* games in a row that are held out together */
};

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
	int64_t stage;    /* of the game before, as history_add() has it */
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

struct dataset imitate_data(const struct imitation *im, bool held_out)
{
	if (im->watches)
		return history_stretches(held_out ? im->seen_held_out
						  : im->seen);
	return replay_dataset(held_out ? im->held_out : im->data);
}

/* Whether a game is held out, by its number, or that of its neighbours. */
static bool is_held_out(const struct imitation *im, uint64_t number)
{
	struct rng split;

	rng_init(&split, im->run.seed, RNG_SPLIT, number, 0);
	return rng_float(&split) < im->run.recipe.held_out;
}

/* Positions are alike within a game: whole games are held out. */
static bool add_positions(struct loading *l, const struct store_game *row,
			  int n)
{
	struct imitation *im = l->im;
	bool held_out = is_held_out(
		im, (uint64_t)(row->number ? row->number : row->id));
	struct replay *into = held_out ? im->held_out : im->data;

	if (row->targets_len)
		(void)(replay_add(into, l->moves, n, (float)row->result,
				  row->targets, row->targets_len,
				  l->e) == ERR_OK);
	else
		replay_add_plain(into, l->moves, n, row->opening,
				 players_of(im, row), (float)row->result);
	return held_out;
}

/* Games are alike where they are neighbours: blocks of them are held out, and
 * no sequence goes over what is missing between two. */
static bool add_game(struct loading *l, const struct store_game *row, int n)
{
	struct imitation *im = l->im;
	bool held_out = is_held_out(im, (uint64_t)(im->games / BLOCK));
	struct history *into = held_out ? im->seen_held_out : im->seen;

	if (im->games % BLOCK == 0)
		history_cut(held_out ? im->seen : im->seen_held_out);
	l->stage = row->step > l->stage ? row->step : l->stage;
	if (row->targets_len)
		(void)(history_add(into, l->stage, l->moves, n,
				   (float)row->result, row->targets,
				   row->targets_len, l->e) == ERR_OK);
	else
		history_add_plain(into, l->stage, l->moves, n, row->opening,
				  players_of(im, row), (float)row->result);
	return held_out;
}

static bool load_game(void *ctx, const struct store_game *row)
{
	struct loading *l = ctx;
	struct imitation *im = l->im;
	bool held_out = false;
	void *state;
	int n;

	if (!im->source.games && row->number > l->upto)
		return false;
	if (!im->data && !im->seen) {
		l->plies += row->plies;
		return true;
	}
	state = game_state_new(&im->run.game, 0);
	if (!game_play_text(&im->run.game, state, row->moves, l->moves, &n,
			    l->e)) {
		held_out = (im->watches ? add_game : add_positions)(l, row, n);
		taught_add(&im->taught, &im->run.game, l->moves, n,
			   row->opening);
	}
	free(state);
	if (l->e->code) {
		err_prefix(l->e, "game %lld", (long long)row->id);
		return false;
	}
	im->games++;
	im->held_out_games += held_out;
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

/* Stretches as long as the network reads, and a shard has room for. */
static enum err_code make_histories(struct imitation *im, float share)
{
	struct net_config net;
	int rows = im->run.recipe.shard, context;

	recipe_net(&im->run.recipe, &im->run.game, &net);
	context = net_config_context(&net);
	if (context && context < rows)
		rows = context;
	im->seen = history_new(&im->run.game, share);
	im->seen_held_out = history_new(&im->run.game, share);
	history_set_stretch(im->seen, rows);
	history_set_stretch(im->seen_held_out, rows);
	im->longest = rows;
	return ERR_OK;
}

/* A sequence has at least one game. */
static enum err_code check_length(const struct imitation *im, struct err *e)
{
	struct dataset data = imitate_data(im, false);
	struct dataset held_out = imitate_data(im, true);
	int most = dataset_most_rows(&data), other;

	other = dataset_most_rows(&held_out);
	most = other > most ? other : most;
	if (!im->watches || most <= im->longest)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "%s: a game of %d positions does not fit in the %d that "
		       "the network reads at once: raise its context, and "
		       "shard to as much",
		       im->source.text, most, im->longest);
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
	enum err_code rc;

	if (im->watches)
		return make_histories(im, share);
	rc = each_game(l, 1, e);
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
	enum err_code rc = im->data || im->seen ? ERR_OK : make_room(im, &l, e);
	struct dataset data, held_out;

	if (rc)
		return rc;
	l.moves = mem_zalloc((size_t)im->run.game.max_plies, sizeof(*l.moves));
	rc = each_game(&l, first, e);
	free(l.moves);
	data = imitate_data(im, false);
	held_out = imitate_data(im, true);
	if (!rc && (!dataset_held(&data) || !dataset_held(&held_out)))
		rc = err_set(e, ERR_NOTFOUND,
			     "%s: %lld games are too few to train on some and "
			     "hold out others",
			     im->source.text, (long long)im->games);
	return rc ? rc : check_length(im, e);
}
