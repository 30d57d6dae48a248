/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/again_int.h"
#include "core/lab/lab.h"
#include "core/learn/recipe.h"
#include "core/learn/targets.h"
#include "store/game.h"
#include "store/store.h"

/*
 * Every slot searches the same number of plies in an iteration, and plays game
 * after game: how many it has searched tells the iteration.  The optimiser's
 * steps follow from the games that are finished, so they change only at the end
 * of an iteration in which one did, and that game's row tells them.
 */
struct walk {
	struct again_past *past;
	const struct recipe *recipe;
	const atomic_bool *cancel;
	int64_t *searched; /* owned; [slots] */
	int64_t slots, until, next, cap;
	bool whole;
};

static int64_t searched_plies(const struct store_game *g)
{
	struct target t;
	struct reader r;
	int64_t n = 0;

	if (!g->targets ||
	    targets_open(&r, g->targets, g->targets_len, NULL) != ERR_OK)
		return -1;
	for (int ply = 0; ply < g->plies; ply++) {
		targets_next(&r, &t);
		n += t.count > 0;
	}
	return r.failed ? -1 : n;
}

/* Iterations in which no game ended leave the steps as they were. */
static void note_steps(struct walk *w, int64_t iteration, int64_t step)
{
	struct again_past *p = w->past;

	if (iteration >= w->cap) {
		w->cap = 2 * iteration + 64;
		p->steps = mem_realloc(p->steps,
				       (size_t)w->cap * sizeof(*p->steps));
	}
	for (; p->count <= iteration; p->count++)
		p->steps[p->count] = p->count ? p->steps[p->count - 1] : 0;
	p->steps[iteration] = step;
}

static bool take(void *ctx, const struct store_game *g)
{
	struct walk *w = ctx;
	int64_t n, *slot;

	if (g->number >= w->until || (w->cancel && atomic_load(w->cancel)))
		return false;
	n = searched_plies(g);
	w->whole = n > 0 && g->number == w->next++;
	if (!w->whole)
		return false;
	slot = &w->searched[(int64_t)g->seed % w->slots];
	*slot += n;
	note_steps(w, (*slot - 1) / w->recipe->plies, g->step);
	return true;
}

enum err_code again_past_read(struct again_past *p, struct store *s,
			      const struct recipe *r,
			      const struct store_game *row,
			      const atomic_bool *cancel, struct err *e)
{
	int64_t slots = (int64_t)r->groups * r->slots;
	struct walk w = {
		.past = p,
		.recipe = r,
		.cancel = cancel,
		.searched = mem_zalloc((size_t)slots, sizeof(int64_t)),
		.slots = slots,
		.until = row->number,
		.next = 1,
		.whole = true,
	};
	enum err_code rc =
		lab_error(s, store_game_each(s, row->run_id, 1, take, &w), e);

	p->whole = w.whole && w.next == w.until;
	p->first = w.searched[(int64_t)row->seed % slots];
	free(w.searched);
	return !rc && cancel && atomic_load(cancel) ? ERR_CANCELLED : rc;
}

void again_past_release(struct again_past *p)
{
	free(p->steps);
	*p = (struct again_past){0};
}

int64_t again_past_step(const struct again_past *p, const struct recipe *r,
			int64_t index)
{
	int64_t before = (p->first + index) / r->plies - 1;

	if (before >= p->count)
		before = p->count - 1;
	return before < 0 ? 0 : p->steps[before];
}
