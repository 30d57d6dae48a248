/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/page.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/tokens.h"

/* What a stored page may hold at most. */
enum { MOST_WORDS = 1 << 20, MOST_BACKUPS = 1 << 16 };

enum err_code page_game_check(const struct game *g, struct err *e)
{
	void *state;
	bool plain = g->player_count == 2 && !g->rules->chance;

	if (!plain)
		return err_set(e, ERR_USAGE,
			       "boards are written as tokens in games of two "
			       "without chance, and %s is none",
			       game_short_name(g));
	state = game_state_new(g, 0);
	for (int i = 0; i < g->rows * g->cols; i++)
		plain &=
			g->rules->cell(g, state, i / g->cols, i % g->cols) <= 2;
	free(state);
	return plain ? ERR_OK
		     : err_set(e, ERR_USAGE,
			       "boards are written as tokens where all pieces "
			       "are alike, and in %s they are not",
			       game_short_name(g));
}

void page_init(struct page *p, const struct game *g)
{
	*p = (struct page){
		.game = g,
		.form = {.cells = g->rows * g->cols, .moves = g->move_count},
	};
}

void page_clear(struct page *p)
{
	for (int i = 0; i < p->backup_count; i++) {
		free(p->backups[i].before);
		free(p->backups[i].better);
		free(p->backups[i].exact);
		free(p->backups[i].later);
		free(p->backups[i].state);
		free(p->backups[i].line);
	}
	free(p->backups);
	p->backups = NULL;
	p->backup_count = p->backup_room = 0;
	p->count = 0;
}

void page_release(struct page *p)
{
	page_clear(p);
	free(p->words);
	p->words = NULL;
	p->room = 0;
}

struct page_word *page_add(struct page *p, int word, int place, int level,
			   int branch)
{
	struct page_word *w;

	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 256;
		p->words = mem_realloc(p->words,
				       (size_t)p->room * sizeof(*p->words));
	}
	if (p->count)
		p->words[p->count - 1].next = (uint16_t)place;
	w = &p->words[p->count++];
	*w = (struct page_word){.word = (uint16_t)word,
				.place = (uint16_t)place,
				.level = (uint16_t)level,
				.branch = (uint16_t)branch,
				.engine = true,
				.mean = NAN,
				.aim = NAN};
	return w;
}

int page_cell(const struct page *p, const void *state, int player, int cell)
{
	const struct game *g = p->game;
	int what = g->rules->cell(g, state, cell / g->cols, cell % g->cols);

	return token_cell(!what                ? TOKEN_EMPTY
			  : what == player + 1 ? TOKEN_MINE
					       : TOKEN_THEIRS);
}

int page_add_cells(struct page *p, const void *state, int player, int level,
		   int branch)
{
	int first = p->count;

	for (int i = 0; i < p->form.cells; i++)
		page_add(p, page_cell(p, state, player, i), i, level, branch)
			->ask = PAGE_CELL;
	return first;
}

static float *unknown(int n)
{
	float *out = mem_floats((size_t)n);

	for (int i = 0; i < n; i++)
		out[i] = NAN;
	return out;
}

struct page_backup *page_begin(struct page *p, const void *state,
			       const game_move *line, int plies)
{
	int n = p->form.moves + 1;
	struct page_backup *b;

	if (p->backup_count == p->backup_room) {
		p->backup_room = p->backup_room ? 2 * p->backup_room : 4;
		p->backups =
			mem_realloc(p->backups, (size_t)p->backup_room *
							sizeof(*p->backups));
	}
	b = &p->backups[p->backup_count++];
	*b = (struct page_backup){.first = p->count,
				  .worth = -1,
				  .again = -1,
				  .pick = GAME_NO_MOVE,
				  .pull = NAN,
				  .before = unknown(n),
				  .better = unknown(n),
				  .exact = unknown(n),
				  .later = unknown(n),
				  .state = mem_alloc(p->game->state_size),
				  .plies = plies};
	memcpy(b->state, state, p->game->state_size);
	b->line = mem_zalloc((size_t)(plies > 0 ? plies : 1), sizeof(*line));
	if (plies > 0)
		memcpy(b->line, line, (size_t)plies * sizeof(*line));
	return b;
}

void page_row(const struct page_word *w, float ids[TOKEN_IDS])
{
	ids[TOKEN_ID_WORD] = w->word;
	ids[TOKEN_ID_PLACE] = w->place;
	ids[TOKEN_ID_LEVEL] = w->level;
	ids[TOKEN_ID_BRANCH] = w->branch;
	ids[TOKEN_ID_NEXT] = w->next;
}

/* The text of a move; one that cannot be made here has only a number. */
static void move_text(const struct page *p, const void *state, int move,
		      char out[PAGE_TEXT])
{
	const struct game *g = p->game;
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	int n = g->rules->to_act(g, state) >= 0
			? g->rules->legal(g, state, legal)
			: 0;

	snprintf(out, PAGE_TEXT, "#%d", move);
	for (int i = 0; i < n; i++)
		if (legal[i] == move)
			g->rules->move_text(g, state, (game_move)move, out);
	free(legal);
}

void page_word_text(const struct page *p, const void *state, int word,
		    char out[PAGE_TEXT])
{
	static const char *const marks[TOKEN_MARKS] = {
		[TOKEN_SHALLOW] = "0",   [TOKEN_ROLLOUT] = "1",
		[TOKEN_BOARD] = "BOARD", [TOKEN_AGAIN] = "AGAIN",
		[TOKEN_FRESH] = "FRESH", [TOKEN_END] = "END",
		[TOKEN_CANNOT] = "-",
	};
	static const char cells[] = {'.', 'x', 'o'};

	if (word < TOKEN_MARKS)
		snprintf(out, PAGE_TEXT, "%s", marks[word]);
	else if (token_is_cell(word))
		snprintf(out, PAGE_TEXT, "%c", cells[word - TOKEN_MARKS]);
	else if (token_is_value(word))
		snprintf(out, PAGE_TEXT, "%+.2f", (double)token_value_of(word));
	else
		move_text(p, state, word - token_move(0), out);
}

/* --- as bytes ------------------------------------------------------------ */

static void save_word(const struct page_word *w, struct buf *out)
{
	buf_u16(out, w->word);
	buf_u16(out, w->place);
	buf_u16(out, w->level);
	buf_u16(out, w->branch);
	buf_u8(out, w->ask);
	buf_u8(out, w->engine);
	buf_f32(out, w->mean);
	buf_f32(out, w->weight);
	buf_f32(out, w->aim);
}

void page_save_line(const game_move *line, int plies, struct buf *out)
{
	assert(plies >= 0);
	buf_u32(out, (uint32_t)plies);
	for (int i = 0; i < plies; i++)
		buf_u16(out, line[i]);
}

int page_load_line(const struct game *g, struct reader *r, void *state,
		   game_move *line)
{
	uint32_t plies = reader_u32(r);
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));

	g->rules->start(g, state, 0);
	for (uint32_t i = 0; i < plies && !r->failed; i++) {
		game_move m = reader_u16(r);
		bool good = false;
		int n = g->rules->to_act(g, state) >= 0
				? g->rules->legal(g, state, legal)
				: 0;

		for (int k = 0; k < n; k++)
			good |= legal[k] == m;
		r->failed |= !good;
		if (!good)
			break;
		line[i] = m;
		g->rules->apply(g, state, m);
	}
	r->failed |= g->rules->to_act(g, state) < 0;
	free(legal);
	return r->failed ? 0 : (int)plies;
}

static void save_backup(const struct page *p, const struct page_backup *b,
			struct buf *out)
{
	size_t n = (size_t)p->form.moves + 1;

	buf_u32(out, (uint32_t)b->first);
	buf_u32(out, (uint32_t)b->count);
	buf_u32(out, (uint32_t)b->worth);
	buf_u32(out, (uint32_t)(b->again + 1));
	buf_u8(out, b->rollout);
	buf_u16(out, b->pick);
	buf_u32(out, (uint32_t)b->looked);
	buf_f32s(out, b->before, n);
	buf_f32s(out, b->better, n);
	buf_f32s(out, b->exact, n);
	buf_f32s(out, b->later, n);
	buf_f32(out, b->pull);
	page_save_line(b->line, b->plies, out);
}

void page_save(const struct page *p, struct buf *out)
{
	buf_u32(out, (uint32_t)p->count);
	for (int i = 0; i < p->count; i++)
		save_word(&p->words[i], out);
	buf_u32(out, (uint32_t)p->backup_count);
	for (int i = 0; i < p->backup_count; i++)
		save_backup(p, &p->backups[i], out);
}

static void load_word(struct page *p, struct reader *r)
{
	int word = reader_u16(r), place = reader_u16(r);
	int level = reader_u16(r), branch = reader_u16(r);
	struct page_word *w;

	if (word >= token_words(&p->form) || place >= token_places(&p->form) ||
	    level >= TOKEN_LEVELS || branch >= token_branches(&p->form))
		r->failed = true;
	if (r->failed)
		return;
	w = page_add(p, word, place, level, branch);
	w->ask = reader_u8(r);
	w->engine = reader_u8(r) != 0;
	w->mean = reader_f32(r);
	w->weight = reader_f32(r);
	w->aim = reader_f32(r);
	r->failed |= w->ask > PAGE_MOVE;
}

/* An index of a word of the page. */
static int load_index(const struct page *p, struct reader *r)
{
	uint32_t i = reader_u32(r);

	if (i > (uint32_t)p->count)
		r->failed = true;
	return r->failed ? 0 : (int)i;
}

static void load_backup(struct page *p, struct reader *r)
{
	const struct game *g = p->game;
	size_t n = (size_t)p->form.moves + 1;
	void *start = game_state_new(g, 0);
	struct page_backup *b = page_begin(p, start, NULL, -1);

	free(start);
	b->first = load_index(p, r);
	b->count = load_index(p, r);
	b->worth = load_index(p, r);
	b->again = load_index(p, r) - 1;
	b->rollout = reader_u8(r) != 0;
	b->pick = reader_u16(r);
	b->looked = load_index(p, r);
	reader_f32s(r, b->before, n);
	reader_f32s(r, b->better, n);
	reader_f32s(r, b->exact, n);
	reader_f32s(r, b->later, n);
	b->pull = reader_f32(r);
	free(b->line);
	b->line = mem_zalloc((size_t)g->max_plies, sizeof(*b->line));
	b->plies = page_load_line(g, r, b->state, b->line);
	if (b->first + b->count > p->count || b->worth >= p->count ||
	    (b->pick != GAME_NO_MOVE && b->pick >= p->form.moves))
		r->failed = true;
}

enum err_code page_load(struct page *p, struct reader *r, struct err *e)
{
	uint32_t words = reader_u32(r), backups;

	page_clear(p);
	for (uint32_t i = 0; i < words && i < MOST_WORDS && !r->failed; i++)
		load_word(p, r);
	backups = reader_u32(r);
	for (uint32_t i = 0; i < backups && i < MOST_BACKUPS && !r->failed; i++)
		load_backup(p, r);
	if (!r->failed && words <= MOST_WORDS && backups <= MOST_BACKUPS)
		return ERR_OK;
	page_clear(p);
	return err_set(e, ERR_FORMAT, "a stored page of tokens is damaged");
}
