/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmdline.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/keys.h"

enum { MAX_WORDS = 256 };

struct entry {
	const char *name;
	struct cmdline_word word;
};

static int add_table(struct entry *out, int n, const struct key_binding *table,
		     bool has_arg)
{
	struct key_found f = {NULL};

	while (keys_each(table, &f))
		if (n < MAX_WORDS && (!has_arg || f.binding->takes))
			out[n++] = (struct entry){f.binding->name, {.key = f}};
	return n;
}

static int add_screens(struct entry *out, int n)
{
	for (const struct screen *const *s = screen_table; *s; s++)
		if (n < MAX_WORDS)
			out[n++] = (struct entry){(*s)->name, {.screen = *s}};
	return n;
}

/* In the order of precedence. */
static int all_words(const struct screen *current, bool has_arg,
		     struct entry out[MAX_WORDS])
{
	int n = 0;

	n = add_table(out, n, current->keys, has_arg);
	n = add_table(out, n, keys_global, has_arg);
	return add_screens(out, n);
}

struct cmdline_word cmdline_find(const struct screen *current, const char *word,
				 bool has_arg)
{
	struct entry all[MAX_WORDS];
	int n = all_words(current, has_arg, all);
	struct cmdline_word found = {0};
	const char *name = NULL;

	for (int i = 0; i < n; i++)
		if (!strcmp(all[i].name, word))
			return all[i].word;
	for (int i = 0; i < n; i++) {
		if (strncmp(all[i].name, word, strlen(word)))
			continue;
		if (name && strcmp(name, all[i].name))
			return (struct cmdline_word){.ambiguous = true};
		if (!name) {
			name = all[i].name;
			found = all[i].word;
		}
	}
	return found;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

const char *cmdline_complete(const struct screen *current, const char *stem,
			     int turn)
{
	struct entry all[MAX_WORDS];
	const char *fits[MAX_WORDS];
	int n = all_words(current, false, all), count = 0, unique = 0;

	for (int i = 0; i < n; i++)
		if (!strncmp(all[i].name, stem, strlen(stem)))
			fits[count++] = all[i].name;
	if (!count)
		return NULL;
	qsort(fits, (size_t)count, sizeof(*fits), by_name);
	for (int i = 0; i < count; i++)
		if (!i || strcmp(fits[i], fits[unique - 1]))
			fits[unique++] = fits[i];
	return fits[turn % unique];
}

void cmdline_remember(struct cmdline_history *h, const char *line)
{
	if (!*line || (h->count && !strcmp(h->lines[h->count - 1], line)))
		return;
	if (h->count == CMDLINE_HISTORY) {
		free(h->lines[0]);
		memmove(h->lines, h->lines + 1,
			(CMDLINE_HISTORY - 1) * sizeof(*h->lines));
		h->count--;
	}
	h->lines[h->count++] = mem_strdup(line);
}

void cmdline_release(struct cmdline_history *h)
{
	for (int i = 0; i < h->count; i++)
		free(h->lines[i]);
	memset(h, 0, sizeof(*h));
}
