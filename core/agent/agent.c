/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/agent.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/agent/command.h"
#include "core/agent/mind.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/mem.h"

#define ADDRESS(name) &agent_kind_##name,
const struct agent_kind *const agent_kinds[] = {AGENT_KIND_LIST(ADDRESS) NULL};
enum { KINDS = ARRAY_LEN(agent_kinds) - 1 };

static enum err_code unknown_kind(const char *spec, struct err *e)
{
	const char *names[KINDS];
	const char *near;
	struct buf known;
	enum err_code code;

	for (size_t i = 0; i < KINDS; i++)
		names[i] = agent_kinds[i]->name;
	near = conf_nearest(spec, names, KINDS);
	if (near)
		return err_set(e, ERR_USAGE,
			       "unknown agent '%s': did you mean '%s'?", spec,
			       near);
	buf_init(&known);
	for (size_t i = 0; i < KINDS; i++)
		buf_printf(&known, "%s%s",
			   !i              ? ""
			   : i < KINDS - 1 ? ", "
					   : " and ",
			   names[i]);
	code = err_set(e, ERR_USAGE, "unknown agent '%s': known are %s", spec,
		       known.data);
	buf_release(&known);
	return code;
}

static const struct agent_kind *
find_among(const struct agent_kind *const *kinds, const char *name)
{
	while (*kinds && strcmp((*kinds)->name, name))
		kinds++;
	return *kinds;
}

/* `source` may be NULL. */
static const struct agent_kind *find_kind(const struct agent_source *source,
					  const char *name)
{
	const struct agent_kind *kind = find_among(agent_kinds, name);

	return kind || !source || !source->kinds
		       ? kind
		       : find_among(source->kinds, name);
}

/* A spec in its parts: "mcts:c4/latest,sims=100". */
struct parts {
	const struct agent_kind *kind;
	char mind[AGENT_COMMAND_SIZE]; /* "c4/latest", "uniform", "gnugo --mode
					  gtp" */
	const char *settings;          /* "sims=100" */
};

static enum err_code copy_part(char *out, size_t size, const char *from,
			       size_t len, const char *spec, struct err *e)
{
	if (len >= size)
		return err_set(e, ERR_USAGE,
			       "agent '%.60s...': a name longer than %zu "
			       "characters",
			       spec, size - 1);
	memcpy(out, from, len);
	out[len] = '\0';
	return ERR_OK;
}

static enum err_code split_spec(struct parts *p, const char *spec,
				const struct agent_source *source,
				struct err *e)
{
	size_t n = strcspn(spec, ":,");
	const char *rest = spec + n;
	enum err_code code;
	char name[32];

	p->kind = NULL;
	p->mind[0] = '\0';
	if (n >= sizeof(name))
		return unknown_kind(spec, e);
	memcpy(name, spec, n);
	name[n] = '\0';
	p->kind = find_kind(source, name);
	if (!p->kind)
		return unknown_kind(name, e);
	if (*rest == ':') {
		bool command = p->kind->mind == AGENT_COMMAND;

		rest++;
		n = command ? command_span(rest) : strcspn(rest, ",");
		/* "random:x=1" has settings and no network. */
		if (command || !memchr(rest, '=', n)) {
			code = copy_part(p->mind, sizeof(p->mind), rest, n,
					 spec, e);
			if (code)
				return code;
			rest += n;
		}
	}
	p->settings = rest + (*rest == ',');
	return ERR_OK;
}

/* Settings that are not at their defaults; the simulations always, since they
 * say how strong it is. */
static void add_settings(const struct agent *a, char before, struct buf *name)
{
	void *fresh = mem_zalloc(1, a->kind->conf_size);

	conf_defaults(a->kind->conf, fresh);
	for (const struct conf_spec *s = a->kind->conf; s->name; s++) {
		struct buf now, then;

		buf_init(&now);
		buf_init(&then);
		conf_format_value(s, a->conf, &now);
		conf_format_value(s, fresh, &then);
		if (strcmp(now.data, then.data) || !strcmp(s->name, "sims")) {
			buf_printf(name, "%c%s=%s", before, s->name, now.data);
			before = ',';
		}
		buf_release(&now);
		buf_release(&then);
	}
	free(fresh);
}

static void write_name(struct agent *a)
{
	struct buf name;

	buf_init(&name);
	buf_puts(&name, a->kind->name);
	if (*a->mind)
		buf_printf(&name, ":%s", a->mind);
	if (a->kind->conf)
		add_settings(a, *a->mind ? ',' : ':', &name);
	a->name = buf_detach(&name, NULL);
	buf_release(&name);
}

static enum err_code read_settings(struct agent *a, const char *settings,
				   struct err *e)
{
	char origin[48];

	if (!a->kind->conf && *settings)
		return err_set(e, ERR_USAGE, "agent %s takes no settings: '%s'",
			       a->kind->name, settings);
	if (!a->kind->conf)
		return ERR_OK;
	conf_defaults(a->kind->conf, a->conf);
	snprintf(origin, sizeof(origin), "agent %s", a->kind->name);
	return conf_read_list(a->kind->conf, a->conf, settings, origin, e);
}

static enum err_code open_parts(struct agent *a, const struct parts *p,
				const char *spec, struct err *e)
{
	enum err_code code = read_settings(a, p->settings, e);

	/* The one gate before any program is started. */
	if (!code && a->kind->mind == AGENT_COMMAND && a->source &&
	    a->source->allow)
		code = a->source->allow(a->source->self, spec, e);
	if (code)
		return code;
	if (a->kind->mind == AGENT_NO_MIND && *p->mind)
		return err_set(e, ERR_USAGE, "agent %s takes no '%s'",
			       a->kind->name, p->mind);
	snprintf(a->mind, sizeof(a->mind), "%s", p->mind);
	code = a->kind->open ? a->kind->open(a, e) : ERR_OK;
	if (!code)
		write_name(a);
	return code;
}

struct agent_kept *agent_kept_new(const struct agent *a)
{
	struct agent_kept *kept = mem_zalloc(1, sizeof(*kept));

	kept->release = a->kind->release_kept;
	kept->self = mem_zalloc(1, a->kind->kept_size);
	return kept;
}

void agent_kept_free(struct agent_kept *kept)
{
	if (!kept)
		return;
	if (kept->release)
		kept->release(kept->self);
	free(kept->self);
	free(kept);
}

enum err_code agent_open(struct agent **out, const char *spec,
			 const struct game *g,
			 const struct agent_source *source, struct err *e)
{
	struct parts p = {0};
	struct agent *a;
	enum err_code code;

	*out = NULL;
	code = split_spec(&p, spec, source, e);
	if (code)
		return code;
	assert(p.kind);
	if (p.kind->family && strcmp(p.kind->family, g->rules->family))
		return err_set(e, ERR_USAGE, "agent %s plays %s and not %s",
			       p.kind->name, p.kind->family,
			       game_short_name(g));
	a = mem_zalloc(1, sizeof(*a));
	a->kind = p.kind;
	a->g = g;
	a->source = source;
	a->company = a->kind->company;
	a->keep_trace = true;
	a->conf = mem_zalloc(1, a->kind->conf_size);
	a->self = mem_zalloc(1, a->kind->self_size);
	a->legal = mem_zalloc((size_t)g->move_count, sizeof(*a->legal));
	a->weight = mem_zalloc((size_t)g->move_count, sizeof(*a->weight));
	a->child = mem_zalloc(1, g->state_size);
	a->alone = agent_kept_new(a);
	a->kept = a->alone->self;
	code = open_parts(a, &p, spec, e);
	if (code)
		agent_close(a);
	else
		*out = a;
	return code;
}

void agent_close(struct agent *a)
{
	if (!a)
		return;
	if (a->kind->close)
		a->kind->close(a);
	agent_limit(a, NULL);
	free(a->name);
	free(a->legal);
	free(a->weight);
	free(a->child);
	agent_kept_free(a->alone);
	free(a->conf);
	free(a->self);
	free(a);
}

bool agent_network(const char *spec, char network[AGENT_COMMAND_SIZE])
{
	struct parts p;

	if (split_spec(&p, spec, NULL, NULL) || !*p.mind)
		return false;
	assert(p.kind);
	memcpy(network, p.mind, sizeof(p.mind));
	return p.kind->mind == AGENT_NETWORK ||
	       (p.kind->mind == AGENT_EVALUATOR && !mind_is_built_in(p.mind));
}

bool agent_needs_network(const char *spec)
{
	char network[AGENT_COMMAND_SIZE];

	return agent_network(spec, network);
}

bool agent_command(const char *spec, char command[AGENT_COMMAND_SIZE])
{
	struct parts p;

	if (split_spec(&p, spec, NULL, NULL))
		return false;
	assert(p.kind);
	if (p.kind->mind != AGENT_COMMAND)
		return false;
	memcpy(command, p.mind, sizeof(p.mind));
	return true;
}

const char *agent_name(const struct agent *a)
{
	return a->name;
}

bool agent_is_human(const struct agent *a)
{
	return !a->kind->think;
}

void agent_end_thought(struct agent *a, struct thought *out)
{
	thought_limit(out, a);
	if (!out->lines)
		thought_lines(out, a, NULL);
}

void agent_think(struct agent *a, const void *state, uint64_t seed,
		 uint64_t game, int ply, const atomic_bool *cancel,
		 struct thought *out)
{
	struct rng r;

	assert(a->kind->think);
	a->seed = seed;
	a->game = game;
	a->ply = ply;
	rng_init(&r, seed, RNG_MATCH, game, (uint64_t)ply);
	thought_begin(out, a, state);
	a->kind->think(a, state, &r, cancel, out);
	agent_end_thought(a, out);
}

void agent_learn(struct agent *a, const struct agent_game *game)
{
	if (a->kind->learn)
		a->kind->learn(a, game);
}

bool agent_learns(const struct agent *a)
{
	return a->kind->learn;
}

void agent_line(struct agent *a, const game_move *moves, int count)
{
	a->line = moves;
	a->line_count = count;
}

void agent_limit(struct agent *a, const struct agent_limits *limits)
{
	size_t bytes;

	free(a->only);
	a->only = NULL;
	memset(&a->limits, 0, sizeof(a->limits));
	if (!limits)
		return;
	a->limits = *limits;
	bytes = (size_t)limits->only_count * sizeof(*limits->only);
	if (bytes)
		a->only = memcpy(mem_alloc(bytes), limits->only, bytes);
	a->limits.only = a->only;
}

void agent_watch(struct agent *a,
		 void (*report)(void *ctx, const struct thought *so_far),
		 void *ctx)
{
	a->report = report;
	a->report_ctx = ctx;
}

void agent_keep_trace(struct agent *a, bool keep)
{
	a->keep_trace = keep;
}
