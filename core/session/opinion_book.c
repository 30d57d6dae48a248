/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/opinion.h"

enum { SHELVES = 4096 };

struct entry {
	char key[DIGEST_SIZE];
	struct opinion *opinion; /* held */
	struct entry *next;
};

struct opinion_book {
	struct entry *shelves[SHELVES];
	size_t bytes, most_bytes;
};

struct opinion_book *opinion_book_new(size_t most_bytes)
{
	struct opinion_book *b = mem_zalloc(1, sizeof(*b));

	b->most_bytes = most_bytes;
	return b;
}

static void empty(struct opinion_book *b)
{
	for (int i = 0; i < SHELVES; i++) {
		while (b->shelves[i]) {
			struct entry *e = b->shelves[i];

			b->shelves[i] = e->next;
			opinion_drop(e->opinion);
			free(e);
		}
	}
	b->bytes = 0;
}

void opinion_book_free(struct opinion_book *b)
{
	if (!b)
		return;
	empty(b);
	free(b);
}

/* The spec without the name of its network, which the hash stands for, so that
 * copies of a run share what is known. */
static void put_settings(const char *spec, struct buf *out)
{
	char network[AGENT_COMMAND_SIZE];
	const char *at = NULL;

	if (agent_network(spec, network))
		at = strstr(spec, network);
	if (!at) {
		buf_text(out, spec);
		return;
	}
	buf_add(out, spec, (size_t)(at - spec));
	buf_text(out, at + strlen(network));
}

/* A network may look at the moves that led there, so they belong to it. */
static void key_of(const struct game *g, const struct opinion_agent *a,
		   const struct opinion_place *p, char key[DIGEST_SIZE])
{
	struct buf b;

	buf_init(&b);
	buf_text(&b, game_short_name(g));
	buf_text(&b, a->network);
	put_settings(a->spec, &b);
	buf_add(&b, p->state, g->state_size);
	buf_u32(&b, (uint32_t)p->ply);
	if (p->line && p->ply)
		buf_add(&b, p->line, (size_t)p->ply * sizeof(*p->line));
	digest_hex(b.data, b.len, key);
	buf_release(&b);
}

static struct entry **shelf_of(struct opinion_book *b, const char *key)
{
	char head[5] = {key[0], key[1], key[2], key[3], '\0'};

	return &b->shelves[strtoul(head, NULL, 16) % SHELVES];
}

static struct entry *find(struct opinion_book *b, const char *key)
{
	struct entry *e = *shelf_of(b, key);

	while (e && strcmp(e->key, key) != 0)
		e = e->next;
	return e;
}

struct opinion *opinion_book_find(struct opinion_book *b, const struct game *g,
				  const struct opinion_agent *a,
				  const struct opinion_place *p)
{
	char key[DIGEST_SIZE];
	struct entry *e;

	if (!a->network)
		return NULL;
	key_of(g, a, p, key);
	e = find(b, key);
	return e ? opinion_hold(e->opinion) : NULL;
}

void opinion_book_add(struct opinion_book *b, const struct game *g,
		      const struct opinion_agent *a,
		      const struct opinion_place *p, struct opinion *o)
{
	size_t bytes = sizeof(struct entry) + sizeof(*o) +
		       (size_t)o->count * sizeof(*o->moves);
	char key[DIGEST_SIZE];
	struct entry **shelf, *e;

	if (!a->network || o->wrong)
		return;
	key_of(g, a, p, key);
	if (find(b, key))
		return;
	if (b->bytes + bytes > b->most_bytes)
		empty(b);
	e = mem_zalloc(1, sizeof(*e));
	memcpy(e->key, key, sizeof(e->key));
	e->opinion = opinion_hold(o);
	shelf = shelf_of(b, key);
	e->next = *shelf;
	*shelf = e;
	b->bytes += bytes;
}
