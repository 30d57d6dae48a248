/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/import.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/format/record.h"
#include "core/format/text_in.h"
#include "store/game.h"
#include "store/store.h"

enum { PROGRESS_GAMES = 256 };

struct import {
	struct lab *lab;
	const struct import_options *o;
	struct import_result *out;
	FILE *spool; /* owned; games that were read, one record each */
	struct buf record;
	struct err *e;
};

/* --- the spool ----------------------------------------------------------- */

static void put_text(struct buf *b, const char *text)
{
	buf_u8(b, text != NULL);
	if (!text)
		return;
	buf_u32(b, (uint32_t)strlen(text));
	buf_add(b, text, strlen(text) + 1);
}

/* Valid as long as the record is. */
static const char *take_text(struct reader *r)
{
	const char *text;
	uint32_t len;

	if (!reader_u8(r))
		return NULL;
	len = reader_u32(r);
	text = reader_bytes(r, (size_t)len + 1);
	return text ? text : "";
}

static void put_f64(struct buf *b, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	buf_u64(b, bits);
}

static double take_f64(struct reader *r)
{
	uint64_t bits = reader_u64(r);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* An agent's name for a player; NULL where a one-player game has no second. */
static void put_player(struct buf *b, const char *name)
{
	char *spec = mem_printf("%s%s", IMPORT_PLAYER, name ? name : "?");

	put_text(b, spec);
	free(spec);
}

static void put_tags(struct buf *b, const struct record *r)
{
	struct buf text;
	struct json j;

	if (!r->tag_count) {
		put_text(b, NULL);
		return;
	}
	buf_init(&text);
	json_init(&j, &text);
	json_open(&j, '{');
	for (int i = 0; i < r->tag_count; i++) {
		json_key(&j, r->tags[i].name);
		json_string(&j, r->tags[i].value);
	}
	json_close(&j, '}');
	put_text(b, text.data);
	buf_release(&text);
}

static void put_note(struct buf *b, const struct record_note *n)
{
	char *text = n->kind == RECORD_SETUP
			     ? mem_printf("%s%s", IMPORT_SETUP, n->text.data)
			     : NULL;

	put_text(b, text ? text : n->text.data);
	free(text);
}

static enum err_code spool_fail(struct import *im)
{
	return err_set(im->e, ERR_IO,
		       "%s: cannot keep its games in a temporary file: %s",
		       im->o->name, strerror(errno ? errno : EIO));
}

static enum err_code spool_game(struct import *im, const struct record *r)
{
	struct buf *b = &im->record;
	unsigned char head[4];

	buf_clear(b);
	put_text(b, r->game.name);
	put_player(b, r->first);
	if (r->game.player_count > 1)
		put_player(b, r->second);
	else
		put_text(b, NULL);
	put_text(b, r->moves.data);
	buf_u32(b, (uint32_t)r->plies);
	put_f64(b, r->result);
	put_f64(b, r->score);
	put_text(b, r->ended);
	put_text(b, r->event);
	put_text(b, r->date);
	put_tags(b, r);
	buf_u64(b, (uint64_t)r->line);
	buf_u32(b, (uint32_t)r->note_count);
	for (int i = 0; i < r->note_count; i++) {
		buf_u8(b, (uint8_t)r->notes[i].kind);
		buf_u32(b, (uint32_t)(r->notes[i].parent + 1));
		buf_u32(b, (uint32_t)r->notes[i].ply);
		put_note(b, &r->notes[i]);
	}
	for (int i = 0; i < 4; i++)
		head[i] = (unsigned char)(b->len >> (8 * i));
	errno = 0;
	if (fwrite(head, 1, 4, im->spool) != 4 ||
	    fwrite(b->data, 1, b->len, im->spool) != b->len)
		return spool_fail(im);
	return ERR_OK;
}

/* --- reading ------------------------------------------------------------- */

static bool interrupted(const struct import *im)
{
	return im->o->interrupt && atomic_load(im->o->interrupt);
}

static enum err_code one_game(struct import *im, struct text_in *in,
			      struct record *r, bool *more)
{
	struct err why = ERR_INIT;
	enum format_read got = im->out->format->read(in, im->o->game, r, &why);

	switch (got) {
	case FORMAT_GAME:
		im->out->games++;
		im->out->doubts += r->doubt_count;
		for (int i = 0; i < r->doubt_count && im->o->doubted; i++)
			im->o->doubted(im->o->ctx, r->doubts[i].line,
				       r->doubts[i].text);
		return spool_game(im, r);
	case FORMAT_BAD:
		im->out->skipped++;
		if (im->o->skipped)
			im->o->skipped(im->o->ctx, r->at_line, why.msg);
		return ERR_OK;
	case FORMAT_BROKEN:
		/* What cannot be read looks like text that ends too early. */
		if (in->error)
			break;
		return err_set(im->e, ERR_FORMAT, "%s:%ld:%ld: %s", im->o->name,
			       r->at_line, r->at_column, why.msg);
	case FORMAT_END:
		break;
	}
	*more = false;
	return ERR_OK;
}

static enum err_code read_all(struct import *im, FILE *file)
{
	enum err_code rc = ERR_OK;
	struct text_in in;
	struct record r;
	bool more = true;
	int64_t seen;

	text_in_file(&in, file);
	record_init(&r);
	im->out->format =
		im->o->format ? im->o->format : format_guess(im->o->name, &in);
	while (!rc && more) {
		rc = one_game(im, &in, &r, &more);
		seen = im->out->games + im->out->skipped;
		if (im->o->progress && seen % PROGRESS_GAMES == 0)
			im->o->progress(im->o->ctx, seen, 0);
		if (!rc && interrupted(im))
			rc = err_set(im->e, ERR_CANCELLED,
				     "%s: stopped; nothing of it was imported",
				     im->o->name);
	}
	if (!rc && in.error)
		rc = err_set(im->e, ERR_IO, "cannot read %s: %s", im->o->name,
			     strerror(in.error));
	record_release(&r);
	text_in_release(&in);
	return rc;
}

/* --- saving -------------------------------------------------------------- */

/* The next record into im->record; false at the end. */
static bool next_record(struct import *im, enum err_code *rc)
{
	unsigned char head[4];
	size_t n = 0, len = 0;

	errno = 0;
	n = fread(head, 1, 4, im->spool);
	if (n == 0 && !ferror(im->spool))
		return false;
	for (int i = 0; i < 4; i++)
		len |= (size_t)head[i] << (8 * i);
	buf_clear(&im->record);
	while (n == 4 && im->record.len < len) {
		char part[4096];
		size_t want = len - im->record.len;
		size_t got = fread(part, 1,
				   want < sizeof(part) ? want : sizeof(part),
				   im->spool);

		if (!got)
			break;
		buf_add(&im->record, part, got);
	}
	if (n == 4 && im->record.len == len)
		return true;
	*rc = spool_fail(im);
	return false;
}

/* Notes name each other by number; rows by id. */
static enum store_status save_notes(struct store *s, struct reader *r,
				    int64_t game_id)
{
	uint32_t count = reader_u32(r);
	int64_t *ids = mem_zalloc((size_t)count + 1, sizeof(*ids));
	enum store_status st = STORE_OK;

	for (uint32_t i = 0; i < count && !st; i++) {
		struct store_annotation a = {.game_id = game_id};
		uint8_t kind = reader_u8(r);
		uint32_t parent = reader_u32(r);

		a.kind = kind == RECORD_COMMENT ? STORE_COMMENT
			 : kind == RECORD_NAG   ? STORE_NAG
						: STORE_VARIATION;
		a.parent = parent <= i ? ids[parent] : 0;
		a.ply = (int)reader_u32(r);
		a.text = take_text(r);
		st = store_annotation_add(s, &a, &ids[i + 1]);
	}
	free(ids);
	return st;
}

static enum err_code save_game(struct import *im)
{
	struct store *s = lab_store(im->lab);
	enum store_status st;
	struct reader r;
	char *origin;
	int64_t id;
	struct store_game g = {
		.purpose = "import",
		.step = -1,
	};

	reader_init(&r, im->record.data, im->record.len);
	g.game = take_text(&r);
	g.first = take_text(&r);
	g.second = take_text(&r);
	g.moves = take_text(&r);
	g.plies = (int)reader_u32(&r);
	g.result = take_f64(&r);
	g.score = take_f64(&r);
	g.ended = take_text(&r);
	g.event = take_text(&r);
	g.date = take_text(&r);
	g.tags = take_text(&r);
	origin = mem_printf("%s:%lld", im->o->name, (long long)reader_u64(&r));
	g.origin = origin;
	st = store_game_add(s, &g, &id);
	if (!st)
		st = save_notes(s, &r, id);
	free(origin);
	return lab_error(s, st, im->e);
}

static enum err_code save_all(struct import *im)
{
	struct store *s = lab_store(im->lab);
	enum err_code rc = ERR_OK;
	int64_t saved = 0;

	if (!im->out->games)
		return ERR_OK;
	errno = 0;
	if (fflush(im->spool) || fseek(im->spool, 0, SEEK_SET))
		return spool_fail(im);
	rc = lab_error(s, store_begin(s), im->e);
	if (rc)
		return rc;
	while (!rc && next_record(im, &rc)) {
		rc = save_game(im);
		if (im->o->progress && ++saved % PROGRESS_GAMES == 0)
			im->o->progress(im->o->ctx, im->out->games, saved);
		if (!rc && interrupted(im))
			rc = err_set(im->e, ERR_CANCELLED,
				     "%s: stopped; nothing of it was imported",
				     im->o->name);
	}
	if (!rc)
		return lab_error(s, store_commit(s), im->e);
	store_rollback(s);
	return rc;
}

enum err_code import_file(struct lab *lab, FILE *file,
			  const struct import_options *options,
			  struct import_result *out, struct err *e)
{
	struct err local = ERR_INIT;
	struct import im = {
		.lab = lab, .o = options, .out = out, .e = e ? e : &local};
	enum err_code rc;

	*out = (struct import_result){.format = options->format};
	errno = 0;
	im.spool = tmpfile();
	if (!im.spool)
		return spool_fail(&im);
	buf_init(&im.record);
	rc = read_all(&im, file);
	if (!rc && im.o->saving)
		im.o->saving(im.o->ctx);
	if (!rc)
		rc = save_all(&im);
	if (rc)
		out->games = 0;
	buf_release(&im.record);
	fclose(im.spool);
	return rc;
}
