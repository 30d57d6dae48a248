/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/game.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/game/families.h"

const struct game_rules *const game_table[] = {
	&game_drop,  &game_mnk,    &game_go, &game_othello,
	&game_chess, &game_pacman, NULL,
};

const struct game_alias game_aliases[] = {
	{"connect4", "Connect Four", "drop:rows=6,cols=7,line=4"},
	{"tictactoe", "Tic-tac-toe", "mnk:rows=3,cols=3,line=3"},
	{NULL, NULL, NULL},
};

/* "a, b and c" */
static void join_names(const char *const *names, size_t n, char *out,
		       size_t room)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && len < room; i++)
		len += (size_t)snprintf(out + len, room - len, "%s%s",
					i == 0       ? ""
					: i == n - 1 ? " and "
						     : ", ",
					names[i]);
}

const struct game_member game_members[] = {
	{"connect4", "Connect Four"},
	{"tictactoe", "Tic-tac-toe"},
	{"go", "Go 9x9"},
	{"go:size=13", "Go 13x13"},
	{"go:size=19", "Go 19x19"},
	{"go:size=7", "Go 7x7"},
	{"chess", "Chess"},
	{"othello", "Othello"},
	{"othello:size=6", "Othello 6x6"},
	{"pacman", "Pac-Man"},
	{NULL, NULL},
};

static enum err_code unknown_game(const char *name, struct err *e)
{
	const char *names[32];
	const char *near;
	char known[256];
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
	join_names(names, n, known, sizeof(known));
	return err_set(e, ERR_USAGE, "unknown game '%s': known are %s", name,
		       known);
}

static enum err_code unknown_param(const struct game_rules *rules,
				   const char *name, struct err *e)
{
	const char *names[GAME_MAX_PARAMS + 1];
	const char *near;
	char known[256];
	size_t n = 0;

	while (rules->params[n].name) {
		names[n] = rules->params[n].name;
		n++;
	}
	if (rules->start_param)
		names[n++] = rules->start_param;
	near = conf_nearest(name, names, n);
	if (near)
		return err_set(e, ERR_USAGE,
			       "game %s has no parameter '%s': did you mean "
			       "'%s'?",
			       rules->family, name, near);
	join_names(names, n, known, sizeof(known));
	return err_set(e, ERR_USAGE, "game %s has no parameter '%s': it has %s",
		       rules->family, name, known);
}

static enum err_code set_choice(struct game *g, int index, const char *value,
				struct err *e)
{
	const struct game_param *p = &g->rules->params[index];
	const char *near;

	for (int i = 0; i <= p->max; i++)
		if (!strcmp(p->choices[i], value)) {
			g->param[index] = i;
			return ERR_OK;
		}
	near = conf_nearest(value, p->choices, (size_t)p->max + 1);
	return err_set(e, ERR_USAGE,
		       "game %s: %s = '%s' is not known: "
		       "%s '%s'",
		       g->rules->family, p->name, value,
		       near ? "did you mean" : "try",
		       near ? near : p->choices[0]);
}

/* The text of a value, as set_param() reads it. */
static void param_text(const struct game_param *p, int v,
		       char out[GAME_PARAM_SIZE])
{
	if (p->write)
		p->write(v, out);
	else if (p->choices)
		snprintf(out, GAME_PARAM_SIZE, "%s", p->choices[v]);
	else if (p->scale == 2)
		snprintf(out, GAME_PARAM_SIZE, "%s%d%s", v < 0 ? "-" : "",
			 abs(v) / 2, v % 2 ? ".5" : "");
	else
		snprintf(out, GAME_PARAM_SIZE, "%d", v);
}

/* A value in the parameter's own notation. */
static enum err_code read_value(struct game *g, int index, const char *value,
				struct err *e)
{
	const struct game_param *p = &g->rules->params[index];
	struct err why = ERR_INIT;

	if (!p->read(value, &g->param[index], &why))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "game %s: %s = '%s': %s", g->rules->family,
		       p->name, value, why.msg);
}

static enum err_code set_param(struct game *g, int index, const char *value,
			       struct err *e)
{
	const struct game_param *p = &g->rules->params[index];
	int scale = p->scale ? p->scale : 1;
	char low[GAME_PARAM_SIZE], high[GAME_PARAM_SIZE];
	char *end;
	double v;

	if (p->read)
		return read_value(g, index, value, e);
	if (p->choices)
		return set_choice(g, index, value, e);
	/* Digits alone: strtod() would take 1e3, 0x10 and nan too. */
	v = strtod(value, &end) * scale;
	if (end != value && !*end && !value[strspn(value, "+-.0123456789")] &&
	    v >= p->min && v <= p->max && v == (int)v) {
		g->param[index] = (int)v;
		return ERR_OK;
	}
	param_text(p, p->min, low);
	param_text(p, p->max, high);
	return err_set(e, ERR_USAGE,
		       "game %s: %s = '%s': must be a %s number from %s to %s",
		       g->rules->family, p->name, value,
		       scale == 2 ? "whole or half" : "whole", low, high);
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

/* The rest of the text after "fen=", if that is what stands here. */
static const char *start_item(const struct game_rules *rules, const char *item)
{
	size_t n = rules->start_param ? strlen(rules->start_param) : 0;

	return n && !strncmp(item, rules->start_param, n) && item[n] == '='
		       ? item + n + 1
		       : NULL;
}

static enum err_code set_list(struct game *g, const char *list, struct err *e)
{
	for (int place = 0; *list; place++) {
		const char *start = start_item(g->rules, list);
		char item[64];
		size_t n = strcspn(list, ",");

		if (start && strlen(start) >= sizeof(g->start))
			return err_set(e, ERR_USAGE,
				       "game %s: a start longer than %zu "
				       "characters",
				       g->rules->family, sizeof(g->start) - 1);
		if (start) {
			snprintf(g->start, sizeof(g->start), "%s", start);
			return ERR_OK;
		}
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

/* Every parameter that is said, or (`brief`) those not at their defaults. */
static void name_text(const struct game *g, bool brief, char *out)
{
	size_t len =
		(size_t)snprintf(out, GAME_NAME_SIZE, "%s", g->rules->family);
	const struct game_param *p = g->rules->params;
	char mark = ':', value[GAME_PARAM_SIZE];

	for (int i = 0; p[i].name; i++) {
		if ((brief || p[i].unsaid) && g->param[i] == p[i].fallback)
			continue;
		param_text(&p[i], g->param[i], value);
		len += (size_t)snprintf(out + len, GAME_NAME_SIZE - len,
					"%c%s=%s", mark, p[i].name, value);
		mark = ',';
	}
	if (g->start[0])
		len += (size_t)snprintf(out + len, GAME_NAME_SIZE - len,
					"%c%s=%s", mark, g->rules->start_param,
					g->start);
	assert(len < GAME_NAME_SIZE);
}

static const struct game_alias *alias_of(const struct game *g)
{
	for (const struct game_alias *a = game_aliases; a->name; a++)
		if (!strcmp(a->spec, g->name))
			return a;
	return NULL;
}

static void set_names(struct game *g)
{
	const struct game_alias *alias;

	name_text(g, false, g->name);
	name_text(g, true, g->short_name);
	alias = alias_of(g);
	if (alias)
		snprintf(g->short_name, sizeof(g->short_name), "%s",
			 alias->name);
}

/* Read the start and write it in its one canonical way, so that equal starts
 * are equal texts. */
static enum err_code set_start(struct game *g, struct err *e)
{
	char text[GAME_START_SIZE], usual[GAME_START_SIZE];
	enum err_code rc = ERR_OK;
	void *s;

	if (!g->start[0])
		return ERR_OK;
	snprintf(text, sizeof(text), "%s", g->start);
	g->start[0] = '\0';
	s = game_state_new(g, 0);
	g->rules->position_text(g, s, usual);
	rc = g->rules->position_parse(g, s, text, e);
	if (!rc) {
		g->rules->position_text(g, s, text);
		if (strcmp(text, usual) != 0)
			snprintf(g->start, sizeof(g->start), "%s", text);
	}
	free(s);
	return rc;
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
	if (!code)
		code = set_start(g, e);
	if (code)
		return code;
	set_names(g);
	assert(g->state_size % 8 == 0);
	return ERR_OK;
}

const char *game_short_name(const struct game *g)
{
	return g->short_name;
}

bool game_param_text(const struct game *g, const char *name,
		     char out[GAME_PARAM_SIZE])
{
	const struct game_param *p = g->rules->params;

	for (int i = 0; p[i].name; i++) {
		if (strcmp(p[i].name, name))
			continue;
		param_text(&p[i], g->param[i], out);
		return true;
	}
	return false;
}

bool game_same_rules(const struct game *a, const struct game *b)
{
	return a->rules == b->rules &&
	       !memcmp(a->param, b->param, sizeof(a->param));
}

bool game_same_network(const struct game *a, const struct game *b)
{
	if (a->rules != b->rules)
		return false;
	for (int i = 0; a->rules->params[i].name; i++)
		if (!a->rules->params[i].loose && a->param[i] != b->param[i])
			return false;
	return true;
}

enum err_code game_from(struct game *out, const struct game *g,
			const char *start, struct err *e)
{
	struct game made = *g;
	enum err_code rc;

	if (*start && !g->rules->start_param)
		return err_set(e, ERR_USAGE,
			       "%s always begins at its own start",
			       game_short_name(g));
	if (strlen(start) >= sizeof(made.start))
		return err_set(e, ERR_FORMAT,
			       "a position longer than %zu characters",
			       sizeof(made.start) - 1);
	snprintf(made.start, sizeof(made.start), "%s", start);
	rc = set_start(&made, e);
	if (rc)
		return rc;
	set_names(&made);
	*out = made;
	return ERR_OK;
}

const char *game_title(const struct game *g)
{
	const struct game_alias *a = alias_of(g);

	if (a)
		return a->title;
	for (const struct game_member *m = game_members; m->name; m++) {
		struct game member;

		if (strncmp(m->name, g->rules->family, strcspn(m->name, ":")) ||
		    game_init(&member, m->name, NULL))
			continue;
		if (game_same_network(&member, g))
			return m->title;
	}
	return g->short_name;
}

float game_final_lead(const struct game *g, const void *s)
{
	return g->rules->final_lead ? g->rules->final_lead(g, s)
				    : g->rules->lead(g, s);
}

void *game_state_new(const struct game *g, uint64_t seed)
{
	void *s = mem_zalloc(1, g->state_size);

	g->rules->start(g, s, seed);
	return s;
}
