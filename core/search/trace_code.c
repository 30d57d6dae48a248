/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/trace.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/mcts_int.h"

/*
 * The stored record.  Whole numbers are LEB128 (7 bits a byte, low first), or
 * zigzag LEB128 where they can be negative; floats are as they are.
 *
 *	"PT" version
 *	flags: 1 gumbel, 2 alternate, 4 carried over, 8 values written out,
 *	       16 nodes of chance
 *	node_count  sim_count  c_puct  c_base  fpu
 *	each node that was evaluated or has children, in the order of its
 *	children, those without children last; ends with node_count:
 *		node  evaluated+1  [value draw]  child_count
 *		each child: move (difference to the one before)  prior
 *	each proven node; ends with node_count:
 *		node (difference)  proof  proven
 *	carried over, each node with base_visits; ends with node_count:
 *		node (difference)  base_visits  base_value  base_draw
 *	nodes of chance; ends with node_count: node (difference)
 *	each simulation: leaf, [value draw]
 *	checksum, 4 bytes
 *
 * A simulation's value follows from its leaf, so it is left out unless some
 * simulation says otherwise.  Leaves cost a varint, unvisited children a move
 * and a prior: about 5 bytes.
 */
enum { TRACE_VERSION = 1, HEADER = 3 };

enum {
	FLAG_GUMBEL = 1,
	FLAG_ALTERNATE = 2,
	FLAG_BASE = 4,
	FLAG_VALUES = 8,
	FLAG_CHANCE = 16,
	FLAGS_KNOWN = 31,
};

uint32_t trace_checksum(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t h = len;

	while (len) {
		uint64_t word = 0;
		size_t n = len < 8 ? len : 8;

		for (size_t i = 0; i < n; i++)
			word |= (uint64_t)p[i] << (8 * i);
		h = rng_mix(h, word);
		p += n;
		len -= n;
	}
	return (uint32_t)h;
}

static void put_uint(struct buf *b, uint64_t v)
{
	for (; v >= 128; v >>= 7)
		buf_u8(b, (uint8_t)(v | 128));
	buf_u8(b, (uint8_t)v);
}

static void put_int(struct buf *b, int64_t v)
{
	put_uint(b, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

static void put_record(const struct trace *t, uint32_t node, struct buf *out)
{
	const struct trace_node *n = &t->nodes[node];
	int before = -1;

	put_uint(out, node);
	put_uint(out, (uint64_t)(n->evaluated + 1));
	if (n->evaluated >= 0) {
		buf_f32(out, n->value);
		buf_f32(out, n->draw);
	}
	put_uint(out, n->child_count);
	for (uint32_t i = 0; i < n->child_count; i++) {
		const struct trace_node *c = &t->nodes[n->first_child + i];

		put_uint(out, (uint64_t)(c->move - before - 1));
		before = c->move;
		buf_f32(out, c->prior);
	}
}

static void put_tree(const struct trace *t, struct buf *out)
{
	for (uint32_t i = 1; i < t->node_count;) {
		uint32_t parent = t->nodes[i].parent;

		assert(t->nodes[parent].first_child == i);
		put_record(t, parent, out);
		i += t->nodes[parent].child_count;
	}
	for (uint32_t i = 0; i < t->node_count; i++)
		if (!t->nodes[i].child_count && t->nodes[i].evaluated >= 0)
			put_record(t, i, out);
	put_uint(out, t->node_count);
}

static void put_proofs(const struct trace *t, struct buf *out)
{
	uint32_t before = 0;

	for (uint32_t i = 0; i < t->node_count; i++) {
		if (!t->nodes[i].proof)
			continue;
		put_uint(out, i - before);
		before = i;
		buf_u8(out, t->nodes[i].proof);
		put_uint(out, (uint64_t)t->nodes[i].proven);
	}
	put_uint(out, t->node_count - before);
}

static void put_base(const struct trace *t, struct buf *out)
{
	uint32_t before = 0;

	for (uint32_t i = 0; i < t->node_count; i++) {
		if (!t->nodes[i].base_visits)
			continue;
		put_uint(out, i - before);
		before = i;
		put_uint(out, t->nodes[i].base_visits);
		put_int(out, t->nodes[i].base_value);
		put_int(out, t->nodes[i].base_draw);
	}
	put_uint(out, t->node_count - before);
}

static void put_chance(const struct trace *t, struct buf *out)
{
	uint32_t before = 0;

	for (uint32_t i = 0; i < t->node_count; i++) {
		if (!t->nodes[i].chance)
			continue;
		put_uint(out, i - before);
		before = i;
	}
	put_uint(out, t->node_count - before);
}

static bool values_follow(const struct trace *t)
{
	for (uint32_t i = 0; i < t->sim_count; i++) {
		const struct trace_sim *s = &t->sims[i];
		struct trace_sim d = trace_sim_of(t, i + 1, s->leaf);

		if (d.value != s->value || d.draw != s->draw)
			return false;
	}
	return true;
}

void trace_encode(const struct trace *t, struct buf *out)
{
	size_t start = out->len;
	bool values = !values_follow(t), base = false, chance = false;

	for (uint32_t i = 0; i < t->node_count; i++) {
		base |= t->nodes[i].base_visits > 0;
		chance |= t->nodes[i].chance;
	}
	buf_puts(out, "PT");
	buf_u8(out, TRACE_VERSION);
	buf_u8(out,
	       (uint8_t)((t->gumbel ? FLAG_GUMBEL : 0) |
			 (t->alternate ? FLAG_ALTERNATE : 0) |
			 (base ? FLAG_BASE : 0) | (values ? FLAG_VALUES : 0) |
			 (chance ? FLAG_CHANCE : 0)));
	put_uint(out, t->node_count);
	put_uint(out, t->sim_count);
	buf_f32(out, t->c_puct);
	buf_f32(out, t->c_base);
	buf_f32(out, t->fpu);
	put_tree(t, out);
	put_proofs(t, out);
	if (base)
		put_base(t, out);
	if (chance)
		put_chance(t, out);
	for (uint32_t i = 0; i < t->sim_count; i++) {
		put_uint(out, t->sims[i].leaf);
		if (values) {
			buf_f32(out, t->sims[i].value);
			buf_f32(out, t->sims[i].draw);
		}
	}
	buf_u32(out, trace_checksum(out->data + start, out->len - start));
}

/* Reading: a number out of its range fails the reader and gives 0. */
static uint64_t get_uint(struct reader *r, uint64_t max)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		uint8_t b = reader_u8(r);

		v |= (uint64_t)(b & 127) << shift;
		if (b < 128) {
			if (v <= max)
				return v;
			break;
		}
	}
	r->failed = true;
	return 0;
}

static int64_t get_int(struct reader *r, int64_t max)
{
	uint64_t u = get_uint(r, UINT64_MAX >> 1);
	int64_t v = (int64_t)(u >> 1) ^ -(int64_t)(u & 1);

	if (v >= -max && v <= max)
		return v;
	r->failed = true;
	return 0;
}

static float get_float(struct reader *r, float min, float max)
{
	float v = reader_f32(r);

	/* Not a number compares false. */
	if (v >= min && v <= max)
		return v;
	r->failed = true;
	return 0;
}

static void get_children(struct reader *r, struct trace *t, uint32_t node,
			 uint32_t first, uint32_t count)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < count && !r->failed; i++) {
		struct trace_node *c = &t->nodes[first + i];

		next += (uint32_t)get_uint(r, GAME_NO_MOVE);
		if (next >= GAME_NO_MOVE)
			r->failed = true;
		c->move = (game_move)next++;
		c->parent = node;
		c->prior = get_float(r, 0, 1);
		c->evaluated = -1;
	}
}

static void get_tree(struct reader *r, struct trace *t)
{
	uint32_t made = 1; /* nodes that have a parent, and the root */

	t->nodes[0].move = GAME_NO_MOVE;
	t->nodes[0].prior = 1;
	t->nodes[0].evaluated = -1;
	while (!r->failed) {
		uint32_t node = (uint32_t)get_uint(r, t->node_count);
		struct trace_node *n;
		uint32_t count;

		if (node == t->node_count)
			break;
		n = &t->nodes[node];
		/* Known already, and not described twice. */
		if (node >= made || n->child_count || n->evaluated >= 0) {
			r->failed = true;
			return;
		}
		n->evaluated = (int32_t)get_uint(r, t->sim_count + 1ULL) - 1;
		if (n->evaluated >= 0) {
			n->value = get_float(r, -1, 1);
			n->draw = get_float(r, 0, 1);
		}
		count = (uint32_t)get_uint(r, t->node_count - made);
		if (count > UINT16_MAX)
			r->failed = true;
		if (r->failed || !count)
			continue;
		n->child_count = (uint16_t)count;
		n->first_child = made;
		get_children(r, t, node, made, count);
		made += count;
	}
	if (made != t->node_count)
		r->failed = true;
}

/* The next node of a list written as differences; false at its end. */
static bool next_listed(struct reader *r, const struct trace *t, uint32_t *node,
			bool first)
{
	uint32_t step = (uint32_t)get_uint(r, t->node_count - *node);

	*node += step;
	if (!first && !step)
		r->failed = true;
	return !r->failed && *node < t->node_count;
}

static void get_proofs(struct reader *r, struct trace *t)
{
	uint32_t node = 0;

	for (bool first = true; next_listed(r, t, &node, first);
	     first = false) {
		uint8_t proof = reader_u8(r);

		if (proof < TRACE_WIN || proof > TRACE_LOSS)
			r->failed = true;
		t->nodes[node].proof = proof;
		t->nodes[node].proven = (int32_t)get_uint(r, t->sim_count);
	}
}

static void get_base(struct reader *r, struct trace *t)
{
	uint32_t node = 0;

	for (bool first = true; next_listed(r, t, &node, first);
	     first = false) {
		struct trace_node *n = &t->nodes[node];

		n->base_visits = (uint32_t)get_uint(r, INT32_MAX);
		n->base_value = get_int(r, (int64_t)n->base_visits * TRACE_ONE);
		n->base_draw = get_int(r, (int64_t)n->base_visits * TRACE_ONE);
		if (!n->base_visits || n->base_draw < 0)
			r->failed = true;
	}
}

static void get_chance(struct reader *r, struct trace *t)
{
	uint32_t node = 0;

	for (bool first = true; next_listed(r, t, &node, first); first = false)
		t->nodes[node].chance = true;
}

static void get_sims(struct reader *r, struct trace *t, bool values)
{
	for (uint32_t i = 0; i < t->sim_count && !r->failed; i++) {
		uint32_t leaf = (uint32_t)get_uint(r, t->node_count - 1);

		t->sims[i] = trace_sim_of(t, i + 1, leaf);
		if (values) {
			t->sims[i].value = get_float(r, -1, 1);
			t->sims[i].draw = get_float(r, 0, 1);
		}
	}
}

static enum err_code damaged(struct trace *t, struct err *e)
{
	trace_free(t);
	return err_set(e, ERR_FORMAT,
		       "the stored search tree is damaged: its record does "
		       "not add up");
}

enum err_code trace_decode(const void *data, size_t len, struct trace **out,
			   struct err *e)
{
	const unsigned char *bytes = data;
	struct trace *t;
	struct reader r;
	uint64_t sims;
	uint8_t flags;

	*out = NULL;
	if (len < HEADER + 4 || bytes[0] != 'P' || bytes[1] != 'T')
		return err_set(e, ERR_FORMAT,
			       "this is not a stored search tree: it does not "
			       "start as one");
	if (bytes[2] != TRACE_VERSION)
		return err_set(e, ERR_FORMAT,
			       "the stored search tree is of format %d; this "
			       "program reads %d",
			       bytes[2], TRACE_VERSION);
	reader_init(&r, bytes + len - 4, 4);
	if (reader_u32(&r) != trace_checksum(data, len - 4))
		return damaged(NULL, e);

	reader_init(&r, bytes + HEADER, len - HEADER - 4);
	flags = reader_u8(&r);
	t = mem_zalloc(1, sizeof(*t));
	/* A node takes 5 bytes at least and a simulation one, so memory stays
	 * in proportion to what was read. */
	t->node_count = (uint32_t)get_uint(&r, 1 + len / 5);
	sims = get_uint(&r, len);
	if (r.failed || !t->node_count || flags & ~FLAGS_KNOWN ||
	    sims > INT32_MAX)
		return damaged(t, e);
	t->sim_count = (uint32_t)sims;
	t->nodes = mem_zalloc(t->node_count, sizeof(*t->nodes));
	t->sims = mem_zalloc(t->sim_count + 1, sizeof(*t->sims));
	t->gumbel = flags & FLAG_GUMBEL ? 1 : 0;
	t->alternate = flags & FLAG_ALTERNATE ? 1 : 0;
	t->c_puct = get_float(&r, 0, 1e9f);
	t->c_base = get_float(&r, 0, 1e9f);
	t->fpu = get_float(&r, -1e9f, 1e9f);
	get_tree(&r, t);
	if (!r.failed)
		get_proofs(&r, t);
	if (!r.failed && flags & FLAG_BASE)
		get_base(&r, t);
	if (!r.failed && flags & FLAG_CHANCE)
		get_chance(&r, t);
	if (!r.failed)
		get_sims(&r, t, flags & FLAG_VALUES);
	if (r.failed || r.pos != r.len)
		return damaged(t, e);
	*out = t;
	return ERR_OK;
}
