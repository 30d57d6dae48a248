/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/result.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/mem.h"

/* A text is its length and its bytes. */
static void put_text(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	buf_u32(out, (uint32_t)n);
	buf_add(out, text, n);
}

static char *get_text(struct reader *r)
{
	uint32_t n = reader_u32(r);
	const char *text = reader_bytes(r, n);

	if (!text || memchr(text, '\0', n)) {
		r->failed = true;
		return mem_strdup("");
	}
	return mem_printf("%.*s", (int)n, text);
}

/* How many follow, of `least` bytes each at least; 0 if they cannot. */
static size_t get_count(struct reader *r, size_t least)
{
	uint32_t n = reader_u32(r);

	if (n > (r->len - r->pos) / least)
		r->failed = true;
	return r->failed ? 0 : n;
}

void study_result_write(const struct study_result *r, struct buf *out)
{
	buf_u32(out, (uint32_t)r->measure_count);
	for (size_t i = 0; i < r->measure_count; i++) {
		const struct study_measured *m = &r->measures[i];

		put_text(out, m->name);
		buf_f64(out, m->x);
		buf_f64(out, m->value);
		buf_f64(out, m->low);
		buf_f64(out, m->high);
		buf_u64(out, (uint64_t)m->n);
	}
	buf_u32(out, (uint32_t)r->blob_count);
	for (size_t i = 0; i < r->blob_count; i++) {
		put_text(out, r->blobs[i].name);
		buf_u64(out, r->blobs[i].len);
		buf_add(out, r->blobs[i].data, r->blobs[i].len);
	}
	buf_u32(out, (uint32_t)r->ledger_count);
	for (size_t i = 0; i < r->ledger_count; i++) {
		put_text(out, r->ledger[i].block);
		put_text(out, r->ledger[i].loss);
		buf_f64(out, r->ledger[i].norm);
	}
	buf_u64(out, (uint64_t)r->state_bytes);
	buf_u64(out, (uint64_t)r->games);
	buf_f64(out, r->flops_per_move);
	buf_u64(out, (uint64_t)r->scored);
	buf_u64(out, (uint64_t)r->trained_on);
	put_text(out, r->before);
	put_text(out, r->after);
}

static void get_measures(struct reader *r, struct study_result *out)
{
	size_t n = get_count(r, 44);

	out->measures = mem_zalloc(n, sizeof(*out->measures));
	for (; out->measure_count < n; out->measure_count++) {
		struct study_measured *m = &out->measures[out->measure_count];

		m->name = get_text(r);
		m->x = reader_f64(r);
		m->value = reader_f64(r);
		m->low = reader_f64(r);
		m->high = reader_f64(r);
		m->n = (int64_t)reader_u64(r);
	}
}

static void get_blobs(struct reader *r, struct study_result *out)
{
	size_t n = get_count(r, 12);

	out->blobs = mem_zalloc(n, sizeof(*out->blobs));
	for (; out->blob_count < n; out->blob_count++) {
		struct study_blob *b = &out->blobs[out->blob_count];
		uint64_t len;
		const void *data;

		b->name = get_text(r);
		len = reader_u64(r);
		data = len <= r->len ? reader_bytes(r, (size_t)len) : NULL;
		r->failed = r->failed || !data;
		b->len = data ? (size_t)len : 0;
		b->data = mem_alloc(b->len + 1);
		memcpy(b->data, data ? data : "", b->len);
	}
}

static void get_ledger(struct reader *r, struct study_result *out)
{
	size_t n = get_count(r, 16);

	out->ledger = mem_zalloc(n, sizeof(*out->ledger));
	for (; out->ledger_count < n; out->ledger_count++) {
		struct study_entry *l = &out->ledger[out->ledger_count];

		l->block = get_text(r);
		l->loss = get_text(r);
		l->norm = reader_f64(r);
	}
}

static void get_hash(struct reader *r, char out[DIGEST_SIZE])
{
	char *text = get_text(r);
	size_t n = strlen(text);

	if (n && n != DIGEST_SIZE - 1)
		r->failed = true;
	else
		memcpy(out, text, n + 1);
	free(text);
}

bool study_result_read(struct reader *r, struct study_result *out)
{
	memset(out, 0, sizeof(*out));
	get_measures(r, out);
	get_blobs(r, out);
	get_ledger(r, out);
	out->state_bytes = (int64_t)reader_u64(r);
	out->games = (int64_t)reader_u64(r);
	out->flops_per_move = reader_f64(r);
	out->scored = (int64_t)reader_u64(r);
	out->trained_on = (int64_t)reader_u64(r);
	get_hash(r, out->before);
	get_hash(r, out->after);
	return !r->failed;
}
