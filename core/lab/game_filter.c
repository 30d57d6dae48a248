/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/game_filter.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/game/game.h"

static const char *const key_names[] = {
	"run",  "agent", "result", "step",  "purpose",
	"game", "match", "traces", "order",
};

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
	"selfplay", "match", "human", "watch", "imitate", "import",
};

static enum err_code wrong(struct err *e, const char *key, const char *value,
			   const char *allowed)
{
	return err_set(e, ERR_USAGE, "filter: %s=%s is not understood: %s", key,
		       value, allowed);
}

static enum err_code copy_text(char *to, const char *key, const char *value,
			       struct err *e)
{
	size_t len = strlen(value);

	if (len == 0)
		return wrong(e, key, value, "give a value after the =");
	if (len >= FILTER_TEXT)
		return err_set(e, ERR_USAGE,
			       "filter: the value of %s is longer than %d "
			       "characters",
			       key, FILTER_TEXT - 1);
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

static enum err_code set_step(struct game_filter *f, const char *value,
			      struct err *e)
{
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
	return wrong(e, "step", value,
		     "use step=200, step=100..200 or "
		     "step=100..");
}

static enum err_code set_game(struct game_filter *f, const char *value,
			      struct err *e)
{
	struct game g;
	enum err_code rc = game_init(&g, value, e);

	if (rc) {
		err_prefix(e, "filter: game=%s", value);
		return rc;
	}
	return copy_text(f->game, "game", g.name, e);
}

static enum err_code set_key(struct game_filter *f, const char *key,
			     const char *value, struct err *e)
{
	const char *near, *end;

	if (strcmp(key, "run") == 0)
		return copy_text(f->run, key, value, e);
	if (strcmp(key, "agent") == 0)
		return copy_text(f->agent, key, value, e);
	if (strcmp(key, "step") == 0)
		return set_step(f, value, e);
	if (strcmp(key, "game") == 0)
		return set_game(f, value, e);
	if (strcmp(key, "result") == 0) {
		for (size_t i = 0; i < ARRAY_LEN(results); i++) {
			if (strcmp(value, results[i].name) == 0) {
				f->outcome = results[i].outcome;
				return ERR_OK;
			}
		}
		return wrong(e, key, value,
			     "use first (or win), second (or loss), draw, "
			     "finished or unfinished");
	}
	if (strcmp(key, "purpose") == 0) {
		for (size_t i = 0; i < ARRAY_LEN(purposes); i++) {
			if (strcmp(value, purposes[i]) == 0)
				return copy_text(f->purpose, key, value, e);
		}
		return wrong(e, key, value,
			     "use selfplay, match, human, watch, imitate or "
			     "import");
	}
	if (strcmp(key, "match") == 0) {
		if (whole(value, &end, &f->match_id) && !*end &&
		    f->match_id > 0)
			return ERR_OK;
		return wrong(e, key, value, "give the number of a match");
	}
	if (strcmp(key, "traces") == 0) {
		f->searched = strcmp(value, "yes") == 0;
		if (f->searched || strcmp(value, "any") == 0)
			return ERR_OK;
		return wrong(e, key, value, "use yes or any");
	}
	if (strcmp(key, "order") == 0) {
		f->oldest = strcmp(value, "oldest") == 0;
		if (f->oldest || strcmp(value, "newest") == 0)
			return ERR_OK;
		return wrong(e, key, value, "use newest or oldest");
	}
	near = conf_nearest(key, key_names, ARRAY_LEN(key_names));
	return err_set(e, ERR_USAGE,
		       "filter: there is no key \"%s\"%s%s%s (keys: run agent "
		       "result step purpose game match traces order)",
		       key, near ? ": did you mean " : "", near ? near : "",
		       near ? "?" : "");
}

/* One word of `text` into key and value; returns what follows, or NULL. */
static const char *next_word(const char *text, char *key, char *value,
			     struct err *e)
{
	size_t k = 0, v = 0;
	bool quoted;

	while (*text && *text != '=' && !isspace((unsigned char)*text)) {
		if (k < FILTER_TEXT - 1)
			key[k++] = *text;
		text++;
	}
	key[k] = '\0';
	if (*text != '=') {
		err_set(e, ERR_USAGE,
			"filter: \"%s\" is not a key=value word, as in run=c4 "
			"result=draw",
			key);
		return NULL;
	}
	text++;
	quoted = *text == '"';
	text += quoted;
	while (*text &&
	       (quoted ? *text != '"' : !isspace((unsigned char)*text))) {
		/* One more than fits, so that the setter sees it is too long.
		 */
		if (v < FILTER_TEXT)
			value[v++] = *text;
		text++;
	}
	value[v] = '\0';
	if (quoted && *text != '"') {
		err_set(e, ERR_USAGE,
			"filter: the value of %s has no closing quote", key);
		return NULL;
	}
	return text + quoted;
}

enum err_code game_filter_parse(const char *text, struct game_filter *f,
				struct err *e)
{
	struct game_filter made = {.by_step = false};
	char key[FILTER_TEXT], value[FILTER_TEXT + 1];

	for (;;) {
		enum err_code rc;

		while (isspace((unsigned char)*text))
			text++;
		if (!*text)
			break;
		text = next_word(text, key, value, e);
		if (!text)
			return ERR_USAGE;
		rc = set_key(&made, key, value, e);
		if (rc != ERR_OK)
			return rc;
	}
	*f = made;
	return ERR_OK;
}

static void add_word(struct buf *out, const char *key, const char *value)
{
	const char *quote = strpbrk(value, " \t") ? "\"" : "";

	if (*value)
		buf_printf(out, "%s%s=%s%s%s", out->len ? " " : "", key, quote,
			   value, quote);
}

void game_filter_text(const struct game_filter *f, struct buf *out)
{
	char number[64] = "";
	struct game g;

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
	if (*f->game && game_init(&g, f->game, NULL) == ERR_OK)
		add_word(out, "game", game_short_name(&g));
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
