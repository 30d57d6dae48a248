/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/agent/scribe_int.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/tokens.h"

/* Boards, moves and values of a page. */

void scribe_legal(const struct scribe *s, struct ply *p)
{
	p->legal_count = s->game->rules->legal(s->game, p->state, p->legal);
	for (int m = 0; m < s->form.moves; m++)
		p->q[m] = NAN;
}

/* Values of the moves at ply k, in the lanes whose board there is on. */
void scribe_moves(struct scribe *s, int k)
{
	for (int m = 0; m < s->form.moves; m++) {
		int place = token_place_move(&s->form, m);

		for (int i = 0; i < s->n; i++) {
			const struct ply *p = &s->lane[i].ply[k];

			s->lane[i].turn = false;
			for (int j = 0; p->on && j < p->legal_count; j++)
				s->lane[i].turn |= p->legal[j] == m;
		}
		scribe_ask(s, place);
		for (int i = 0; i < s->n; i++) {
			struct ply *p = &s->lane[i].ply[k];

			if (s->lane[i].turn)
				p->q[m] = scribe_value(s, i, place, p->level,
						       p->branch);
			else if (p->on)
				page_add(scribe_page(s, i), TOKEN_CANNOT, place,
					 p->level, p->branch);
		}
	}
}

/* The best by what was written, in an order that says nothing. */
void scribe_list(struct scribe *s, int lane, struct ply *p)
{
	struct rng *r = s->lane[lane].desk->rng;
	int width = s->conf->width;

	memcpy(p->listed, p->legal, (size_t)p->legal_count * sizeof(game_move));
	for (int i = p->legal_count - 1; i > 0; i--) {
		int k = (int)rng_below(r, (uint32_t)i + 1);
		game_move m = p->listed[i];

		p->listed[i] = p->listed[k];
		p->listed[k] = m;
	}
	p->listed_count = p->legal_count;
	while (p->listed_count > width) {
		int worst = 0;

		for (int i = 1; i < p->listed_count; i++)
			if (p->q[p->listed[i]] < p->q[p->listed[worst]])
				worst = i;
		p->listed_count--;
		memmove(p->listed + worst, p->listed + worst + 1,
			(size_t)(p->listed_count - worst) * sizeof(game_move));
	}
}

/* The cells of ply k in the lanes whose turn it is. */
static void write_cells(struct scribe *s, int k)
{
	for (int c = 0; c < s->form.cells; c++) {
		if (s->conf->writes_boards)
			scribe_ask(s, c);
		for (int i = 0; i < s->n; i++) {
			const struct ply *p = &s->lane[i].ply[k];
			struct page_word *w;
			int word;

			if (!s->lane[i].turn)
				continue;
			word = s->conf->writes_boards
				       ? token_cell(scribe_chances(
						 s, i, token_cell(0),
						 TOKEN_CELLS))
				       : page_cell(scribe_page(s, i), p->state,
						   p->player, c);
			w = page_add(scribe_page(s, i), word, c, p->level,
				     p->branch);
			w->ask = PAGE_CELL;
			w->engine = !s->conf->writes_boards;
		}
	}
	for (int i = 0; i < s->n && s->conf->writes_boards; i++)
		if (s->lane[i].turn)
			scribe_count_board(s, i, k);
}

/* That the game is over, and how, as the rules say. */
float scribe_give_end(struct scribe *s, int i, const struct ply *p)
{
	float value[GAME_MAX_PLAYERS];
	int place = token_place_worth(&s->form);

	s->game->rules->score(s->game, p->state, value);
	page_add(scribe_page(s, i), TOKEN_END, place, p->level, p->branch)
		->ask = PAGE_LEAF;
	return scribe_give(scribe_page(s, i), value[p->player], place, p->level,
			   p->branch);
}

/* Does it say that the game is over? */
static bool says_end(const struct scribe *s, int i)
{
	const float *y = s->logits + (size_t)i * (size_t)s->words;
	float top = y[TOKEN_END], values = 0;

	for (int k = 0; k < TOKEN_VALUES; k++)
		top = fmaxf(top, y[token_value_first() + k]);
	for (int k = 0; k < TOKEN_VALUES; k++)
		values += expf(y[token_value_first() + k] - top);
	return expf(y[TOKEN_END] - top) > values;
}

/* What the board at ply k is worth, in the lanes whose turn it is. */
void scribe_worth(struct scribe *s, int k)
{
	int place = token_place_worth(&s->form);
	bool *ends = mem_zalloc((size_t)s->n, sizeof(*ends));

	for (int i = 0; i < s->n; i++) {
		struct ply *p = &s->lane[i].ply[k];

		if (!s->lane[i].turn || s->conf->writes_boards || p->on)
			continue;
		p->worth = scribe_give_end(s, i, p);
		s->lane[i].turn = false;
	}
	scribe_ask(s, place);
	for (int i = 0; i < s->n; i++) {
		struct ply *p = &s->lane[i].ply[k];

		if (!s->lane[i].turn)
			continue;
		ends[i] = k && s->conf->writes_boards && says_end(s, i);
		if (k && s->conf->writes_boards)
			scribe_count_end(s, p, ends[i]);
		if (ends[i]) {
			struct page_word *w =
				page_add(scribe_page(s, i), TOKEN_END, place,
					 p->level, p->branch);

			w->ask = PAGE_LEAF;
			w->engine = false;
			continue;
		}
		p->worth = scribe_value(s, i, place, p->level, p->branch);
		if (k)
			scribe_page(s, i)
				->words[scribe_page(s, i)->count - 1]
				.ask = PAGE_LEAF;
		s->lane[i].turn = false;
	}
	scribe_ask(s, place);
	for (int i = 0; i < s->n; i++) {
		struct ply *p = &s->lane[i].ply[k];

		if (!ends[i])
			continue;
		p->worth = scribe_value(s, i, place, p->level, p->branch);
		scribe_count_result(s, p);
		p->on = false;
	}
	/* A game that is over and was not said to be is not looked into. */
	for (int i = 0; i < s->n && k; i++) {
		struct ply *p = &s->lane[i].ply[k];

		p->on = p->on && s->game->rules->to_act(s->game, p->state) >= 0;
	}
	free(ends);
}

/* The board after move number j that is listed at ply k - 1, and its worth. */
void scribe_after(struct scribe *s, int k, int j)
{
	const struct game_rules *rules = s->game->rules;

	for (int i = 0; i < s->n; i++) {
		struct lane *l = &s->lane[i];
		const struct ply *from = &l->ply[k - 1];
		struct ply *p = &l->ply[k];

		p->on = l->turn = from->on && j < from->listed_count;
		if (!l->turn)
			continue;
		memcpy(p->state, from->state, s->game->state_size);
		rules->apply(s->game, p->state, from->listed[j]);
		p->player = rules->to_act(s->game, p->state);
		p->on = p->player >= 0;
		if (!p->on)
			p->player = 1 - from->player;
		p->branch = from->listed[j];
		p->level = k > 1 ? TOKEN_DEEP : TOKEN_FIRST;
		page_add(scribe_page(s, i), token_move(p->branch),
			 token_place_choice(&s->form), p->level, p->branch);
	}
	write_cells(s, k);
	scribe_worth(s, k);
}

/* What a move to the board at `after` is worth to who makes it. */
float scribe_worth_before(const struct ply *from, const struct ply *after)
{
	return after->player == from->player ? after->worth : -after->worth;
}

float scribe_best(const struct ply *p)
{
	float best = -1;

	for (int i = 0; i < p->legal_count; i++)
		best = fmaxf(best, p->q[p->legal[i]]);
	return best;
}

/* Two plies deep: the board at ply 1 looks at its own moves, and is worth what
 * the best of them is. */
void scribe_deeper(struct scribe *s)
{
	int place = token_place_worth(&s->form), most = 0;

	for (int i = 0; i < s->n; i++)
		if (s->lane[i].ply[1].on)
			scribe_legal(s, &s->lane[i].ply[1]);
	scribe_moves(s, 1);
	for (int i = 0; i < s->n; i++) {
		struct ply *p = &s->lane[i].ply[1];

		if (!p->on)
			continue;
		scribe_list(s, i, p);
		most = p->listed_count > most ? p->listed_count : most;
	}
	for (int j = 0; j < most; j++) {
		scribe_after(s, 2, j);
		for (int i = 0; i < s->n; i++) {
			struct ply *p = &s->lane[i].ply[1];

			if (p->on && j < p->listed_count)
				p->q[p->listed[j]] = scribe_worth_before(
					p, &s->lane[i].ply[2]);
		}
	}
	for (int i = 0; i < s->n; i++) {
		struct ply *p = &s->lane[i].ply[1];

		s->lane[i].turn = p->on;
		if (p->on)
			page_add(scribe_page(s, i), TOKEN_AGAIN,
				 token_place_mark(&s->form), TOKEN_ONCE_MORE,
				 p->branch);
	}
	if (s->conf->writes_backups)
		scribe_ask(s, place);
	for (int i = 0; i < s->n; i++) {
		struct ply *p = &s->lane[i].ply[1];

		if (!p->on)
			continue;
		p->worth = s->conf->writes_backups
				   ? scribe_value(s, i, place, TOKEN_ONCE_MORE,
						  p->branch)
				   : scribe_give(scribe_page(s, i),
						 scribe_best(p), place,
						 TOKEN_ONCE_MORE, p->branch);
	}
}
