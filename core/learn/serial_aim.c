/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/agent/page.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/serial.h"
#include "core/learn/serial_int.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/tokens.h"

/* A hundred cells stand beside a dozen values on a page. */
static const float CELL_WEIGHT = 0.2f;

/* --- what is learned ----------------------------------------------------- */

static void learn_value(struct page_word *w, float aim)
{
	w->weight = 1;
	w->aim = aim;
}

/* The better values, those of moves in a drawn order. */
static void permute(const struct page_backup *b, int moves, struct rng *r,
		    float *out)
{
	int *at = mem_zalloc((size_t)moves, sizeof(*at)), n = 0;

	for (int m = 0; m <= moves; m++)
		out[m] = b->better[m];
	for (int m = 0; m < moves; m++)
		if (!isnan(b->better[m]))
			at[n++] = m;
	for (int i = n - 1; i > 0; i--) {
		int k = (int)rng_below(r, (uint32_t)i + 1);
		float v = out[at[i]];

		out[at[i]] = out[at[k]];
		out[at[k]] = v;
	}
	free(at);
}

/* Moves of who won a rollout. */
static void aim_rollout(struct page *p, const struct page_backup *b)
{
	int end = b->first + b->count, last = -1, moves = 0;

	for (int i = b->first; i < end; i++)
		if (p->words[i].word == TOKEN_END)
			last = i + 1;
	if (last < 0)
		return;
	for (int i = b->first; i < last; i++)
		moves += p->words[i].ask == PAGE_MOVE;
	/* The result is that of who would be next after the last move. */
	for (int i = b->first, n = 0; i < last; i++) {
		float result = token_value_of(p->words[last].word);

		if (p->words[i].ask != PAGE_MOVE)
			continue;
		if ((moves - n) % 2)
			result = -result;
		n++;
		if (result > 0)
			p->words[i].weight = 1;
	}
}

/* The worth of the board after the move that was picked, as it is known once
 * that board has been looked at. */
static void aim_picked(struct page *p, const struct page_backup *b, float worth)
{
	int place = token_place_worth(&p->form);

	for (int i = b->first; i < b->first + b->count; i++) {
		struct page_word *w = &p->words[i];

		if (w->branch == b->pick && w->place == place &&
		    w->level == TOKEN_FIRST && token_is_value(w->word) &&
		    !w->engine)
			learn_value(w, worth);
	}
}

void serial_aim(const struct serial_conf *c, struct page *p, struct rng *r)
{
	int moves = p->form.moves;
	float *aim = mem_floats((size_t)moves + 1);

	for (int k = 0; k < p->backup_count; k++) {
		const struct page_backup *b = &p->backups[k];

		for (int m = 0; m <= moves; m++)
			aim[m] = c->update == SERIAL_PLACEBO ? b->before[m]
							     : b->better[m];
		if (c->update == SERIAL_PERMUTED)
			permute(b, moves, r, aim);
		learn_value(&p->words[b->worth], aim[moves]);
		for (int m = 0; m < moves; m++)
			if (!isnan(aim[m]))
				learn_value(&p->words[b->worth + 1 + m],
					    aim[m]);
		if (k && p->backups[k - 1].pick != GAME_NO_MOVE)
			aim_picked(p, &p->backups[k - 1], aim[moves]);
		if (b->rollout && c->update == SERIAL_IMPROVED)
			aim_rollout(p, b);
	}
	free(aim);
}

void serial_aim_drill(struct page *p)
{
	for (int i = 0; i < p->count; i++) {
		struct page_word *w = &p->words[i];

		if (w->ask == PAGE_CELL && w->branch < p->form.moves)
			w->weight = CELL_WEIGHT;
		/* A leaf also where the game goes on, whatever it is worth. */
		else if (w->ask == PAGE_LEAF ||
			 (w->ask == PAGE_VALUE && w->engine))
			w->weight = 1;
	}
}

/* --- as a data set ------------------------------------------------------- */

/* Which words could stand there. */
static void choices(const struct token_form *f, const struct page_word *w,
		    int *from, int *count)
{
	*from = token_value_first();
	*count = TOKEN_VALUES;
	if (w->ask == PAGE_CELL) {
		*from = token_cell(0);
		*count = TOKEN_CELLS;
	} else if (w->ask == PAGE_MODE) {
		*from = TOKEN_SHALLOW;
		*count = 2;
	} else if (w->ask == PAGE_MOVE) {
		*from = token_move(0);
		*count = f->moves;
	}
}

/* A value between two words is either, as near as it is. */
static void aim_between(float value, float *target)
{
	float at = (fminf(fmaxf(value, -1), 1) + 1) * (TOKEN_STEPS / 2.0f);
	int low = (int)at;
	float share = at - (float)low;

	target[token_value_first() + low] = 1 - share;
	if (share > 0)
		target[token_value_first() + low + 1] = share;
}

static void fill_target(const struct page *p, const struct page_word *w,
			float *target)
{
	int words = token_words(&p->form), from, count;

	for (int k = 0; k < words; k++)
		target[k] = NET_LEFT_OUT;
	if (w->weight <= 0)
		return;
	choices(&p->form, w, &from, &count);
	for (int k = 0; k < count; k++)
		target[from + k] = 0;
	if (w->ask == PAGE_LEAF)
		target[TOKEN_END] = 0;
	if (!isnan(w->aim))
		aim_between(w->aim, target);
	else
		target[w->word] = 1;
}

/* Rows up to the last that teaches. */
static int taught_rows(const struct page *p)
{
	int last = 0;

	for (int i = 1; i < p->count; i++)
		if (p->words[i].weight > 0)
			last = i;
	return last;
}

static void add_page(const struct page *p, struct dataset_room *out)
{
	int rows = taught_rows(p), first;

	if (!rows)
		return;
	first = dataset_room_add(out, rows, -1);
	for (int i = 0; i < rows; i++) {
		struct net_row row = net_rows_at(&out->rows, first + i);
		const struct page_word *next = &p->words[i + 1];

		page_row(&p->words[i], row.ids);
		fill_target(p, next, row.target[NET_POLICY]);
		*row.weight[NET_POLICY] = next->weight;
		row.target[NET_VALUE][0] = 1;
		row.target[NET_VALUE][1] = row.target[NET_VALUE][2] = 0;
		*row.weight[NET_VALUE] = 0;
	}
}

static int64_t held(const void *self)
{
	const struct serial_pages *p = self;

	return p->count;
}

static int rows_of(const void *self, int64_t item)
{
	const struct serial_pages *p = self;

	return taught_rows(&p->pages[item]);
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	const struct serial_pages *p = self;

	add_page(&p->pages[item], out);
}

/* Each page once: those of the shard. */
static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct serial_pages *p = self;
	int first = (int)(chance->first / (uint64_t)p->shard) * p->per_shard;

	(void)window;
	for (int i = first; i < first + p->per_shard && i < p->count; i++)
		add_page(&p->pages[i], out);
	assert(out->batch.sequences > 0);
}

struct dataset serial_dataset(const struct serial_pages *p)
{
	return (struct dataset){.held = held,
				.rows = rows_of,
				.draw = draw,
				.get = get,
				.self = p};
}
