/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/launch.h"

#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/learn/recipe.h"
#include "store/job.h"
#include "store/run.h"
#include "tui/data.h"
#include "tui/screen/job_view.h"

void launch_init(struct launch *l)
{
	memset(l, 0, sizeof(*l));
}

void launch_clear(struct launch *l)
{
	for (int i = 0; i < l->count; i++)
		free(l->word[i]);
	spawn_release(l->spawn);
	launch_init(l);
}

void launch_release(struct launch *l)
{
	launch_clear(l);
}

void launch_add(struct launch *l, const char *word)
{
	/* one too many is kept out of the command and told by job_start() */
	if (l->count == LAUNCH_WORDS)
		return;
	l->word[l->count++] = mem_strdup(word);
	l->word[l->count] = NULL;
}

void launch_option(struct launch *l, const char *option, const char *value)
{
	if (!*value)
		return;
	launch_add(l, option);
	launch_add(l, value);
}

void launch_split(struct launch *l, const char *text)
{
	char *copy = mem_strdup(text), *rest = copy, *word;

	while ((word = strtok_r(rest, " \t", &rest)))
		launch_add(l, word);
	free(copy);
}

void launch_text(const struct launch *l, struct buf *out)
{
	for (int i = 0; i < l->count; i++)
		buf_printf(out, "%s%s", i ? " " : "", l->word[i]);
}

enum err_code launch_start(struct launch *l, struct store *s, struct err *e)
{
	const char *args[LAUNCH_WORDS + 1];

	for (int i = 0; i <= l->count; i++)
		args[i] = l->word[i];
	return job_start(s, args, &l->spawn, e);
}

enum launch_state launch_poll(struct launch *l, struct store *s, bool needs_run,
			      int64_t *job_id, int64_t *run_id, struct err *e)
{
	struct store_bag bag = {0};
	struct store_job *rows;
	enum launch_state state = LAUNCH_WAITING;
	bool ended;
	size_t count;
	int status;

	if (!l->spawn)
		return LAUNCH_IDLE;
	/* Asked first: what it left behind before it ended is there by now. */
	ended = spawn_ended(l->spawn, &status);
	if (job_start_failed(l->spawn, e))
		return LAUNCH_FAILED;
	if (store_job_list(s, &bag, 0, false, &rows, &count) != STORE_OK) {
		store_bag_release(&bag);
		err_set(e, ERR_IO, "%s", store_message(s));
		return LAUNCH_FAILED;
	}
	/* newest first: an older process may have had the same number */
	for (size_t i = 0; i < count && state == LAUNCH_WAITING; i++) {
		if (rows[i].pid != spawn_pid(l->spawn) ||
		    (needs_run && !rows[i].run_id))
			continue;
		*job_id = rows[i].id;
		*run_id = rows[i].run_id;
		state = LAUNCH_WORKING;
	}
	store_bag_release(&bag);
	if (state == LAUNCH_WAITING && ended) {
		err_set(e, ERR_IO, "the command ended without having begun");
		return LAUNCH_FAILED;
	}
	return state;
}

/* ---- checks ---- */

enum err_code launch_check_count(const char *text, struct err *e)
{
	if (strlen(text) > 15 || strspn(text, "0123456789") != strlen(text))
		return err_set(e, ERR_USAGE, "'%s' is not a whole number",
			       text);
	return ERR_OK;
}

enum err_code launch_check_number(const char *text, struct err *e)
{
	char *end;
	double v = strtod(text, &end);

	if (*text && (end == text || *end || !isfinite(v) || v < 0))
		return err_set(e, ERR_USAGE, "'%s' is not a number", text);
	return ERR_OK;
}

enum err_code launch_check_name(const char *text, struct err *e)
{
	size_t len = strlen(text);

	for (const char *t = text; *t; t++) {
		if (!isalnum((unsigned char)*t) && !strchr("-_.", *t))
			len = 0;
	}
	if (!len || len > 64)
		return err_set(e, ERR_USAGE,
			       "a run's name is 1 to 64 letters, digits, '-', "
			       "'_' and '.'");
	return ERR_OK;
}

enum err_code launch_check_rules(const char *text, struct err *e)
{
	struct game g;

	return game_init(&g, text, e);
}

enum err_code launch_check_settings(const char *text, struct err *e)
{
	char *copy = mem_strdup(text), *rest = copy, *word;
	enum err_code rc = ERR_OK;
	struct recipe r;

	conf_defaults(recipe_spec, &r);
	while (!rc && (word = strtok_r(rest, " \t", &rest))) {
		char *equals = strchr(word, '=');

		if (!equals) {
			rc = err_set(e, ERR_USAGE,
				     "'%s' is not a setting: write key=value",
				     word);
			break;
		}
		*equals = '\0';
		rc = conf_set(recipe_spec, &r, word, equals + 1, e);
	}
	free(copy);
	return rc;
}

/* ---- choices ---- */

static bool name_taken(struct store *s, const char *name)
{
	struct store_bag bag = {0};
	struct store_run r;
	bool taken = store_run_find(s, &bag, name, &r) == STORE_OK;

	store_bag_release(&bag);
	return taken;
}

void launch_fresh_name(struct store *s, const char *stem, char *out,
		       size_t size)
{
	char clean[48];
	size_t n = 0;

	for (; *stem && n + 1 < sizeof(clean); stem++) {
		if (isalnum((unsigned char)*stem) || strchr("-_.", *stem))
			clean[n++] = *stem;
	}
	clean[n] = '\0';
	snprintf(out, size, "%s", clean);
	for (int k = 2; name_taken(s, out); k++)
		snprintf(out, size, "%s-%d", clean, k);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void launch_recipes(const char *game, struct buf *out)
{
	char *folder = data_path("recipes"), *names[64];
	DIR *d = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	buf_puts(out, "default");
	while (d && n < ARRAY_LEN(names) && (entry = readdir(d))) {
		char *dot = strrchr(entry->d_name, '.');

		if (!dot || strcmp(dot, ".conf"))
			continue;
		*dot = '\0';
		if (*entry->d_name && strcmp(entry->d_name, "default") &&
		    data_recipe_fits(entry->d_name, game))
			names[n++] = mem_strdup(entry->d_name);
	}
	if (d)
		closedir(d);
	free(folder);
	qsort(names, n, sizeof(names[0]), compare_words);
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "|%s", names[i]);
		free(names[i]);
	}
}

enum err_code launch_agents(struct store *s, const char *first,
			    const char *others, struct buf *out, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run *rows;
	enum err_code rc = ERR_OK;
	size_t count;

	if (*first)
		buf_printf(out, "%s|", first);
	if (store_run_list(s, &bag, &rows, &count) != STORE_OK) {
		rc = err_set(e, ERR_IO, "%s", store_message(s));
	} else {
		for (size_t i = 0; i < count; i++) {
			if (rows[i].checkpoints)
				buf_printf(out,
					   "policy:%s/latest|mcts:%s/latest|",
					   rows[i].name, rows[i].name);
		}
	}
	buf_printf(out, "%styped", others);
	store_bag_release(&bag);
	return rc;
}

void launch_games(struct buf *out)
{
	for (const struct game_member *m = game_members; m->name; m++)
		buf_printf(out, "%s|", m->name);
	buf_puts(out, "other");
}

void launch_usual_game(struct store *s, struct game *out)
{
	struct store_bag bag = {0};
	struct store_run *rows;
	const char *newest = NULL; /* kind of the run whose game *out is */
	struct game usual, g;
	enum err_code rc = game_init(&usual, "connect4", NULL);
	size_t count = 0;

	assert(rc == ERR_OK);
	(void)rc;
	*out = usual;
	/* Whatever cannot be read is said by the screen that lists it. */
	if (!s || store_run_list(s, &bag, &rows, &count))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct store_run *r = &rows[i];

		if (!r->checkpoints || game_init(&g, r->game, NULL))
			continue;
		if (game_same_network(&g, &usual)) {
			*out = usual;
			break;
		}
		if (newest &&
		    (!strcmp(newest, "train") || strcmp(r->kind, "train") != 0))
			continue;
		*out = g;
		newest = r->kind;
	}
	store_bag_release(&bag);
}
