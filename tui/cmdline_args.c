/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmdline_args.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "store/run.h"
#include "store/store.h"
#include "store/study.h"

/* The words that fit so far. */
struct fits {
	const char *begun; /* what they begin with */
	char **words;      /* owned */
	int count;
};

static void add(struct fits *f, const char *before, const char *word,
		const char *after)
{
	char *whole = mem_printf("%s%s%s", before, word, after);

	if (strncmp(whole, f->begun, strlen(f->begun)) != 0) {
		free(whole);
		return;
	}
	f->words = mem_realloc(f->words,
			       ((size_t)f->count + 1) * sizeof(*f->words));
	f->words[f->count++] = whole;
}

static void add_runs(struct fits *f, struct store *s, const char *before,
		     const char *const *forms)
{
	struct store_bag bag = {0};
	struct store_run *runs;
	size_t count;

	if (!s || store_run_list(s, &bag, &runs, &count))
		count = 0;
	for (size_t i = 0; i < count; i++)
		for (int k = 0; forms[k]; k += 2) {
			char *word = mem_printf("%s%s", before, forms[k]);

			add(f, word, runs[i].name, forms[k + 1]);
			free(word);
		}
	store_bag_release(&bag);
}

static void runs(struct fits *f, struct store *s, const char *before)
{
	static const char *const forms[] = {"", "", NULL};

	add_runs(f, s, before, forms);
}

static void agents(struct fits *f, struct store *s, const char *before)
{
	static const char *const forms[] = {"policy:", "/latest",
					    "mcts:", "/latest,sims=", NULL};
	static const char *const plain[] = {"human",
					    "random",
					    "tactical",
					    "solver",
					    "mcts:rollout,sims=",
					    "mcts:uniform,sims=",
					    "engine:"};

	add_runs(f, s, before, forms);
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		add(f, before, plain[i], "");
}

static void checkpoints(struct fits *f, struct store *s, const char *before)
{
	struct store_bag bag = {0};
	struct store_checkpoint *rows;
	size_t count;

	if (!s || store_checkpoint_list(s, &bag, 0, &rows, &count))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		char *word = mem_printf("%s/%lld", rows[i].run,
					(long long)rows[i].step);

		add(f, before, word, "");
		free(word);
	}
	store_bag_release(&bag);
}

static void games(struct fits *f, struct store *s, const char *before)
{
	(void)s;
	for (const struct game_member *m = game_members; m->name; m++)
		add(f, before, m->name, "");
}

static void studies(struct fits *f, struct store *s, const char *before)
{
	struct store_bag bag = {0};
	struct store_study_state *rows;
	size_t count;

	if (!s || store_study_states(s, &bag, &rows, &count))
		count = 0;
	for (size_t i = 0; i < count; i++)
		add(f, before, rows[i].study.name, "");
	store_bag_release(&bag);
}

static const struct {
	const char *name;
	void (*words)(struct fits *f, struct store *s, const char *before);
} kinds[] = {
	{"run", runs},   {"agent", agents},  {"checkpoint", checkpoints},
	{"game", games}, {"study", studies},
};

/* Settings whose values are words of their own. */
static const char *const values[][2] = {
	{"side=", "first second"},
	{"left=", "agent"},
	{"right=", "agent"},
	{"result=", "first second draw finished unfinished"},
	{"purpose=", "selfplay match human watch imitate import study"},
	{"traces=", "yes any"},
	{"order=", "newest oldest"},
};

static bool is_word(const char *list, size_t n, const char *word)
{
	return strlen(word) == n && !strncmp(list, word, n);
}

/* A kind of words, or a word itself. */
static void add_kind(struct fits *f, struct store *s, const char *before,
		     const char *name, size_t n)
{
	char *word;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (is_word(name, n, kinds[i].name)) {
			kinds[i].words(f, s, before);
			return;
		}
	word = mem_printf("%.*s", (int)n, name);
	add(f, before, word, "");
	free(word);
}

static void add_list(struct fits *f, struct store *s, const char *before,
		     const char *list)
{
	for (size_t n; *list; list += n) {
		list += strspn(list, " ");
		n = strcspn(list, " ");
		if (n)
			add_kind(f, s, before, list, n);
	}
}

/* The value of a setting: of a list of its own, or of the kind of its name. */
static void add_values(struct fits *f, struct store *s, const char *setting)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (!strcmp(setting, values[i][0])) {
			add_list(f, s, setting, values[i][1]);
			return;
		}
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (is_word(setting, strlen(setting) - 1, kinds[i].name))
			kinds[i].words(f, s, setting);
}

static bool takes_setting(const char *takes, const char *setting)
{
	size_t n;

	for (; *takes; takes += n) {
		takes += strspn(takes, " ");
		n = strcspn(takes, " ");
		if (is_word(takes, n, setting))
			return true;
	}
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *cmdline_args_complete(const char *takes, struct store *s,
			    const char *line, int turn)
{
	const char *last = strrchr(line, ' '), *equals;
	struct fits f = {.begun = last ? last + 1 : line};
	char *done = NULL;

	equals = strchr(f.begun, '=');
	if (equals) {
		char *setting = mem_printf("%.*s", (int)(equals + 1 - f.begun),
					   f.begun);

		if (takes_setting(takes, setting))
			add_values(&f, s, setting);
		free(setting);
	} else {
		add_list(&f, s, "", takes);
	}
	if (f.count) {
		qsort(f.words, (size_t)f.count, sizeof(*f.words), by_name);
		done = mem_printf("%.*s%s", (int)(f.begun - line), line,
				  f.words[turn % f.count]);
	}
	for (int i = 0; i < f.count; i++)
		free(f.words[i]);
	free(f.words);
	return done;
}
