/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/scribe.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/agent/scribe_int.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/tokens.h"

/* One backup after the other. */

/* A game to its end: a move and a board each, and how it ended. */
static int rollout_words(const struct game *g)
{
	return g->max_plies * (g->rows * g->cols + 1) + 2;
}

int scribe_most_words(const struct game *g, const struct scribe_conf *c)
{
	int moves = g->move_count, cells = g->rows * g->cols;
	int width = c->width < moves ? c->width : moves;
	int after = cells + 3, board = cells + 2 + moves, look;

	if (c->depth > 1)
		after += moves + width * (cells + 3) + 2;
	look = width * after;
	if (c->rollouts != SCRIBE_NEVER && look < rollout_words(g))
		look = rollout_words(g);
	return board + 1 + look + moves + 3;
}

static struct page_backup *backup_of(const struct scribe *s, int i)
{
	struct page *p = scribe_page(s, i);

	return &p->backups[p->backup_count - 1];
}

static void write_root(struct scribe *s)
{
	for (int i = 0; i < s->n; i++) {
		struct lane *l = &s->lane[i];
		struct ply *root = &l->ply[0];
		struct page *p = scribe_page(s, i);

		memcpy(root->state, l->desk->state, s->game->state_size);
		root->player = s->game->rules->to_act(s->game, root->state);
		assert(root->player >= 0);
		root->level = TOKEN_FIRST;
		root->branch = s->form.moves;
		root->on = l->turn = true;
		scribe_legal(s, root);
		page_begin(p, root->state, l->desk->line, l->desk->plies);
		page_add(p, TOKEN_BOARD, token_place_mark(&s->form),
			 root->level, root->branch);
		page_add_cells(p, root->state, root->player, root->level,
			       root->branch);
		backup_of(s, i)->worth = p->count;
	}
	scribe_worth(s, 0);
	scribe_moves(s, 0);
	for (int i = 0; i < s->n; i++) {
		struct page_backup *b = backup_of(s, i);
		const struct page *p = scribe_page(s, i);

		/* As it said, not as the words have it. */
		for (int m = 0; m < s->form.moves; m++)
			b->before[m] = p->words[b->worth + 1 + m].mean;
		b->before[s->form.moves] = p->words[b->worth].mean;
	}
}

/* 0 or 1, and the room that a rollout takes at most. */
static void write_mode(struct scribe *s)
{
	int rollout =
		s->game->max_plies * (s->form.cells + 1) + s->form.moves + 6;

	for (int i = 0; i < s->n; i++)
		s->lane[i].turn =
			s->conf->rollouts != SCRIBE_NEVER && s->plan &&
			scribe_page(s, i)->count + rollout <= s->context;
	if (s->conf->rollouts == SCRIBE_OWN)
		scribe_ask(s, token_place_choice(&s->form));
	for (int i = 0; i < s->n; i++) {
		struct page_backup *b = backup_of(s, i);
		struct rng *r = s->lane[i].desk->rng;
		struct page_word *w;

		if (s->lane[i].turn && s->conf->rollouts == SCRIBE_OWN) {
			scribe_chances(s, i, TOKEN_SHALLOW, 2);
			b->rollout = rng_float(r) < s->weight[1];
		} else if (s->lane[i].turn) {
			b->rollout = rng_below(r, 2);
		}
		w = page_add(scribe_page(s, i),
			     b->rollout ? TOKEN_ROLLOUT : TOKEN_SHALLOW,
			     token_place_choice(&s->form), TOKEN_FIRST,
			     s->form.moves);
		if (!s->lane[i].turn)
			continue;
		w->ask = PAGE_MODE;
		w->engine = s->conf->rollouts == SCRIBE_HALF;
	}
}

static void search(struct scribe *s)
{
	int most = 0;

	for (int i = 0; i < s->n; i++) {
		struct ply *root = &s->lane[i].ply[0];

		root->on = !backup_of(s, i)->rollout;
		if (!root->on)
			continue;
		scribe_list(s, i, root);
		most = root->listed_count > most ? root->listed_count : most;
	}
	for (int j = 0; j < most; j++) {
		scribe_after(s, 1, j);
		if (s->conf->depth > 1)
			scribe_deeper(s);
		for (int i = 0; i < s->n; i++) {
			struct ply *root = &s->lane[i].ply[0];

			if (!root->on || j >= root->listed_count)
				continue;
			root->q[root->listed[j]] =
				scribe_worth_before(root, &s->lane[i].ply[1]);
			backup_of(s, i)->looked++;
		}
	}
}

/* Its own moves to the end of the game, in the lanes that roll out. */
static void roll_out(struct scribe *s)
{
	const struct game *g = s->game;
	game_move *first = mem_zalloc((size_t)s->n, sizeof(*first));
	bool any = false;

	for (int i = 0; i < s->n; i++) {
		struct ply *p = &s->lane[i].ply[1];

		first[i] = GAME_NO_MOVE;
		p->on = backup_of(s, i)->rollout;
		p->player = s->lane[i].ply[0].player;
		p->level = TOKEN_FIRST;
		p->branch = s->form.moves;
		any |= p->on;
		memcpy(p->state, s->lane[i].ply[0].state, g->state_size);
	}
	while (any) {
		any = false;
		for (int i = 0; i < s->n; i++)
			s->lane[i].turn = s->lane[i].ply[1].on;
		scribe_ask(s, token_place_choice(&s->form));
		for (int i = 0; i < s->n; i++) {
			struct ply *p = &s->lane[i].ply[1];
			struct page_word *w;
			int k;

			if (!p->on)
				continue;
			scribe_legal(s, p);
			scribe_chances(s, i, token_move(0), s->form.moves);
			for (int j = 0; j < p->legal_count; j++)
				p->q[j] = s->weight[p->legal[j]] + 1e-6f;
			k = rng_pick(s->lane[i].desk->rng, p->q,
				     p->legal_count);
			w = page_add(scribe_page(s, i), token_move(p->legal[k]),
				     token_place_choice(&s->form), p->level,
				     p->branch);
			w->ask = PAGE_MOVE;
			w->engine = false;
			if (first[i] == GAME_NO_MOVE)
				first[i] = p->legal[k];
			g->rules->apply(g, p->state, p->legal[k]);
			p->player = g->rules->to_act(g, p->state);
			p->on = p->player >= 0;
			if (!p->on)
				p->player = !s->lane[i].ply[0].player;
			any |= p->on;
		}
		for (int i = 0; i < s->n; i++) {
			const struct ply *p = &s->lane[i].ply[1];

			if (!s->lane[i].turn)
				continue;
			page_add_cells(scribe_page(s, i), p->state, p->player,
				       p->level, p->branch);
			if (!p->on)
				s->lane[i].ply[1].worth =
					scribe_give_end(s, i, p);
		}
	}
	for (int i = 0; i < s->n; i++) {
		struct ply *root = &s->lane[i].ply[0];
		float result = scribe_worth_before(root, &s->lane[i].ply[1]);

		if (first[i] == GAME_NO_MOVE)
			continue;
		root->q[first[i]] +=
			s->conf->trust * (result - root->q[first[i]]);
		backup_of(s, i)->looked++;
	}
	free(first);
}

/* The board's estimates once more, from what was written since. */
static void write_again(struct scribe *s)
{
	int moves = s->form.moves, place;

	for (int i = 0; i < s->n; i++) {
		struct ply *root = &s->lane[i].ply[0];
		struct page_backup *b = backup_of(s, i);

		root->on = true;
		root->level = TOKEN_ONCE_MORE;
		for (int m = 0; m < moves; m++)
			b->exact[m] = isnan(root->q[m])
					      ? NAN
					      : token_value_of(token_value(
							root->q[m]));
		b->exact[moves] =
			token_value_of(token_value(scribe_best(root)));
		page_add(scribe_page(s, i), TOKEN_AGAIN,
			 token_place_mark(&s->form), TOKEN_ONCE_MORE, moves);
		b->again = scribe_page(s, i)->count;
	}
	if (s->conf->writes_backups) {
		scribe_moves(s, 0);
	} else {
		for (int i = 0; i < s->n; i++)
			for (int m = 0; m < moves; m++) {
				float q = s->lane[i].ply[0].q[m];

				place = token_place_move(&s->form, m);
				if (isnan(q))
					page_add(scribe_page(s, i),
						 TOKEN_CANNOT, place,
						 TOKEN_ONCE_MORE, moves);
				else
					scribe_give(scribe_page(s, i), q, place,
						    TOKEN_ONCE_MORE, moves);
			}
	}
	place = token_place_worth(&s->form);
	for (int i = 0; i < s->n; i++)
		s->lane[i].turn = s->conf->writes_backups;
	scribe_ask(s, place);
	for (int i = 0; i < s->n; i++) {
		struct ply *root = &s->lane[i].ply[0];
		struct page_backup *b = backup_of(s, i);

		root->worth = s->conf->writes_backups
				      ? scribe_value(s, i, place,
						     TOKEN_ONCE_MORE, moves)
				      : scribe_give(scribe_page(s, i),
						    scribe_best(root), place,
						    TOKEN_ONCE_MORE, moves);
		for (int m = 0; m < moves; m++)
			b->better[m] = isnan(root->q[m])
					       ? NAN
					       : token_value_of(token_value(
							 root->q[m]));
		b->better[moves] = root->worth;
		if (s->conf->writes_backups)
			scribe_count_values(s, b);
	}
}

/* Where it goes on. */
static void write_pick(struct scribe *s, int i)
{
	const struct ply *root = &s->lane[i].ply[0];
	struct page_backup *b = backup_of(s, i);
	struct rng *r = s->lane[i].desk->rng;
	int best = 0;

	for (int k = 1; k < root->legal_count; k++)
		if (root->q[root->legal[k]] > root->q[root->legal[best]])
			best = k;
	if (rng_float(r) >= s->conf->fresh) {
		float top = root->q[root->legal[best]];

		for (int k = 0; k < root->legal_count; k++)
			s->weight[k] =
				s->conf->temperature > 0
					? expf((root->q[root->legal[k]] - top) /
					       s->conf->temperature)
					: (float)(k == best);
		b->pick =
			root->legal[rng_pick(r, s->weight, root->legal_count)];
	}
	page_add(scribe_page(s, i),
		 b->pick == GAME_NO_MOVE ? TOKEN_FRESH : token_move(b->pick),
		 token_place_choice(&s->form), TOKEN_ONCE_MORE, s->form.moves);
}

void scribe_write(struct scribe *s, const struct scribe_conf *c, int n,
		  const struct scribe_desk *desk)
{
	assert(n > 0 && n <= s->lanes);
	assert(s->plan || (!c->writes_boards && !c->writes_backups));
	s->conf = c;
	s->n = n;
	for (int i = 0; i < n; i++)
		s->lane[i].desk = &desk[i];
	write_root(s);
	if (c->width) {
		write_mode(s);
		search(s);
		roll_out(s);
		write_again(s);
		for (int i = 0; i < n; i++)
			write_pick(s, i);
	}
	for (int i = 0; i < n; i++) {
		struct page_backup *b = backup_of(s, i);

		b->count = scribe_page(s, i)->count - b->first;
	}
}

void scribe_estimate(struct scribe *s, int n, const void *const *state,
		     float *const *value)
{
	static const struct scribe_conf alone = {.width = 0, .depth = 1};
	size_t bytes = ((size_t)s->form.moves + 1) * sizeof(float);
	struct scribe_desk *desk = mem_zalloc((size_t)n, sizeof(*desk));
	struct page *page = mem_zalloc((size_t)n, sizeof(*page));

	for (int i = 0; i < n; i++) {
		page_init(&page[i], s->game);
		desk[i] = (struct scribe_desk){
			.page = &page[i], .state = state[i], .plies = -1};
		scribe_turn(s, i);
	}
	scribe_write(s, &alone, n, desk);
	for (int i = 0; i < n; i++) {
		memcpy(value[i], page[i].backups[0].before, bytes);
		page_release(&page[i]);
	}
	free(page);
	free(desk);
}
