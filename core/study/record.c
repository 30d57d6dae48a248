/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/result.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/mem.h"

/* How many follow, of `least` bytes each at least; 0 if they cannot. */
static size_t get_count(struct reader *r, size_t least)
{
	uint32_t n = reader_u32(r);

	if (n > (r->len - r->pos) / least)
		r->failed = true;
	return r->failed ? 0 : n;
}

static void put_net(const struct study_net *n, struct buf *out)
{
	buf_u8(out, n->game != NULL);
	if (!n->game)
		return;
	buf_text(out, n->game);
	buf_text(out, n->config);
	buf_u64(out, (uint64_t)n->games);
	buf_u64(out, (uint64_t)n->samples);
	buf_u32(out, (uint32_t)n->count);
	buf_f32s(out, n->params, n->count);
}

static void put_played(const struct study_result *r, struct buf *out)
{
	buf_u32(out, (uint32_t)r->played_count);
	for (size_t i = 0; i < r->played_count; i++) {
		const struct study_played *p = &r->played[i];

		buf_text(out, p->game);
		buf_text(out, p->first);
		buf_text(out, p->second);
		buf_text(out, p->moves);
		buf_u32(out, (uint32_t)p->plies);
		buf_u32(out, (uint32_t)p->opening);
		buf_f64(out, p->result);
	}
}

void study_result_write(const struct study_result *r, struct buf *out)
{
	buf_u32(out, (uint32_t)r->measure_count);
	for (size_t i = 0; i < r->measure_count; i++) {
		const struct study_measured *m = &r->measures[i];

		buf_text(out, m->name);
		buf_f64(out, m->x);
		buf_f64(out, m->value);
		buf_f64(out, m->low);
		buf_f64(out, m->high);
		buf_u64(out, (uint64_t)m->n);
	}
	buf_u32(out, (uint32_t)r->blob_count);
	for (size_t i = 0; i < r->blob_count; i++) {
		const struct study_blob *b = &r->blobs[i];

		buf_text(out, b->name);
		buf_u64(out, b->len);
		buf_text(out, b->sha256);
		buf_u8(out, b->data != NULL);
		if (b->data)
			buf_add(out, b->data, b->len);
	}
	buf_u32(out, (uint32_t)r->ledger_count);
	for (size_t i = 0; i < r->ledger_count; i++) {
		buf_text(out, r->ledger[i].block);
		buf_text(out, r->ledger[i].loss);
		buf_f64(out, r->ledger[i].norm);
	}
	put_net(&r->net, out);
	put_played(r, out);
	buf_u64(out, (uint64_t)r->state_bytes);
	buf_u64(out, (uint64_t)r->games);
	buf_f64(out, r->flops_per_move);
	buf_u64(out, (uint64_t)r->scored);
	buf_u64(out, (uint64_t)r->trained_on);
	buf_text(out, r->before);
	buf_text(out, r->after);
}

static void get_measures(struct reader *r, struct study_result *out)
{
	size_t n = get_count(r, 44);

	out->measures = mem_zalloc(n, sizeof(*out->measures));
	for (; out->measure_count < n; out->measure_count++) {
		struct study_measured *m = &out->measures[out->measure_count];

		m->name = reader_text(r);
		m->x = reader_f64(r);
		m->value = reader_f64(r);
		m->low = reader_f64(r);
		m->high = reader_f64(r);
		m->n = (int64_t)reader_u64(r);
	}
}

static void get_hash(struct reader *r, char out[DIGEST_SIZE])
{
	char *text = reader_text(r);
	size_t n = strlen(text);

	if (n && n != DIGEST_SIZE - 1)
		r->failed = true;
	else
		memcpy(out, text, n + 1);
	free(text);
}

static void get_blobs(struct reader *r, struct study_result *out)
{
	size_t n = get_count(r, 17);

	out->blobs = mem_zalloc(n, sizeof(*out->blobs));
	for (; out->blob_count < n; out->blob_count++) {
		struct study_blob *b = &out->blobs[out->blob_count];
		uint64_t len;
		const void *data;

		b->name = reader_text(r);
		len = reader_u64(r);
		get_hash(r, b->sha256);
		b->len = len <= INT32_MAX ? (size_t)len : 0;
		r->failed = r->failed || len != b->len;
		if (!reader_u8(r))
			continue;
		data = reader_bytes(r, b->len);
		if (!data)
			continue;
		b->data = mem_alloc(b->len + 1);
		memcpy(b->data, data, b->len);
	}
}

static void get_ledger(struct reader *r, struct study_result *out)
{
	size_t n = get_count(r, 16);

	out->ledger = mem_zalloc(n, sizeof(*out->ledger));
	for (; out->ledger_count < n; out->ledger_count++) {
		struct study_entry *l = &out->ledger[out->ledger_count];

		l->block = reader_text(r);
		l->loss = reader_text(r);
		l->norm = reader_f64(r);
	}
}

static void get_net(struct reader *r, struct study_net *n)
{
	if (!reader_u8(r))
		return;
	n->game = reader_text(r);
	n->config = reader_text(r);
	n->games = (int64_t)reader_u64(r);
	n->samples = (int64_t)reader_u64(r);
	n->count = get_count(r, sizeof(float));
	n->params = mem_floats(n->count);
	reader_f32s(r, n->params, n->count);
}

static void get_played(struct reader *r, struct study_result *out)
{
	size_t n = get_count(r, 32);

	out->played = mem_zalloc(n, sizeof(*out->played));
	for (; out->played_count < n; out->played_count++) {
		struct study_played *p = &out->played[out->played_count];

		p->game = reader_text(r);
		p->first = reader_text(r);
		p->second = reader_text(r);
		if (!*p->second) {
			free(p->second);
			p->second = NULL;
		}
		p->moves = reader_text(r);
		p->plies = (int)reader_u32(r);
		p->opening = (int)reader_u32(r);
		p->result = reader_f64(r);
	}
}

bool study_result_read(struct reader *r, struct study_result *out)
{
	memset(out, 0, sizeof(*out));
	get_measures(r, out);
	get_blobs(r, out);
	get_ledger(r, out);
	get_net(r, &out->net);
	get_played(r, out);
	out->state_bytes = (int64_t)reader_u64(r);
	out->games = (int64_t)reader_u64(r);
	out->flops_per_move = reader_f64(r);
	out->scored = (int64_t)reader_u64(r);
	out->trained_on = (int64_t)reader_u64(r);
	get_hash(r, out->before);
	get_hash(r, out->after);
	return !r->failed;
}
