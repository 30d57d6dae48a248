/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/game_filter.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/game/game.h"

static const struct {
	const char *name;
	enum store_outcome outcome;
} results[] = {
	/* The first of a kind is how it is written back. */
	{"first", STORE_FIRST_WON},
	{"win", STORE_FIRST_WON},
	{"second", STORE_SECOND_WON},
	{"loss", STORE_SECOND_WON},
	{"draw", STORE_DRAWN},
	{"finished", STORE_FINISHED},
	{"unfinished", STORE_UNFINISHED},
};

static const char *const purposes[] = {
	"selfplay", "match", "human", "watch", "imitate", "import", "study",
};

bool game_filter_outcome(const char *word, enum store_outcome *out)
{
	for (size_t i = 0; i < ARRAY_LEN(results); i++) {
		if (strcmp(word, results[i].name) == 0) {
			*out = results[i].outcome;
			return true;
		}
	}
	return false;
}

/* Where a text comes from: what a person typed as words, or the list of a
 * source, which may be years old. */
enum { WORDS = 1, LIST = 2 };

struct filter_reader {
	struct game_filter *f;
	int form; /* WORDS or LIST */
	const char *origin;
	struct err *e;
};

static enum err_code wrong(const struct filter_reader *r, const char *key,
			   const char *value, const char *allowed)
{
	return err_set(r->e, ERR_USAGE, "%s: %s=%s is not understood: %s",
		       r->origin, key, value, allowed);
}

static enum err_code copy_text(const struct filter_reader *r, char *to,
			       size_t size, const char *key, const char *value)
{
	size_t len = strlen(value);

	/* In a list nothing is as good as leaving it out. */
	if (len == 0 && r->form == WORDS)
		return wrong(r, key, value, "give a value after the =");
	if (len >= size)
		return err_set(r->e, ERR_USAGE,
			       "%s: the value of %s is longer than %zu "
			       "characters",
			       r->origin, key, size - 1);
	memcpy(to, value, len + 1);
	return ERR_OK;
}

static bool whole(const char *text, const char **end, int64_t *out)
{
	char *stop;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*out = strtoll(text, &stop, 10);
	*end = stop;
	return errno == 0;
}

static enum err_code set_run(const struct filter_reader *r, const char *value)
{
	return copy_text(r, r->f->run, sizeof(r->f->run), "run", value);
}

static enum err_code set_agent(const struct filter_reader *r, const char *value)
{
	return copy_text(r, r->f->agent, sizeof(r->f->agent), "agent", value);
}

static enum err_code set_result(const struct filter_reader *r,
				const char *value)
{
	if (game_filter_outcome(value, &r->f->outcome))
		return ERR_OK;
	return wrong(r, "result", value,
		     "use first (or win), second (or loss), draw, finished or "
		     "unfinished");
}

static enum err_code set_step(const struct filter_reader *r, const char *value)
{
	struct game_filter *f = r->f;
	const char *at;
	int64_t a, b;

	if (!whole(value, &at, &a))
		goto bad;
	b = a;
	if (strncmp(at, "..", 2) == 0) {
		b = INT64_MAX;
		at += 2;
		if (*at && !whole(at, &at, &b))
			goto bad;
	}
	if (*at || b < a)
		goto bad;
	f->by_step = true;
	f->step_min = a;
	f->step_max = b;
	return ERR_OK;
bad:
	return wrong(r, "step", value,
		     "use step=200, step=100..200 or step=100..");
}

/* Whoever types a word is told those that there are; a source may choose by
 * one that another program stored. */
static enum err_code set_purpose(const struct filter_reader *r,
				 const char *value)
{
	bool known = r->form == LIST;

	for (size_t i = 0; i < ARRAY_LEN(purposes); i++)
		known |= strcmp(value, purposes[i]) == 0;
	if (!known)
		return wrong(r, "purpose", value,
			     "use selfplay, match, human, watch, imitate, "
			     "import or study");
	return copy_text(r, r->f->purpose, sizeof(r->f->purpose), "purpose",
			 value);
}

static enum err_code set_game(const struct filter_reader *r, const char *value)
{
	struct game g;
	enum err_code rc;

	r->f->family = false;
	if (!*value)
		return copy_text(r, r->f->game, sizeof(r->f->game), "game",
				 value);
	rc = game_init(&g, value, r->e);
	if (rc) {
		err_prefix(r->e, "%s: game=%s", r->origin, value);
		return rc;
	}
	r->f->family = r->form == WORDS && !strcmp(value, g.rules->family);
	return copy_text(r, r->f->game, sizeof(r->f->game), "game",
			 r->f->family ? value : g.name);
}

static enum err_code set_match(const struct filter_reader *r, const char *value)
{
	const char *end;

	if (whole(value, &end, &r->f->match_id) && !*end && r->f->match_id > 0)
		return ERR_OK;
	return wrong(r, "match", value, "give the number of a match");
}

/* One of two words, the usual one second. */
static enum err_code set_flag(const struct filter_reader *r, bool *flag,
			      const char *key, const char *value,
			      const char *const words[2], const char *allowed)
{
	*flag = strcmp(value, words[0]) == 0;
	if (*flag || strcmp(value, words[1]) == 0)
		return ERR_OK;
	return wrong(r, key, value, allowed);
}

static enum err_code set_traces(const struct filter_reader *r,
				const char *value)
{
	static const char *const words[2] = {"yes", "any"};

	return set_flag(r, &r->f->searched, "traces", value, words,
			"use yes or any");
}

static enum err_code set_order(const struct filter_reader *r, const char *value)
{
	static const char *const words[2] = {"oldest", "newest"};

	return set_flag(r, &r->f->oldest, "order", value, words,
			"use newest or oldest");
}

static enum err_code set_upto(const struct filter_reader *r, const char *value)
{
	const char *end;

	if (whole(value, &end, &r->f->upto) && !*end)
		return ERR_OK;
	return wrong(r, "upto", value, "give the number of a game, or 0");
}

static const struct key {
	const char *name;
	enum err_code (*set)(const struct filter_reader *r, const char *value);
	int forms;
} keys[] = {
	{"run", set_run, WORDS | LIST},
	{"agent", set_agent, WORDS | LIST},
	{"result", set_result, WORDS},
	{"step", set_step, WORDS},
	{"purpose", set_purpose, WORDS | LIST},
	{"game", set_game, WORDS | LIST},
	{"match", set_match, WORDS},
	{"traces", set_traces, WORDS},
	{"order", set_order, WORDS},
	{"upto", set_upto, LIST},
};

static enum err_code unknown(const struct filter_reader *r, const char *key)
{
	const char *names[ARRAY_LEN(keys)], *near;
	struct buf list;
	size_t n = 0;

	buf_init(&list);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!(keys[i].forms & r->form))
			continue;
		names[n++] = keys[i].name;
		buf_printf(&list, "%s%s", list.len ? " " : "", keys[i].name);
	}
	near = conf_nearest(key, names, n);
	if (r->form == LIST)
		err_set(r->e, ERR_USAGE, "%s: unknown key '%s'%s%s%s",
			r->origin, key, near ? ": did you mean '" : "",
			near ? near : "", near ? "'?" : "");
	else
		err_set(r->e, ERR_USAGE,
			"%s: there is no key \"%s\"%s%s%s (keys: %s)",
			r->origin, key, near ? ": did you mean " : "",
			near ? near : "", near ? "?" : "", list.data);
	buf_release(&list);
	return ERR_USAGE;
}

static enum err_code set_key(const struct filter_reader *r, const char *key,
			     const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if ((keys[i].forms & r->form) && !strcmp(key, keys[i].name))
			return keys[i].set(r, value);
	return unknown(r, key);
}

/* One word of `text` into key and value; returns what follows, or NULL. */
static const char *next_word(const struct filter_reader *r, const char *text,
			     struct buf *key, struct buf *value)
{
	bool quoted;
	size_t n = 0;

	buf_clear(key);
	buf_clear(value);
	while (text[n] && text[n] != '=' && !isspace((unsigned char)text[n]))
		n++;
	buf_add(key, text, n);
	text += n;
	if (*text != '=') {
		err_set(r->e, ERR_USAGE,
			"%s: \"%s\" is not a key=value word, as in run=c4 "
			"result=draw",
			r->origin, key->data);
		return NULL;
	}
	text++;
	quoted = *text == '"';
	text += quoted;
	n = 0;
	while (text[n] &&
	       (quoted ? text[n] != '"' : !isspace((unsigned char)text[n])))
		n++;
	buf_add(value, text, n);
	text += n;
	if (quoted && *text != '"') {
		err_set(r->e, ERR_USAGE,
			"%s: the value of %s has no closing quote", r->origin,
			key->data);
		return NULL;
	}
	return text + quoted;
}

enum err_code game_filter_parse(const char *text, struct game_filter *f,
				struct err *e)
{
	struct game_filter made = {.by_step = false};
	const struct filter_reader r = {&made, WORDS, "filter", e};
	enum err_code rc = ERR_OK;
	struct buf key, value;

	buf_init(&key);
	buf_init(&value);
	while (!rc) {
		while (isspace((unsigned char)*text))
			text++;
		if (!*text)
			break;
		text = next_word(&r, text, &key, &value);
		rc = text ? set_key(&r, key.data, value.data) : ERR_USAGE;
	}
	buf_release(&key);
	buf_release(&value);
	if (!rc)
		*f = made;
	return rc;
}

/* Does a key of lists begin here? */
static bool key_begins(const char *at)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		size_t n = strlen(keys[i].name);

		if ((keys[i].forms & LIST) && !strncmp(at, keys[i].name, n) &&
		    at[n] == '=')
			return true;
	}
	return false;
}

/* Where a part of a list ends.  A game has commas of its own: it stands last
 * and takes the rest.  So has an agent: it goes on up to another part. */
static size_t part_length(const char *part)
{
	const char *at = part;

	if (!strncmp(part, "game=", 5))
		return strlen(part);
	while ((at = strchr(at, ',')) != NULL) {
		if (strncmp(part, "agent=", 6) || key_begins(at + 1))
			return (size_t)(at - part);
		at++;
	}
	return strlen(part);
}

static char *trim(char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
	return text;
}

/* "key=value", which is cut in two. */
static enum err_code set_part(const struct filter_reader *r, char *part)
{
	char *equals = strchr(part, '=');

	if (!equals)
		return err_set(r->e, ERR_USAGE, "%s: '%s' is not key=value",
			       r->origin, part);
	*equals = '\0';
	return set_key(r, trim(part), trim(equals + 1));
}

enum err_code game_filter_parse_list(const char *list, const char *origin,
				     struct game_filter *f, struct err *e)
{
	struct game_filter made = {.by_step = false};
	const struct filter_reader r = {&made, LIST, origin, e};
	enum err_code rc = ERR_OK;

	while (*list && !rc) {
		size_t n = part_length(list);
		char *part = mem_printf("%.*s", (int)n, list);

		rc = *part ? set_part(&r, part) : ERR_OK;
		free(part);
		list += n;
		list += *list == ',';
	}
	if (!rc)
		*f = made;
	return rc;
}

static void add_word(struct buf *out, const char *key, const char *value)
{
	const char *quote = strpbrk(value, " \t") ? "\"" : "";

	if (*value)
		buf_printf(out, "%s%s=%s%s%s", out->len ? " " : "", key, quote,
			   value, quote);
}

/* Where the short name of a game is that of its family, which is all of them,
 * the whole name stands. */
static void add_game(struct buf *out, const struct game_filter *f)
{
	const char *name = f->game;
	struct game g;

	if (*name && !f->family && game_init(&g, name, NULL) == ERR_OK &&
	    strcmp(game_short_name(&g), g.rules->family) != 0)
		name = game_short_name(&g);
	add_word(out, "game", name);
}

void game_filter_text(const struct game_filter *f, struct buf *out)
{
	char number[64] = "";

	add_word(out, "run", f->run);
	add_word(out, "agent", f->agent);
	for (size_t i = 0; f->outcome && i < ARRAY_LEN(results); i++) {
		if (results[i].outcome == f->outcome) {
			add_word(out, "result", results[i].name);
			break;
		}
	}
	if (f->by_step && f->step_max == INT64_MAX)
		snprintf(number, sizeof(number), "%lld..",
			 (long long)f->step_min);
	else if (f->by_step && f->step_max != f->step_min)
		snprintf(number, sizeof(number), "%lld..%lld",
			 (long long)f->step_min, (long long)f->step_max);
	else if (f->by_step)
		snprintf(number, sizeof(number), "%lld",
			 (long long)f->step_min);
	add_word(out, "step", number);
	add_word(out, "purpose", f->purpose);
	add_game(out, f);
	number[0] = '\0';
	if (f->match_id)
		snprintf(number, sizeof(number), "%lld",
			 (long long)f->match_id);
	add_word(out, "match", number);
	add_word(out, "traces", f->searched ? "yes" : "");
	add_word(out, "order", f->oldest ? "oldest" : "");
}

void game_filter_store(const struct game_filter *f, int64_t run_id,
		       struct store_game_filter *out)
{
	*out = (struct store_game_filter){
		.run_id = run_id,
		.match_id = f->match_id,
		.game = *f->game ? f->game : NULL,
		.starts = true,
		.purpose = *f->purpose ? f->purpose : NULL,
		.agent_like = *f->agent ? f->agent : NULL,
		.outcome = f->outcome,
		.by_step = f->by_step,
		.step_min = f->step_min,
		.step_max = f->step_max,
		.searched = f->searched,
		.oldest_first = f->oldest,
	};
}

static void add_part(struct buf *out, const char *key, const char *value)
{
	if (*value)
		buf_printf(out, "%s%s=%s", out->len ? "," : "", key, value);
}

void game_filter_list(const struct game_filter *f, struct buf *out)
{
	char number[32] = "";

	add_part(out, "run", f->run);
	add_part(out, "agent", f->agent);
	add_part(out, "purpose", f->purpose);
	if (f->upto)
		snprintf(number, sizeof(number), "%lld", (long long)f->upto);
	add_part(out, "upto", number);
	add_part(out, "game", f->game);
}
