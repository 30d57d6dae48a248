/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/note_tree.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

struct place {
	int line, ply, note;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->ply != y->ply)
		return x->ply < y->ply ? -1 : 1;
	return x->note < y->note ? -1 : 1;
}

void note_tree_init(struct note_tree *t, const struct record *r)
{
	size_t lines = (size_t)r->note_count + 1, n = 0;
	struct place *all = mem_alloc(lines * sizeof(*all));

	t->first = mem_alloc(lines * sizeof(*t->first));
	t->next = mem_alloc(lines * sizeof(*t->next));
	for (size_t i = 0; i < lines; i++)
		t->first[i] = t->next[i] = -1;
	for (int i = 0; i < r->note_count; i++) {
		const struct record_note *note = &r->notes[i];
		int line;

		/* Only lines that came before hold notes.  The numbers may be
		 * anybody's. */
		if (note->parent >= i || note->parent < -1 || note->ply < 0 ||
		    note->ply == INT_MAX)
			continue;
		line = note->parent + 1;
		if (line && r->notes[line - 1].kind != RECORD_VARIATION &&
		    r->notes[line - 1].kind != RECORD_SETUP)
			continue;
		all[n++] = (struct place){
			line, note->ply + (note->kind == RECORD_VARIATION), i};
	}
	qsort(all, n, sizeof(*all), by_place);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || all[i].line != all[i - 1].line)
			t->first[all[i].line] = all[i].note;
		else
			t->next[all[i - 1].note] = all[i].note;
	}
	free(all);
}

void note_tree_release(struct note_tree *t)
{
	free(t->first);
	free(t->next);
}

size_t note_word(const char **at, const char **word)
{
	size_t n;

	*word = *at + strspn(*at, " ");
	n = strcspn(*word, " ");
	*at = *word + n;
	return n;
}

int note_words(const char *text)
{
	const char *word;
	int n = 0;

	while (note_word(&text, &word))
		n++;
	return n;
}
