/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/game_filter.h"
#include "core/lab/trust.h"
#include "store/run.h"
#include "store/store.h"

static const char games[] = "games:";

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
			rc = err_of_stored(
				e, game_init(&src->game, rows[0].game, e));
	}
	store_bag_release(&bag);
	return rc;
}

/* What was typed, with the last game, so that going on later sees the same. */
static void games_resolved_text(struct source *src, struct game_filter *f)
{
	struct buf b;

	f->upto = src->upto;
	if (*f->game)
		snprintf(f->game, sizeof(f->game), "%s", src->game.name);
	buf_init(&b);
	game_filter_list(f, &b);
	src->text = mem_printf("%s%s", games, b.data);
	buf_release(&b);
}

static enum err_code read_games_text(struct game_filter *f, const char *text,
				     struct err *e)
{
	return game_filter_parse_list(text + strlen(games), text, f, e);
}

static enum err_code open_games(struct source *src, struct lab *lab,
				const char *text, struct err *e)
{
	struct store *s = lab_store(lab);
	struct store_bag bag = {0};
	struct game_filter t;
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
			rc = err_of_stored(e,
					   game_init(&src->game, run.game, e));
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
		games_resolved_text(src, &t);
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
	rc = !strncmp(text, games, strlen(games))
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

static char *agent_in(const char *text)
{
	struct game_filter f;

	if (strncmp(text, games, strlen(games)) != 0)
		return mem_strdup(text);
	return mem_strdup(read_games_text(&f, text, NULL) ? "" : f.agent);
}

enum err_code source_allowed(struct lab *lab, const char *text, struct err *e)
{
	char *spec = agent_in(text);
	enum err_code rc = trust_check(lab_trust(lab), spec, e);

	free(spec);
	return rc;
}

enum err_code source_allow(struct lab *lab, const char *text, struct err *e)
{
	char *spec = agent_in(text);
	enum err_code rc = trust_add(lab_trust(lab), spec, e);

	free(spec);
	return rc;
}

enum err_code source_of_run_allowed(struct lab *lab, const char *run,
				    struct err *e)
{
	struct store *s = lab_store(lab);
	struct store_bag bag = {0};
	struct store_run row;
	enum err_code rc = lab_error(s, store_run_find(s, &bag, run, &row), e);

	if (!rc && row.source)
		rc = source_allowed(lab, row.source, e);
	store_bag_release(&bag);
	return rc;
}

/* The filter is the same but for the last id, which was not typed. */
static bool games_mean(const char *typed, const char *resolved)
{
	struct game_filter a, b;

	return !strncmp(resolved, games, strlen(games)) &&
	       !read_games_text(&a, typed, NULL) &&
	       !read_games_text(&b, resolved, NULL) && !strcmp(a.run, b.run) &&
	       !strcmp(a.agent, b.agent) && !strcmp(a.purpose, b.purpose) &&
	       (!a.upto || a.upto == b.upto) && !strcmp(a.game, b.game);
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
	if (!strncmp(typed, games, strlen(games)))
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
