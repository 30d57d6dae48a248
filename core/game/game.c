/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/game.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/game/families.h"

const struct game_rules *const game_table[] = {
	&game_drop,
	&game_mnk,
	NULL,
};

const struct game_alias game_aliases[] = {
	{"connect4", "Connect Four", "drop:rows=6,cols=7,line=4"},
	{"tictactoe", "Tic-tac-toe", "mnk:rows=3,cols=3,line=3"},
	{NULL, NULL, NULL},
};

static enum err_code unknown_game(const char *name, struct err *e)
{
	const char *names[32];
	const char *near;
	size_t n = 0;

	for (const struct game_alias *a = game_aliases; a->name; a++)
		names[n++] = a->name;
	for (int i = 0; game_table[i] && n < ARRAY_LEN(names); i++)
		names[n++] = game_table[i]->family;
	near = conf_nearest(name, names, n);
	if (near)
		return err_set(e, ERR_USAGE,
			       "unknown game '%s': did you mean '%s'?", name,
			       near);
	return err_set(e, ERR_USAGE,
		       "unknown game '%s': known are connect4, tictactoe, "
		       "drop:rows=..,cols=..,line=.. and "
		       "mnk:rows=..,cols=..,line=..",
		       name);
}

static enum err_code unknown_param(const struct game_rules *rules,
				   const char *name, struct err *e)
{
	const char *names[GAME_MAX_PARAMS];
	const char *near;
	size_t n = 0;

	while (rules->params[n].name) {
		names[n] = rules->params[n].name;
		n++;
	}
	near = conf_nearest(name, names, n);
	if (near)
		return err_set(e, ERR_USAGE,
			       "game %s has no parameter '%s': did you mean "
			       "'%s'?",
			       rules->family, name, near);
	return err_set(e, ERR_USAGE, "game %s has no parameter '%s'",
		       rules->family, name);
}

static enum err_code set_param(struct game *g, int index, const char *value,
			       struct err *e)
{
	const struct game_param *p = &g->rules->params[index];
	char *end;
	long v;

	errno = 0;
	v = strtol(value, &end, 10);
	if (end == value || *end || errno || v < p->min || v > p->max)
		return err_set(e, ERR_USAGE,
			       "game %s: %s = '%s': must be a whole number "
			       "from %d to %d",
			       g->rules->family, p->name, value, p->min,
			       p->max);
	g->param[index] = (int)v;
	return ERR_OK;
}

/* One item of the list: "rows=6", or a bare value for parameter `place`. */
static enum err_code set_item(struct game *g, char *item, int place,
			      struct err *e)
{
	const struct game_param *params = g->rules->params;
	char *eq = strchr(item, '=');

	if (!eq) {
		for (int i = 0; i <= place; i++)
			if (!params[i].name)
				return err_set(e, ERR_USAGE,
					       "game %s takes %d parameters; "
					       "'%s' is one too many",
					       g->rules->family, i, item);
		return set_param(g, place, item, e);
	}
	*eq = '\0';
	for (int i = 0; params[i].name; i++)
		if (!strcmp(params[i].name, item))
			return set_param(g, i, eq + 1, e);
	return unknown_param(g->rules, item, e);
}

static enum err_code set_list(struct game *g, const char *list, struct err *e)
{
	for (int place = 0; *list; place++) {
		char item[64];
		size_t n = strcspn(list, ",");

		if (n >= sizeof(item))
			return err_set(e, ERR_USAGE,
				       "game %s: a parameter longer than %zu "
				       "characters",
				       g->rules->family, sizeof(item) - 1);
		memcpy(item, list, n);
		item[n] = '\0';
		if (set_item(g, item, place, e))
			return e ? e->code : ERR_USAGE;
		list += n;
		list += *list == ',';
	}
	return ERR_OK;
}

static void set_name(struct game *g)
{
	size_t len = (size_t)snprintf(g->name, sizeof(g->name), "%s",
				      g->rules->family);
	const struct game_param *p = g->rules->params;

	for (int i = 0; p[i].name; i++)
		len += (size_t)snprintf(g->name + len, sizeof(g->name) - len,
					"%c%s=%d", i ? ',' : ':', p[i].name,
					g->param[i]);
	assert(len < sizeof(g->name));
}

static const struct game_alias *find_alias(const char *name)
{
	for (const struct game_alias *a = game_aliases; a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	return NULL;
}

static const struct game_rules *find_rules(const char *family)
{
	for (int i = 0; game_table[i]; i++)
		if (!strcmp(game_table[i]->family, family))
			return game_table[i];
	return NULL;
}

enum err_code game_init(struct game *g, const char *spec, struct err *e)
{
	const struct game_alias *alias;
	const char *list;
	char family[32];
	size_t n;
	enum err_code code;

	memset(g, 0, sizeof(*g));
	n = strcspn(spec, ":");
	if (n >= sizeof(family))
		return unknown_game(spec, e);
	memcpy(family, spec, n);
	family[n] = '\0';
	list = spec[n] ? spec + n + 1 : "";

	alias = find_alias(family);
	if (alias && spec[n])
		return err_set(e, ERR_USAGE,
			       "%s takes no parameters: write %s with other "
			       "numbers",
			       alias->name, alias->spec);
	if (alias)
		return game_init(g, alias->spec, e);

	g->rules = find_rules(family);
	if (!g->rules)
		return unknown_game(family, e);
	for (int i = 0; g->rules->params[i].name; i++)
		g->param[i] = g->rules->params[i].fallback;
	code = set_list(g, list, e);
	if (code)
		return code;
	code = g->rules->setup(g, e);
	if (code)
		return code;
	set_name(g);
	assert(g->state_size % 8 == 0);
	return ERR_OK;
}

static const struct game_alias *alias_of(const struct game *g)
{
	for (const struct game_alias *a = game_aliases; a->name; a++)
		if (!strcmp(a->spec, g->name))
			return a;
	return NULL;
}

const char *game_short_name(const struct game *g)
{
	const struct game_alias *a = alias_of(g);

	return a ? a->name : g->name;
}

const char *game_title(const struct game *g)
{
	const struct game_alias *a = alias_of(g);

	return a ? a->title : g->name;
}

void *game_state_new(const struct game *g, uint64_t seed)
{
	void *s = mem_zalloc(1, g->state_size);

	g->rules->start(g, s, seed);
	return s;
}
