/* SPDX-License-Identifier: MIT */
/* What networks are made from: the game's part, a body and heads. */
#include "config.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/net/body.h"
#include "core/net/head.h"
#include "core/net/net.h"

const struct net_body *const net_bodies[] = {
#define X(name) &net_body_##name,
	NET_BODY_LIST(X)
#undef X
		NULL,
};

/*
 * The settings of a body and of all heads as one table over struct net_config.
 * From `options` on they are those that networks of earlier versions did not
 * have, written only where they are not as they were then.
 */
enum { MAX_KEYS = 64 };

struct settings {
	struct conf_spec line[MAX_KEYS + 1]; /* ends with a NULL name */
	int count, options;
};

static void add_line(struct settings *s, struct conf_spec line)
{
	assert(s->count < MAX_KEYS);
	s->line[s->count++] = line;
}

static void add_lines(struct settings *s, const struct conf_spec *from,
		      size_t base)
{
	for (; from && from->name; from++) {
		struct conf_spec line = *from;

		line.offset += base;
		add_line(s, line);
	}
}

static void settings_of(const struct net_body *body, struct settings *s)
{
	const size_t heads = offsetof(struct net_config, head_conf);

	*s = (struct settings){.count = 0};
	assert(body->conf_size <= NET_CONF_BYTES);
	add_lines(s, body->conf, offsetof(struct net_config, body_conf));
	for (int h = 0; h < NET_HEADS && !body->bare_heads; h++)
		add_lines(s, net_heads[h]->conf,
			  heads + h * sizeof(union net_conf));
	s->options = s->count;
	for (int h = 0; h < NET_HEADS; h++) {
		const struct net_head *head = net_heads[h];

		if (head->optional)
			add_line(s,
				 (struct conf_spec){
					 .name = head->name,
					 .kind = CONF_BOOL,
					 .offset = offsetof(struct net_config,
							    has) +
						   h * sizeof(bool),
					 .fallback = "no",
					 .help = head->optional});
		if (!body->bare_heads)
			add_lines(s, head->options,
				  heads + h * sizeof(union net_conf));
	}
}

int net_config_ids(const struct net_config *c)
{
	return c->body->reads_ids ? c->id_count : 0;
}

size_t net_config_row(const struct net_config *c)
{
	return (size_t)c->planes * c->rows * c->cols + net_config_ids(c);
}

bool net_config_has(const struct net_config *c, enum net_head_id head)
{
	return c->has[head];
}

int net_config_int(const struct net_config *c, const char *key)
{
	const struct conf_spec *line;
	struct settings s;

	settings_of(c->body, &s);
	line = conf_find(s.line, key);
	assert(line && (line->kind == CONF_INT || line->kind == CONF_CHOICE));
	return *(const int *)(const void *)((const char *)c + line->offset);
}

int net_config_context(const struct net_config *c)
{
	const struct conf_spec *line = NULL;

	if (c->body->conf)
		line = conf_find(c->body->conf, "context");
	return line ? *(const int *)(const void *)((const char *)&c->body_conf +
						   line->offset)
		    : 0;
}

void net_config_brief(const struct net_config *c, struct buf *out)
{
	c->body->brief(&c->body_conf, out);
}

void net_config_format(const struct net_config *c, struct buf *out)
{
	struct settings s;
	struct buf value;
	char before = ':';

	settings_of(c->body, &s);
	buf_init(&value);
	buf_puts(out, c->body->name);
	for (int i = 0; i < s.count; i++) {
		buf_clear(&value);
		conf_format_value(&s.line[i], c, &value);
		if (i >= s.options && !strcmp(value.data, s.line[i].fallback))
			continue;
		buf_printf(out, "%c%s=%s", before, s.line[i].name, value.data);
		before = ',';
	}
	buf_release(&value);
}

enum err_code net_config_read(struct net_config *c, const struct net_body *body,
			      const char *list, struct err *e)
{
	struct net_config n = *c;
	struct settings s;
	enum err_code rc;

	settings_of(body, &s);
	n.body = body;
	memset(&n.body_conf, 0, sizeof(n.body_conf));
	memset(n.head_conf, 0, sizeof(n.head_conf));
	for (int h = 0; h < NET_HEADS; h++)
		n.has[h] = !net_heads[h]->optional;
	conf_defaults(s.line, &n);
	rc = conf_read_list(s.line, &n, list, "network", e);
	if (!rc && body->check)
		rc = body->check(&n.body_conf, e);
	if (!rc && body->rows)
		body->rows(&n);
	if (!rc)
		*c = n;
	return rc;
}

static enum err_code unknown_body(const char *text, size_t len, struct err *e)
{
	const char *names[16], *near;
	char body[32];
	size_t n = 0;

	if (len >= sizeof(body))
		len = sizeof(body) - 1;
	memcpy(body, text, len);
	body[len] = '\0';
	for (; net_bodies[n] && n < ARRAY_LEN(names); n++)
		names[n] = net_bodies[n]->name;
	near = conf_nearest(body, names, n);
	return err_set(e, ERR_USAGE, "network '%s': unknown body '%s'%s%s%s",
		       text, body, near ? ": did you mean '" : "",
		       near ? near : "", near ? "'?" : "");
}

enum err_code net_config_parse(struct net_config *c, const char *text,
			       struct err *e)
{
	size_t len = strcspn(text, ":");

	for (const struct net_body *const *b = net_bodies; *b; b++)
		if (strlen((*b)->name) == len &&
		    !strncmp(text, (*b)->name, len))
			return net_config_read(
				c, *b, text + len + (text[len] ? 1 : 0), e);
	return unknown_body(text, len, e);
}

enum err_code net_config_check(const struct net_config *c, struct err *e)
{
	for (int h = 0; h < NET_HEADS; h++) {
		enum err_code rc = ERR_OK;

		if (c->has[h] && net_heads[h]->check)
			rc = net_heads[h]->check(c, e);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

int net_id_gap(int64_t steps)
{
	int id = 0;

	assert(steps >= 0);
	for (; steps > 0 && id < NET_GAPS - 1; steps >>= 1)
		id++;
	return id;
}

void net_game_ids(int moves, const struct net_game_row *r, float *ids)
{
	float score = r->player == 1 ? -r->result : r->result;
	int result = score > 0 ? NET_WON : score < 0 ? NET_LOST : NET_DRAWN;

	ids[NET_ID_MOVE] = (float)(r->move < 0 ? moves : r->move);
	ids[NET_ID_SIDE] = (float)r->player;
	ids[NET_ID_RESULT] = (float)(r->before ? result : NET_NO_RESULT);
	ids[NET_ID_GAP] = (float)net_id_gap(r->before ? r->gap : 0);
}

void net_config_game(struct net_config *c, const struct game *g)
{
	int planes = 0, pooled = 0, cells = g->rows * g->cols, cell = 0;

	c->planes = g->planes;
	c->rows = g->rows;
	c->cols = g->cols;
	c->moves = g->move_count;
	memset(c->id_size, 0, sizeof(c->id_size));
	c->id_count = NET_GAME_IDS;
	c->id_size[NET_ID_MOVE] = g->move_count + 1;
	c->id_size[NET_ID_SIDE] = g->player_count;
	c->id_size[NET_ID_RESULT] = NET_RESULTS;
	c->id_size[NET_ID_GAP] = NET_GAPS;
	c->place_planes = c->place_pooled = 0;
	memset(c->place, 0, sizeof(c->place));
	if (!g->rules->move_plane || g->move_count > NET_MAX_PLACED)
		return;
	for (int m = 0; m < g->move_count; m++) {
		int p = g->rules->move_plane(g, (game_move)m, &cell);

		planes = p >= planes ? p + 1 : planes;
	}
	for (int m = 0; m < g->move_count; m++) {
		int p = g->rules->move_plane(g, (game_move)m, &cell);

		assert(p < 0 || (cell >= 0 && cell < cells));
		c->place[m] = (uint16_t)(p < 0 ? cells * planes + pooled++
					       : cell * planes + p);
	}
	assert(cells * planes + pooled <= UINT16_MAX);
	c->place_planes = planes;
	c->place_pooled = pooled;
}
