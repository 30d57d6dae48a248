/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmdline.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

char *cmdline_history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	/* The base directory specification calls relative paths invalid. */
	if (state && state[0] == '/')
		return mem_printf("%s/plyscope/history", state);
	return home && home[0] == '/'
		       ? mem_printf("%s/.local/state/plyscope/history", home)
		       : NULL;
}

/* The folders on the way to a file. */
static void make_folders(const char *path)
{
	char *copy = mem_strdup(path);

	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(copy, 0700);
		*p = '/';
	}
	free(copy);
}

/* The newest lines are read and what is older goes once it is much: the file
 * grows by a line a command. */
static void write_anew(const struct cmdline_history *h)
{
	char *fresh = mem_printf("%s.%ld", h->path, (long)getpid());
	FILE *f = fopen(fresh, "w");
	bool whole = f != NULL;

	for (int i = 0; f && i < h->count; i++)
		whole = fprintf(f, "%s\n", h->lines[i]) > 0 && whole;
	if (f)
		whole = !fclose(f) && whole;
	if (!whole || rename(fresh, h->path))
		(void)unlink(fresh);
	free(fresh);
}

static void remember(struct cmdline_history *h, const char *line);

void cmdline_history_open(struct cmdline_history *h, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int read = 0;

	while (f && (n = getline(&line, &size, f)) > 0) {
		if (line[n - 1] != '\n')
			break; /* cut off while it was written */
		line[n - 1] = '\0';
		if (strlen(line) == (size_t)n - 1)
			remember(h, line);
		read++;
	}
	free(line);
	if (f)
		fclose(f);
	h->path = mem_strdup(path);
	if (read > 10 * CMDLINE_HISTORY)
		write_anew(h);
}

static void keep(const struct cmdline_history *h, const char *line)
{
	FILE *f;
	int fd;

	make_folders(h->path);
	fd = open(h->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	f = fd >= 0 ? fdopen(fd, "a") : NULL;
	if (!f) {
		if (fd >= 0)
			close(fd);
		return;
	}
	fprintf(f, "%s\n", line);
	fclose(f);
}

void cmdline_remember(struct cmdline_history *h, const char *line)
{
	if (!*line || (h->count && !strcmp(h->lines[h->count - 1], line)))
		return;
	remember(h, line);
	if (h->path)
		keep(h, line);
}

static void remember(struct cmdline_history *h, const char *line)
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
	free(h->path);
	memset(h, 0, sizeof(*h));
}
