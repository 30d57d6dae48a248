/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/agent/scribe_int.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/tokens.h"

/* What came of what it wrote itself. */

/* Do the cells from word `first` on show the board of `state`? */
static bool shows(const struct page *p, int first, const void *state,
		  int player)
{
	for (int c = 0; c < p->form.cells; c++)
		if (p->words[first + c].word != page_cell(p, state, player, c))
			return false;
	return true;
}

/* The board that was just written in lane i, by ply k. */
void scribe_count_board(struct scribe *s, int i, int k)
{
	const struct game *g = s->game;
	const struct page *page = scribe_page(s, i);
	const struct ply *from = &s->lane[i].ply[k - 1];
	const struct ply *p = &s->lane[i].ply[k];
	int first = page->count - s->form.cells;
	bool legal = false;
	void *child;

	for (int c = 0; c < s->form.cells; c++)
		s->counts.cells_right +=
			page->words[first + c].word ==
			page_cell(page, p->state, p->player, c);
	s->counts.cells += s->form.cells;
	s->counts.boards++;
	s->counts.boards_right += shows(page, first, p->state, p->player);
	child = mem_alloc(g->state_size);
	for (int j = 0; j < from->legal_count && !legal; j++) {
		memcpy(child, from->state, g->state_size);
		g->rules->apply(g, child, from->legal[j]);
		legal = shows(page, first, child, p->player);
	}
	s->counts.boards_legal += legal;
	free(child);
}

void scribe_count_end(struct scribe *s, const struct ply *p, bool said)
{
	bool over = s->game->rules->to_act(s->game, p->state) < 0;

	s->counts.ends += said && over;
	s->counts.ends_false += said && !over;
	s->counts.ends_missed += !said && over;
}

void scribe_count_result(struct scribe *s, const struct ply *p)
{
	float value[GAME_MAX_PLAYERS];

	if (s->game->rules->to_act(s->game, p->state) >= 0)
		return;
	s->game->rules->score(s->game, p->state, value);
	s->counts.results_right += fabsf(value[p->player] - p->worth) < 0.25f;
}

/* Of better values that it wrote itself. */
void scribe_count_values(struct scribe *s, const struct page_backup *b)
{
	for (int m = 0; m <= s->form.moves; m++) {
		if (isnan(b->exact[m]))
			continue;
		s->counts.values++;
		s->counts.values_right +=
			token_value(b->exact[m]) == token_value(b->better[m]);
		s->counts.values_off +=
			fabs((double)b->exact[m] - (double)b->better[m]);
	}
}

const struct scribe_counts *scribe_counted(const struct scribe *s)
{
	return &s->counts;
}

void scribe_counts_add(struct scribe_counts *sum,
		       const struct scribe_counts *one)
{
	sum->cells += one->cells;
	sum->cells_right += one->cells_right;
	sum->boards += one->boards;
	sum->boards_right += one->boards_right;
	sum->boards_legal += one->boards_legal;
	sum->ends += one->ends;
	sum->ends_false += one->ends_false;
	sum->ends_missed += one->ends_missed;
	sum->results_right += one->results_right;
	sum->values += one->values;
	sum->values_right += one->values_right;
	sum->values_off += one->values_off;
}
