/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/source.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/mem.h"

/* As typed, before names become rows. */
struct games_text {
	char run[65], agent[512], purpose[16], game[GAME_NAME_SIZE];
	int64_t upto;
};

static const struct conf_spec games_spec[] = {
	{"run", CONF_TEXT, offsetof(struct games_text, run), 0, 65, "", NULL,
	 "run that stored them"},
	{"agent", CONF_TEXT, offsetof(struct games_text, agent), 0, 512, "",
	 NULL, "who played on either side"},
	{"purpose", CONF_TEXT, offsetof(struct games_text, purpose), 0, 16, "",
	 NULL, "selfplay, match, human, watch"},
	{"game", CONF_TEXT, offsetof(struct games_text, game), 0,
	 GAME_NAME_SIZE, "", NULL, "which game"},
	{"upto", CONF_INT64, offsetof(struct games_text, upto), 0, 9e15, "0",
	 NULL, "highest game id"},
	{NULL, CONF_INT, 0, 0, 0, NULL, NULL, NULL},
};

static char *own(const char *text)
{
	return *text ? mem_strdup(text) : NULL;
}

/* The newest game that matches fixes both the last id and the game played. */
static enum err_code newest_game(struct source *src, struct store *s,
				 const char *typed, struct err *e)
{
	struct store_game_filter f = src->filter;
	struct store_bag bag = {0};
	struct store_game *rows;
	enum err_code rc;
	size_t n;

	rc = lab_error(s, store_game_count(s, &f, &src->count), e);
	f.limit = 1;
	if (!rc)
		rc = lab_error(s, store_game_list(s, &bag, &f, &rows, &n), e);
	if (!rc && !n)
		rc = err_set(e, ERR_NOTFOUND,
			     "no finished game matches '%s' in %s: 'plyscope "
			     "list games' shows what there is",
			     typed, store_path(s));
	if (!rc) {
		if (!src->upto)
			src->upto = rows[0].id;
		if (!src->filter.game)
			rc = game_init(&src->game, rows[0].game, e);
	}
	store_bag_release(&bag);
	return rc;
}

static void games_resolved_text(struct source *src, bool game)
{
	struct buf b;

	buf_init(&b);
	buf_puts(&b, "games:");
	if (src->run)
		buf_printf(&b, "run=%s,", src->run);
	if (src->agent)
		buf_printf(&b, "agent=%s,", src->agent);
	if (src->purpose)
		buf_printf(&b, "purpose=%s,", src->purpose);
	buf_printf(&b, "upto=%lld", (long long)src->upto);
	if (game)
		buf_printf(&b, ",game=%s", src->game.name);
	src->text = buf_detach(&b, NULL);
	buf_release(&b);
}

/* Where a part of a filter ends.  A game has commas of its own: it stands last
 * and takes the rest.  So has an agent: it goes on up to another part. */
static size_t part_length(const char *part)
{
	const char *at = part;

	if (!strncmp(part, "game=", 5))
		return strlen(part);
	while ((at = strchr(at, ',')) != NULL) {
		if (strncmp(part, "agent=", 6))
			return (size_t)(at - part);
		at++;
		for (const struct conf_spec *s = games_spec; s->name; s++) {
			size_t n = strlen(s->name);

			if (!strncmp(at, s->name, n) && at[n] == '=')
				return (size_t)(at - part) - 1;
		}
	}
	return strlen(part);
}

static enum err_code read_part(struct games_text *t, const char *part,
			       const char *text, struct err *e)
{
	if (!strncmp(part, "game=", 5))
		return conf_set(games_spec, t, "game", part + 5, e);
	if (!strncmp(part, "agent=", 6))
		return conf_set(games_spec, t, "agent", part + 6, e);
	return conf_read_list(games_spec, t, part, text, e);
}

static enum err_code read_games_text(struct games_text *t, const char *text,
				     struct err *e)
{
	const char *at = text + strlen("games:");
	enum err_code rc = ERR_OK;

	conf_defaults(games_spec, t);
	while (*at && !rc) {
		size_t n = part_length(at);
		char *part = mem_printf("%.*s", (int)n, at);

		rc = read_part(t, part, text, e);
		free(part);
		at += n;
		at += *at == ',';
	}
	return rc;
}

static enum err_code open_games(struct source *src, struct lab *lab,
				const char *text, struct err *e)
{
	struct store *s = lab_store(lab);
	struct store_bag bag = {0};
	struct games_text t;
	struct store_run run;
	enum err_code rc;

	src->games = true;
	rc = read_games_text(&t, text, e);
	if (rc)
		return rc;
	src->run = own(t.run);
	src->agent = own(t.agent);
	src->purpose = own(t.purpose);
	src->upto = t.upto;
	src->filter.agent = src->agent;
	src->filter.purpose = src->purpose;
	src->filter.outcome = STORE_FINISHED;
	if (src->run) {
		rc = lab_error(s, store_run_find(s, &bag, src->run, &run), e);
		if (!rc) {
			src->filter.run_id = run.id;
			rc = game_init(&src->game, run.game, e);
			src->filter.game = src->game.name;
		}
	} else if (*t.game) {
		rc = game_init(&src->game, t.game, e);
		src->filter.game = src->game.name;
	}
	store_bag_release(&bag);
	if (!rc)
		rc = newest_game(src, s, text, e);
	src->filter.game = src->game.name;
	if (!rc)
		games_resolved_text(src, *t.game);
	return rc;
}

static enum err_code open_teacher(struct source *src, struct lab *lab,
				  const char *text, const char *game,
				  struct err *e)
{
	char *spec = strchr(text, ':') || !strchr(text, '/')
			     ? mem_strdup(text)
			     : mem_printf("policy:%s", text);
	struct agent *a = NULL;
	enum err_code rc;

	rc = (strchr(spec, '/') && agent_needs_network(spec)) || !game
		     ? lab_agent_game(lab, spec, &src->game, e)
		     : game_init(&src->game, game, e);
	if (!rc)
		rc = agent_open(&a, spec, &src->game, lab_agents(lab), e);
	if (!rc)
		src->text = mem_strdup(agent_name(a));
	agent_close(a);
	free(spec);
	return rc;
}

enum err_code source_open(struct source *src, struct lab *lab, const char *text,
			  const char *game, struct err *e)
{
	enum err_code rc;

	memset(src, 0, sizeof(*src));
	rc = !strncmp(text, "games:", 6)
		     ? open_games(src, lab, text, e)
		     : open_teacher(src, lab, text, game, e);
	if (rc)
		source_release(src);
	return rc;
}

void source_release(struct source *src)
{
	free(src->text);
	free(src->agent);
	free(src->purpose);
	free(src->run);
	memset(src, 0, sizeof(*src));
}

static bool same_game(const char *a, const char *b)
{
	struct game ga, gb;

	if (!*a || !*b)
		return !*a && !*b;
	return !game_init(&ga, a, NULL) && !game_init(&gb, b, NULL) &&
	       !strcmp(ga.name, gb.name);
}

/* The filter is the same but for the last id, which was not typed, and the
 * game is, however it is written. */
static bool games_mean(const char *typed, const char *resolved)
{
	struct games_text a, b;

	return !strncmp(resolved, "games:", 6) &&
	       !read_games_text(&a, typed, NULL) &&
	       !read_games_text(&b, resolved, NULL) && !strcmp(a.run, b.run) &&
	       !strcmp(a.agent, b.agent) && !strcmp(a.purpose, b.purpose) &&
	       (!a.upto || a.upto == b.upto) && same_game(a.game, b.game);
}

bool source_means(const char *typed, const char *resolved)
{
	const char *latest = strstr(typed, "/latest");
	const char *colon = strchr(resolved, ':');
	size_t head;

	if (!strchr(typed, ':') && colon)
		resolved = colon + 1;
	if (!strcmp(typed, resolved))
		return true;
	if (!strncmp(typed, "games:", 6))
		return games_mean(typed, resolved);
	if (!latest)
		return false;
	head = (size_t)(latest - typed) + 1;
	if (strncmp(typed, resolved, head))
		return false;
	resolved += head;
	return !strcmp(latest + strlen("/latest"),
		       resolved + strspn(resolved, "0123456789"));
}
