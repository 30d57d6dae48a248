/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/session/made_pages.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/buf.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/lab/serial_pages.h"
#include "core/net/tokens.h"
#include "store/run.h"
#include "store/store.h"

static void ok(bool it_is)
{
	if (!it_is)
		abort();
}

/* A page of drawn values that was learned: what is said later is half way from
 * the first value to the better one. */
static void add_page(const struct game *g, struct serial_pages_kept *k,
		     int64_t step)
{
	static const struct scribe_conf how = {
		.width = 5, .depth = 1, .temperature = 0.25f};
	struct scribe *s = scribe_new(NULL, g, 1);
	game_move line[20];
	struct page p;
	struct rng r;
	void *state = game_state_new(g, 0);
	struct scribe_desk desk = {
		.page = &p, .state = state, .line = line, .rng = &r};

	rng_init(&r, 11, RNG_TEST, (uint64_t)step, 0);
	ok(!game_play_text(g, state, "112233", line, &desk.plies, NULL));
	page_init(&p, g);
	scribe_write(s, &how, 1, &desk);
	scribe_write(s, &how, 1, &desk);
	for (int i = 0; i < 2; i++) {
		struct page_backup *b = &p.backups[i];

		for (int m = 0; m <= g->move_count; m++) {
			/* As a network says it, to whose words it is near. */
			b->before[m] = token_value_of(
				p.words[m < g->move_count ? b->worth + 1 + m
							  : b->worth]
					.word);
			b->later[m] = (b->before[m] + b->better[m]) / 2;
		}
		p.words[b->worth].weight = 1;
		p.words[b->worth].aim = b->better[g->move_count];
	}
	serial_pages_add(k, step, &p);
	page_release(&p);
	free(state);
	scribe_free(s);
}

static void add_run(struct store *s, const struct game *g, const char *name,
		    bool pages)
{
	struct store_run row = {.name = name,
				.kind = "serial",
				.game = g->name,
				.config = "",
				.seed = 1,
				.build = "",
				.host = "",
				.status = "done"};
	struct serial_pages_kept k;
	struct buf b;
	int64_t id;

	ok(store_run_add(s, &row, &id) == STORE_OK);
	serial_pages_init(&k, g);
	for (int i = 0; pages && i < 3; i++)
		add_page(g, &k, 1000 << i);
	buf_init(&b);
	serial_pages_write(&k, &b);
	ok(store_resume_save(s, id, 0, b.data, b.len) == STORE_OK);
	buf_release(&b);
	serial_pages_release(&k);
}

void made_pages(struct store *s)
{
	struct game g;

	ok(!game_init(&g, "drop:rows=4,cols=5", NULL));
	add_run(s, &g, "s4", true);
	add_run(s, &g, "s4-begun", false);
}
