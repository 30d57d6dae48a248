/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/drop_rules.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/drop_lines.h"
#include "core/game/drop_state.h"
#include "core/game/game.h"

/* A set of lines, or its mirror image, by 128 bits of hash. */
struct key {
	uint64_t half[2];
	int place; /* of the rule in the order of listing */
	struct drop_rule rule;
};

struct key_list {
	struct key *key; /* owned */
	size_t count, cap;
};

/* The hashes of lines are added up: their order says nothing. */
static struct key key_of(const struct game *g)
{
	uint64_t line[DROP_MOST_LINES], here[2] = {0, 0}, there[2] = {0, 0};
	int n = drop_lines(g, line);
	struct key k = {.rule = {g->param[DROP_DIRS], g->param[DROP_ORDER]}};

	for (int i = 0; i < n; i++)
		for (uint64_t h = 0; h < 2; h++) {
			here[h] += rng_mix(line[i], h);
			there[h] += rng_mix(drop_mirrored(g, line[i]), h);
		}
	memcpy(k.half, memcmp(here, there, sizeof(here)) < 0 ? here : there,
	       sizeof(k.half));
	return k;
}

static int by_lines(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = memcmp(x->half, y->half, sizeof(x->half));

	return order ? order : x->place - y->place;
}

static int by_place(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return x->place - y->place;
}

static void swap(int *a, int *b)
{
	int was = *a;

	*a = *b;
	*b = was;
}

/* The next permutation in the order of numbers; false: that was the last. */
static bool next_order(int *digit, int n)
{
	int at = n - 2, larger = n - 1;

	while (at >= 0 && digit[at] > digit[at + 1])
		at--;
	if (at < 0)
		return false;
	while (digit[larger] < digit[at])
		larger--;
	swap(&digit[at], &digit[larger]);
	for (int from = at + 1, to = n - 1; from < to; from++, to--)
		swap(&digit[from], &digit[to]);
	return true;
}

/* Keep the rule unless it has another name, or no line at all. */
static void add_rule(struct key_list *list, const struct game *board, int dirs,
		     const int *digit)
{
	struct game g = *board;
	int order = 1;

	for (int i = 0; i < g.param[DROP_COLS]; i++)
		order = order * 10 + digit[i];
	g.param[DROP_DIRS] = dirs;
	g.param[DROP_ORDER] = order;
	if (drop_lines_setup(&g, NULL) || g.param[DROP_DIRS] != dirs ||
	    (g.param[DROP_ORDER] != order && g.param[DROP_ORDER]))
		return;
	if (list->count == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 256;
		list->key =
			mem_realloc(list->key, list->cap * sizeof(*list->key));
	}
	list->key[list->count] = key_of(&g);
	list->key[list->count].place = (int)list->count;
	list->count++;
}

static void list_rules(struct key_list *list, const struct game *board)
{
	for (int dirs = DROP_ALL; dirs > 0; dirs--) {
		int digit[DROP_RULES_MOST_COLS];

		for (int i = 0; i < DROP_RULES_MOST_COLS; i++)
			digit[i] = i;
		do
			add_rule(list, board, dirs, digit);
		while (next_order(digit, board->cols));
	}
}

/* Of equal ones the first is kept. */
static void keep_first(struct key_list *list)
{
	size_t kept = 0;

	qsort(list->key, list->count, sizeof(*list->key), by_lines);
	for (size_t i = 0; i < list->count; i++)
		if (!i || memcmp(list->key[i].half, list->key[kept - 1].half,
				 sizeof(list->key->half)))
			list->key[kept++] = list->key[i];
	list->count = kept;
	qsort(list->key, list->count, sizeof(*list->key), by_place);
}

enum err_code drop_rules_init(struct drop_rules *out, const struct game *board,
			      struct err *e)
{
	struct key_list list = {0};

	memset(out, 0, sizeof(*out));
	if (strcmp(board->rules->family, "drop"))
		return err_set(e, ERR_USAGE,
			       "rules are listed for the family drop, not for "
			       "%s",
			       game_short_name(board));
	if (board->cols > DROP_RULES_MOST_COLS)
		return err_set(e, ERR_USAGE,
			       "rules are listed for boards of up to %d "
			       "columns, not %d",
			       DROP_RULES_MOST_COLS, board->cols);
	list_rules(&list, board);
	keep_first(&list);
	out->count = (int)list.count;
	out->rule = mem_zalloc(list.count, sizeof(*out->rule));
	for (size_t i = 0; i < list.count; i++)
		out->rule[i] = list.key[i].rule;
	free(list.key);
	return ERR_OK;
}

void drop_rules_release(struct drop_rules *r)
{
	free(r->rule);
	memset(r, 0, sizeof(*r));
}

void drop_rules_game(const struct game *board, const struct drop_rule *rule,
		     struct game *out)
{
	char dirs[GAME_PARAM_SIZE], order[GAME_PARAM_SIZE], spec[128];
	enum err_code rc;

	drop_dirs_write(rule->dirs, dirs);
	drop_order_write(rule->order, order);
	snprintf(spec, sizeof(spec), "drop:rows=%d,cols=%d,line=%d,dirs=%s%s%s",
		 board->param[DROP_ROWS], board->param[DROP_COLS],
		 board->param[DROP_LINE], dirs, *order ? ",order=" : "", order);
	rc = game_init(out, spec, NULL);
	assert(!rc);
	(void)rc;
}

float drop_rules_draws(const struct game *g)
{
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	uint64_t rule = (uint64_t)g->param[DROP_ORDER] << 4 |
			(uint64_t)g->param[DROP_DIRS];
	void *s = mem_zalloc(1, g->state_size);
	int drawn = 0;

	for (uint64_t game = 0; game < DROP_RULES_GAMES; game++) {
		float value[GAME_MAX_PLAYERS];
		struct rng r;

		rng_init(&r, 1, RNG_RULES, rule, game);
		g->rules->start(g, s, 0);
		while (g->rules->to_act(g, s) != GAME_OVER)
			g->rules->apply(g, s,
					game_random_move(g, s, &r, legal));
		g->rules->score(g, s, value);
		drawn += value[0] > -1 && value[0] < 1;
	}
	free(s);
	free(legal);
	return (float)drawn / DROP_RULES_GAMES;
}

static bool is_plain(const struct drop_rule *rule)
{
	return rule->dirs == DROP_ALL && !rule->order;
}

enum err_code drop_rules_sample(const struct game *board,
				const struct drop_rules_ask *ask, int n,
				struct game *out, struct err *e)
{
	struct drop_rules all;
	enum err_code rc = drop_rules_init(&all, board, e);
	struct rng r;
	int taken = 0;

	if (rc)
		return rc;
	rng_init(&r, ask->seed, RNG_RULES, 0, 0);
	for (int i = 0; i < all.count && taken < n; i++) {
		int at = i + (int)rng_below(&r, (uint32_t)(all.count - i));
		struct drop_rule rule = all.rule[at];

		all.rule[at] = all.rule[i];
		if (is_plain(&rule) && !ask->plain)
			continue;
		drop_rules_game(board, &rule, &out[taken]);
		if (drop_rules_draws(&out[taken]) <= ask->most_draws)
			taken++;
	}
	drop_rules_release(&all);
	if (taken < n)
		rc = err_set(e, ERR_USAGE,
			     "%s has %d rules by which random games are drawn "
			     "in at most %g %%, and %d were asked for",
			     game_short_name(board), taken,
			     (double)ask->most_draws * 100, n);
	return rc;
}
