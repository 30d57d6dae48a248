/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/accord_games.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/session/game_query.h"
#include "core/session/line.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

static void add_places(struct accord_games *a, const struct line *l,
		       int opening, int stage)
{
	size_t size = a->game.state_size, n = (size_t)l->count;
	unsigned char *states = mem_alloc((n + 1) * size);
	game_move *moves = mem_zalloc(n + 1, sizeof(*moves));

	memcpy(moves, l->moves, n * sizeof(*moves));
	a->blocks = mem_realloc(a->blocks, ((size_t)a->block_count + 2) *
						   sizeof(*a->blocks));
	a->blocks[a->block_count++] = states;
	a->blocks[a->block_count++] = moves;
	a->places = mem_realloc(a->places,
				((size_t)a->count + n) * sizeof(*a->places));
	for (int i = 0; i < l->count; i++) {
		unsigned char *state = states + (size_t)i * size;

		memcpy(state, line_state_at(l, i), size);
		/* What an opening or chance played, nobody chose. */
		if (i < opening || a->game.rules->to_act(&a->game, state) < 0)
			continue;
		a->places[a->count++] = (struct accord_place){
			.state = state,
			.line = moves,
			.ply = i,
			.played = moves[i],
			.stage = stage,
		};
	}
}

static enum err_code add_game(struct accord_games *a,
			      const struct store_game *row, int stage,
			      struct err *e)
{
	struct line l;
	struct game g;
	enum err_code rc = err_of_stored(e, game_init(&g, row->game, e));

	if (!rc && !a->games)
		a->game = g;
	else if (!rc && strcmp(g.name, a->game.name) != 0)
		return err_set(e, ERR_USAGE,
			       "there are games of %s and of %s: choose one by "
			       "game= in the filter",
			       game_short_name(&a->game), game_short_name(&g));
	if (!rc) {
		line_init(&l, &a->game);
		rc = line_load(&l, row->moves ? row->moves : "", e);
		if (!rc) {
			line_go(&l, l.count);
			add_places(a, &l, row->opening, stage);
		}
		line_release(&l);
	}
	if (rc)
		err_prefix(e, "game %lld", (long long)row->id);
	else
		a->games++;
	return rc;
}

static int by_step(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

/* Where the stages begin and end; games without a step make it one. */
static void make_stages(struct accord_games *a, const struct store_game *rows,
			size_t n, int stages)
{
	int64_t *steps = mem_alloc(n * sizeof(*steps));
	bool known = stages > 1;
	int made = 0;

	for (size_t i = 0; i < n; i++) {
		steps[i] = rows[i].step;
		known &= steps[i] >= 0;
	}
	qsort(steps, n, sizeof(*steps), by_step);
	stages = known ? stages : 1;
	a->steps = mem_zalloc((size_t)stages, sizeof(*a->steps));
	for (int k = 0; k < stages; k++) {
		size_t from = n * (size_t)k / (size_t)stages;
		size_t to = n * ((size_t)k + 1) / (size_t)stages;

		/* Games of one step are of one stage. */
		while (from > 0 && from < to && steps[from] == steps[from - 1])
			from++;
		while (to > from && to < n && steps[to] == steps[to - 1])
			to++;
		if (from >= to)
			continue;
		a->steps[made][0] = steps[from];
		a->steps[made][1] = steps[to - 1];
		made++;
	}
	a->stages = made;
	free(steps);
}

static int stage_of(const struct accord_games *a, int64_t step)
{
	for (int k = 0; k < a->stages; k++)
		if (step <= a->steps[k][1])
			return k;
	return a->stages - 1;
}

static enum err_code take_rows(struct accord_games *a,
			       const struct store_game *rows, size_t n,
			       int stages, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (!n)
		return err_set(e, ERR_NOTFOUND,
			       "the filter chooses no game: `list games` shows "
			       "what there is");
	make_stages(a, rows, n, stages);
	for (size_t i = 0; i < n && !rc; i++)
		rc = add_game(a, &rows[i], stage_of(a, rows[i].step), e);
	if (!rc && !a->count)
		rc = err_set(e, ERR_NOTFOUND,
			     "nobody chose a move in these games");
	return rc;
}

enum err_code accord_games_load(struct accord_games *a, struct lab *lab,
				int64_t id, const struct game_filter *filter,
				int64_t limit, int stages, struct err *e)
{
	struct store *s = lab_store(lab);
	struct store_bag bag = {0};
	struct store_game one, *rows = &one;
	struct store_game_filter q;
	struct game_question words;
	struct store_run run;
	enum store_status st = STORE_OK;
	enum err_code rc;
	size_t n = 1;

	*a = (struct accord_games){.stages = 1};
	if (id) {
		st = store_game_get(s, &bag, id, &one);
	} else {
		words = (struct game_question){.filter = *filter,
					       .limit = limit};
		if (*filter->run)
			st = store_run_find(s, &bag, filter->run, &run);
		if (*filter->run && st == STORE_OK)
			words.run_id = run.id;
		game_question_store(&words, &q);
		q.limit = limit;
		if (st == STORE_OK)
			st = store_game_list(s, &bag, &q, &rows, &n);
	}
	rc = st ? lab_error(s, st, e) : take_rows(a, rows, n, stages, e);
	store_bag_release(&bag);
	return rc;
}

void accord_games_release(struct accord_games *a)
{
	for (int i = 0; i < a->block_count; i++)
		free(a->blocks[i]);
	free(a->blocks);
	free(a->places);
	free(a->steps);
	*a = (struct accord_games){.stages = 1};
}
