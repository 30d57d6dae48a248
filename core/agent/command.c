/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/command.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"

/* Quotes opened and closed, character by character. */
struct quotes {
	char open; /* ' or ", 0 outside */
	bool escaped;
};

/* False: the character belongs to the quoting and not to the word. */
static bool is_plain(struct quotes *q, char c)
{
	if (q->escaped) {
		q->escaped = false;
		return true;
	}
	if (c == '\\' && q->open != '\'') {
		q->escaped = true;
		return false;
	}
	if (q->open && c == q->open) {
		q->open = 0;
		return false;
	}
	if (!q->open && (c == '\'' || c == '"')) {
		q->open = c;
		return false;
	}
	return true;
}

/* Whether the next character would stand outside of quotes. */
static bool is_outside(const struct quotes *q)
{
	return !q->open && !q->escaped;
}

size_t command_span(const char *text)
{
	struct quotes q = {0};
	size_t n = 0;

	for (; text[n]; n++) {
		if (is_outside(&q) && text[n] == ',')
			break;
		is_plain(&q, text[n]);
	}
	return n;
}

static void add_word(char ***words, size_t *count, struct buf *word)
{
	*words = mem_realloc(*words, (*count + 2) * sizeof(**words));
	(*words)[(*count)++] = buf_detach(word, NULL);
	(*words)[*count] = NULL;
	buf_init(word);
}

char **command_words(const char *text, size_t len)
{
	struct quotes q = {0};
	char **words = NULL;
	size_t count = 0;
	bool begun = false;
	struct buf word;

	buf_init(&word);
	for (size_t i = 0; i < len; i++) {
		if (is_outside(&q) && (text[i] == ' ' || text[i] == '\t')) {
			if (begun)
				add_word(&words, &count, &word);
			begun = false;
			continue;
		}
		begun = true;
		if (is_plain(&q, text[i]))
			buf_putc(&word, text[i]);
	}
	if (begun)
		add_word(&words, &count, &word);
	buf_release(&word);
	if (!is_outside(&q) || (words && !*words[0])) {
		command_free(words);
		return NULL;
	}
	return words;
}

void command_free(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}
