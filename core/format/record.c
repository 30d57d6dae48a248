/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/record.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
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

static void init_note(struct record_note *n)
{
	buf_init(&n->text);
	buf_init(&n->thought);
}

static void release_note(struct record_note *n)
{
	buf_release(&n->text);
	buf_release(&n->thought);
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
	r->doubt_count = 0;
	/* One large game must not be paid for until the end of the file. */
	if (r->bytes > 1 << 20) {
		for (int i = 0; i < r->note_cap; i++)
			release_note(&r->notes[i]);
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
		release_note(&r->notes[i]);
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
			init_note(&r->notes[i]);
		r->note_cap = cap;
	}
	n = &r->notes[r->note_count];
	n->kind = kind;
	n->parent = parent;
	n->ply = ply;
	buf_clear(&n->text);
	buf_clear(&n->thought);
	n->value = n->lead = (double)NAN;
	buf_puts(&n->text, text);
	r->bytes += sizeof(*n) + n->text.len;
	return r->note_count++;
}

void record_doubt(struct record *r, long line, const char *fmt, ...)
{
	struct record_doubt *d = &r->doubts[r->doubt_count];
	va_list ap;

	if (r->doubt_count == RECORD_MOST_DOUBTS)
		return;
	d->line = line;
	va_start(ap, fmt);
	vsnprintf(d->text, sizeof(d->text), fmt, ap);
	va_end(ap);
	for (int i = 0; i < r->doubt_count; i++)
		if (!strcmp(r->doubts[i].text, d->text))
			return;
	r->doubt_count++;
}

const char *const record_reasons[] = {
	[RECORD_SET] = "set",
	[RECORD_NULL] = "null",
	[RECORD_ON] = "on",
};

bool record_setup_parse(const char *text, struct record_setup *out)
{
	size_t n = strcspn(text, " ");
	const char *from = text + n + (text[n] != '\0');
	const char *colon = strchr(from, ':');
	int reason = -1;

	for (size_t i = 0; i < ARRAY_LEN(record_reasons); i++)
		if (strlen(record_reasons[i]) == n &&
		    !strncmp(text, record_reasons[i], n))
			reason = (int)i;
	if (reason < 0 || !colon || colon == from ||
	    (size_t)(colon - from) >= sizeof(out->position))
		return false;
	out->reason = (enum record_reason)reason;
	memcpy(out->position, from, (size_t)(colon - from));
	out->position[colon - from] = '\0';
	out->moves = colon + 1;
	return true;
}

/* Up to `count` moves of a line. */
static bool play_part(const struct game *g, void *state, const char *text,
		      int count)
{
	char word[GAME_TEXT_SIZE];

	for (; count > 0; count--) {
		size_t n;
		game_move m;

		text += strspn(text, " ");
		n = g->rules->compact_text ? *text != '\0' : strcspn(text, " ");
		if (!n)
			break;
		if (n >= sizeof(word) ||
		    g->rules->to_act(g, state) == GAME_OVER)
			return false;
		memcpy(word, text, n);
		word[n] = '\0';
		text += n;
		m = g->rules->move_parse(g, state, word);
		if (m == GAME_NO_MOVE)
			return false;
		g->rules->apply(g, state, m);
	}
	return true;
}

bool record_state_at(const struct record *r, int line, int ply, void *state)
{
	const struct game *g = &r->game;
	int depth = 0, *chain, at = 0;
	bool fine = true;

	/* From the root down: each line until the next one leaves it. */
	for (int i = line; i >= 0; i = r->notes[i].parent)
		depth++;
	chain = mem_alloc(((size_t)depth + 1) * sizeof(*chain));
	for (int i = line, k = depth; i >= 0; i = r->notes[i].parent)
		chain[k--] = i;
	chain[0] = -1;
	memset(state, 0, g->state_size);
	g->rules->start(g, state, 0);
	for (int k = 0; k <= depth && fine; k++) {
		const struct record_note *n = k ? &r->notes[chain[k]] : NULL;
		int end = k < depth ? r->notes[chain[k + 1]].ply : ply;
		const char *moves = n ? n->text.data : r->moves.data;
		struct record_setup setup = {.moves = NULL};

		if (n && n->kind == RECORD_SETUP) {
			fine = record_setup_parse(moves, &setup) &&
			       g->rules->position_parse &&
			       !g->rules->position_parse(g, state,
							 setup.position, NULL);
			moves = setup.moves;
		}
		fine = fine && play_part(g, state, moves, end - at);
		at = end;
	}
	free(chain);
	return fine;
}

void record_finish(struct record *r, const void *state)
{
	const struct game *g = &r->game;
	const struct game_rules *rules = g->rules;
	float value[GAME_MAX_PLAYERS];

	if (state && rules->to_act(g, state) == GAME_OVER) {
		rules->score(g, state, value);
		/* Players may have counted otherwise, or resigned. */
		if (isnan(r->result)) {
			r->result = (double)value[0];
			if (isnan(r->score) && rules->lead)
				r->score = (double)game_final_lead(g, state);
		}
		if (!r->ended)
			r->ended =
				mem_strdup(rules->ended ? rules->ended(g, state)
							: "rules");
	} else if (!isnan(r->result) && !r->ended) {
		r->ended = mem_strdup("as recorded");
	}
}
