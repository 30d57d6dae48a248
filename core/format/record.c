/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/record.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/format/text_in.h"

void record_init(struct record *r)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->moves);
	r->result = r->score = (double)NAN;
}

static void drop(char **text)
{
	free(*text);
	*text = NULL;
}

void record_clear(struct record *r)
{
	buf_clear(&r->moves);
	r->plies = 0;
	drop(&r->first);
	drop(&r->second);
	drop(&r->event);
	drop(&r->date);
	drop(&r->ended);
	r->result = r->score = (double)NAN;
	for (int i = 0; i < r->tag_count; i++) {
		free(r->tags[i].name);
		free(r->tags[i].value);
	}
	r->tag_count = 0;
	r->note_count = 0;
	/* One large game must not be paid for until the end of the file. */
	if (r->bytes > 1 << 20) {
		for (int i = 0; i < r->note_cap; i++)
			buf_release(&r->notes[i].text);
		free(r->notes);
		r->notes = NULL;
		r->note_cap = 0;
	}
	r->bytes = 0;
}

void record_release(struct record *r)
{
	record_clear(r);
	for (int i = 0; i < r->note_cap; i++)
		buf_release(&r->notes[i].text);
	free(r->notes);
	free(r->tags);
	buf_release(&r->moves);
}

void record_text(struct record *r, char **field, const char *text, size_t len)
{
	struct buf clean;
	size_t end;

	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	drop(field);
	if (!len || (len == 1 && *text == '?'))
		return;
	buf_init(&clean);
	text_add_utf8(&clean, text, len);
	for (end = 0; end < clean.len; end++)
		if (clean.data[end] == '\n' || clean.data[end] == '\t')
			clean.data[end] = ' ';
	r->bytes += clean.len;
	*field = buf_detach(&clean, NULL);
	buf_release(&clean);
}

void record_tag(struct record *r, const char *name, const char *value)
{
	struct record_tag *t = NULL;

	for (int i = 0; i < r->tag_count && !t; i++)
		if (!strcmp(r->tags[i].name, name))
			t = &r->tags[i];
	if (!t && r->tag_count == RECORD_MOST_TAGS)
		return;
	if (!r->tags)
		r->tags = mem_zalloc(RECORD_MOST_TAGS, sizeof(*r->tags));
	if (!t) {
		t = &r->tags[r->tag_count++];
		*t = (struct record_tag){.name = mem_strdup(name)};
	}
	record_text(r, &t->value, value, strlen(value));
	if (!t->value)
		t->value = mem_strdup(value[0] == '?' ? "?" : "");
	r->bytes += strlen(name) + 32;
}

const char *record_find_tag(const struct record *r, const char *name)
{
	for (int i = 0; i < r->tag_count; i++)
		if (!strcmp(r->tags[i].name, name))
			return r->tags[i].value;
	return NULL;
}

int record_note(struct record *r, enum record_kind kind, int parent, int ply,
		const char *text)
{
	struct record_note *n;

	if (r->note_count == r->note_cap) {
		int cap = r->note_cap ? 2 * r->note_cap : 64;

		r->notes =
			mem_realloc(r->notes, (size_t)cap * sizeof(*r->notes));
		for (int i = r->note_cap; i < cap; i++)
			buf_init(&r->notes[i].text);
		r->note_cap = cap;
	}
	n = &r->notes[r->note_count];
	n->kind = kind;
	n->parent = parent;
	n->ply = ply;
	buf_clear(&n->text);
	buf_puts(&n->text, text);
	r->bytes += sizeof(*n) + n->text.len;
	return r->note_count++;
}

void record_finish(struct record *r, const void *state)
{
	const struct game *g = &r->game;
	const struct game_rules *rules = g->rules;
	float value[GAME_MAX_PLAYERS];

	if (rules->to_act(g, state) == GAME_OVER) {
		rules->score(g, state, value);
		/* Players may have counted otherwise, or resigned. */
		if (isnan(r->result)) {
			r->result = (double)value[0];
			if (isnan(r->score) && rules->lead)
				r->score = (double)rules->lead(g, state);
		}
		if (!r->ended)
			r->ended =
				mem_strdup(rules->ended ? rules->ended(g, state)
							: "rules");
	} else if (!isnan(r->result) && !r->ended) {
		r->ended = mem_strdup("as recorded");
	}
}
