/* SPDX-License-Identifier: MIT */
/* Pages of tokens: what a network writes, and what the rules do in between. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "core/net/tokens.h"

static struct game game;
static struct net_plan *plan;

static int setup(void **state)
{
	static const char net[] = "tokens:width=16,layers=2,heads=2,"
				  "context=1400,position=rotary";
	struct net_config c = {0};
	float *params;

	(void)state;
	assert_int_equal(game_init(&game, "drop:rows=4,cols=5", NULL), ERR_OK);
	net_config_game(&c, &game);
	assert_int_equal(net_config_parse(&c, net, NULL), ERR_OK);
	params = mem_floats(net_param_count(&c));
	net_init(&c, 3, params);
	/* Fresh networks say little: louder. */
	for (size_t i = 0; i < net_param_count(&c); i++)
		params[i] *= 3;
	plan = net_plan_new(&c, params);
	free(params);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_plan_free(plan);
	return 0;
}

/* A position and how it came about. */
struct place {
	void *state;
	game_move line[20];
	int plies;
	struct rng rng;
	struct page page;
};

static void place_init(struct place *p, const char *moves, uint64_t number)
{
	p->state = game_state_new(&game, 0);
	assert_int_equal(game_play_text(&game, p->state, moves, p->line,
					&p->plies, NULL),
			 ERR_OK);
	rng_init(&p->rng, 5, RNG_TEST, number, 0);
	page_init(&p->page, &game);
}

static struct scribe_desk desk_of(struct place *p)
{
	return (struct scribe_desk){.page = &p->page,
				    .state = p->state,
				    .line = p->line,
				    .plies = p->plies,
				    .rng = &p->rng};
}

static void place_release(struct place *p)
{
	page_release(&p->page);
	free(p->state);
}

static void text_of(const struct page *p, struct buf *out)
{
	for (int i = 0; i < p->count; i++) {
		char text[PAGE_TEXT];

		page_word_text(p, p->backups[0].state, p->words[i].word, text);
		buf_printf(out, "%s%s", i ? " " : "", text);
	}
}

static void test_words(void **state)
{
	(void)state;
	for (int i = 0; i < TOKEN_VALUES; i++) {
		int word = token_value_first() + i;

		assert_int_equal(token_value(token_value_of(word)), word);
	}
	assert_true(token_value_of(token_value(0)) == 0);
	assert_true(token_value_of(token_value(1)) == 1);
	assert_true(token_value_of(token_value(-1)) == -1);
	assert_int_equal(token_value(0.26f), token_value(0.25f));
}

static const struct scribe_conf shallow = {.width = 5, .depth = 1};

/* 1 1 2 2 3 3: whoever moves fourth in the row wins at once. */
static void test_by_hand(void **state)
{
	struct scribe *s = scribe_new(plan, &game, 1);
	struct place p;
	struct scribe_desk desk;
	struct page_backup *b;
	struct buf text;
	int ends = 0;

	(void)state;
	place_init(&p, "112233", 0);
	desk = desk_of(&p);
	scribe_turn(s, 0);
	scribe_write(s, &shallow, 1, &desk);
	buf_init(&text);
	text_of(&p.page, &text);
	assert_int_equal(
		strncmp(text.data,
			"BOARD . . . . . . . . . . o o o . . x x x . . ", 46),
		0);
	/* The board after it, as the other side sees it. */
	assert_non_null(strstr(text.data,
			       "4 . . . . . . . . . . x x x . . o o o o . "
			       "END -1.00"));
	b = &p.page.backups[0];
	assert_int_equal(b->looked, 5);
	assert_true(b->better[3] == 1 && b->better[5] == 1);
	for (int i = 0; i < p.page.count; i++) {
		const struct page_word *w = &p.page.words[i];

		ends += w->word == TOKEN_END;
		/* Each move is worth what the board after it is not. */
		if (i < b->again &&
		    w->place == token_place_worth(&p.page.form) &&
		    w->branch < game.move_count && token_is_value(w->word))
			assert_true(b->better[w->branch] ==
				    -token_value_of(w->word));
	}
	assert_int_equal(ends, 1);
	for (int m = 0; m <= game.move_count; m++)
		assert_true(b->better[m] == b->exact[m]);
	assert_int_equal(b->pick, 3);
	buf_release(&text);
	place_release(&p);
	scribe_free(s);
}

/* A full column cannot be played, and has no value. */
static void test_full_column(void **state)
{
	struct scribe *s = scribe_new(plan, &game, 1);
	struct place p;
	struct scribe_desk desk;
	struct page_backup *b;

	(void)state;
	place_init(&p, "1111", 0);
	desk = desk_of(&p);
	scribe_write(s, &shallow, 1, &desk);
	b = &p.page.backups[0];
	assert_int_equal(b->looked, 4);
	assert_true(isnan(b->before[0]) && isnan(b->better[0]));
	assert_int_equal(p.page.words[b->worth + 1].word, TOKEN_CANNOT);
	assert_int_equal(p.page.words[b->again].word, TOKEN_CANNOT);
	place_release(&p);
	scribe_free(s);
}

/* Of what is written, nothing hangs on who else writes. */
static void test_company(void **state)
{
	static const char *const moves[] = {"", "112233", "5", "43", "1111"};
	enum { N = ARRAY_LEN(moves) };
	struct scribe_conf how[] = {
		shallow,
		{.width = 3, .depth = 2, .temperature = 1, .fresh = 0.3f},
		{.width = 2,
		 .depth = 1,
		 .writes_boards = true,
		 .writes_backups = true},
		{.width = 5,
		 .depth = 1,
		 .rollouts = SCRIBE_OWN,
		 .trust = 0.25f},
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(how); k++) {
		struct scribe *many = scribe_new(plan, &game, N);
		struct scribe *one = scribe_new(plan, &game, 1);
		struct scribe_desk desk[N];
		struct place p[N], alone;
		struct buf a, b;

		for (int i = 0; i < N; i++) {
			place_init(&p[i], moves[i], (uint64_t)i);
			desk[i] = desk_of(&p[i]);
			scribe_turn(many, i);
		}
		/* Two boards on a page, the same twice. */
		scribe_write(many, &how[k], N, desk);
		scribe_write(many, &how[k], N, desk);
		for (int i = 0; i < N; i++) {
			struct scribe_desk own;

			place_init(&alone, moves[i], (uint64_t)i);
			own = desk_of(&alone);
			scribe_turn(one, 0);
			scribe_write(one, &how[k], 1, &own);
			scribe_write(one, &how[k], 1, &own);
			buf_init(&a);
			buf_init(&b);
			page_save(&p[i].page, &a);
			page_save(&alone.page, &b);
			assert_int_equal(a.len, b.len);
			assert_memory_equal(a.data, b.data, a.len);
			assert_true(
				p[i].page.count <=
					2 * scribe_most_words(&game, &how[k]) ||
				how[k].rollouts);
			buf_release(&a);
			buf_release(&b);
			place_release(&alone);
			place_release(&p[i]);
		}
		scribe_free(many);
		scribe_free(one);
	}
}

/* Two plies deep a board after a move is worth what its best move is. */
static void test_deep(void **state)
{
	static const struct scribe_conf how = {.width = 5, .depth = 2};
	struct scribe *s = scribe_new(plan, &game, 1);
	struct place p;
	struct scribe_desk desk;

	(void)state;
	/* Whatever the first player does but 4, the second wins there. */
	place_init(&p, "15152", 0);
	desk = desk_of(&p);
	scribe_write(s, &how, 1, &desk);
	place_release(&p);
	place_init(&p, "112253", 1);
	page_release(&p.page);
	page_init(&p.page, &game);
	desk = desk_of(&p);
	scribe_turn(s, 0);
	scribe_write(s, &how, 1, &desk);
	for (int m = 0; m <= game.move_count; m++)
		assert_true(p.page.backups[0].better[m] ==
			    p.page.backups[0].exact[m]);
	place_release(&p);
	scribe_free(s);
}

/* Nobody is asked for a drill, and its arithmetic is right. */
static void test_drill(void **state)
{
	struct scribe *s = scribe_new(NULL, &game, 1);
	struct place p;
	struct scribe_desk desk;
	const struct page_backup *b;
	float most = -1;

	(void)state;
	place_init(&p, "4", 9);
	desk = desk_of(&p);
	scribe_write(s, &shallow, 1, &desk);
	b = &p.page.backups[0];
	for (int m = 0; m < game.move_count; m++)
		most = fmaxf(most, b->better[m]);
	assert_true(b->better[game.move_count] == most);
	/* Drawn values are not all alike. */
	assert_true(b->before[0] < b->before[1] || b->before[0] > b->before[1]);
	place_release(&p);
	scribe_free(s);
}

static void test_estimates(void **state)
{
	struct scribe *s = scribe_new(plan, &game, 2);
	struct place p, q;
	float value[2][6], *out[2] = {value[0], value[1]};
	const void *states[2];
	struct scribe_desk desk;

	(void)state;
	place_init(&p, "112233", 0);
	place_init(&q, "5", 0);
	states[0] = q.state;
	states[1] = p.state;
	scribe_estimate(s, 2, states, out);
	desk = desk_of(&p);
	scribe_turn(s, 0);
	scribe_write(s, &shallow, 1, &desk);
	assert_memory_equal(value[1], p.page.backups[0].before,
			    sizeof(value[1]));
	place_release(&p);
	place_release(&q);
	scribe_free(s);
}

static void test_saved(void **state)
{
	struct scribe *s = scribe_new(plan, &game, 1);
	struct place p;
	struct scribe_desk desk;
	struct page again;
	struct reader r;
	struct buf a, b;

	(void)state;
	place_init(&p, "43", 0);
	desk = desk_of(&p);
	scribe_write(s, &shallow, 1, &desk);
	buf_init(&a);
	buf_init(&b);
	page_save(&p.page, &a);
	page_init(&again, &game);
	reader_init(&r, a.data, a.len);
	assert_int_equal(page_load(&again, &r, NULL), ERR_OK);
	page_save(&again, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	assert_memory_equal(again.backups[0].state, p.state, game.state_size);
	/* Cut short, and a word that is none. */
	reader_init(&r, a.data, a.len - 3);
	assert_int_equal(page_load(&again, &r, NULL), ERR_FORMAT);
	a.data[4] = a.data[5] = '\xff';
	reader_init(&r, a.data, a.len);
	assert_int_equal(page_load(&again, &r, NULL), ERR_FORMAT);
	buf_release(&a);
	buf_release(&b);
	page_release(&again);
	place_release(&p);
	scribe_free(s);
}

static void test_games(void **state)
{
	struct game g;
	struct err e;

	(void)state;
	assert_int_equal(game_init(&g, "chess", NULL), ERR_OK);
	assert_int_equal(page_game_check(&g, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "pieces are alike"));
	assert_int_equal(game_init(&g, "pacman", NULL), ERR_OK);
	assert_int_equal(page_game_check(&g, &e), ERR_USAGE);
	assert_int_equal(game_init(&g, "go:size=7", NULL), ERR_OK);
	assert_int_equal(page_game_check(&g, &e), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_full_column),
		cmocka_unit_test(test_company),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_drill),
		cmocka_unit_test(test_estimates),
		cmocka_unit_test(test_saved),
		cmocka_unit_test(test_games),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
