/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/method.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct method, CONF_FLOAT, key, lo, hi, dflt, text)

#define OF_RETURNS                                                          \
	FLOAT(lambda, 0, 1, "0.9",                                          \
	      "of the returns: 0 believes the next value, 1 waits for the " \
	      "end"),                                                       \
		CONF_NUMBER(struct method, CONF_INT, keep, 1, 1000000000,   \
			    "16", "every so many'th game is kept")

static const struct conf_spec actor[] = {
	OF_RETURNS,
	FLOAT(discount, 0, 1, "0.97",
	      "of points in games that keep a score, for each move"),
	FLOAT(points, 1, 1000000, "500",
	      "that are worth as much as a won game"),
	FLOAT(bonus, -1000000, 1000000, "0",
	      "points for each one more of the fact below, beside the game's"),
	{"fact", CONF_TEXT, offsetof(struct method, fact), 0, 24, "ghosts",
	 NULL, "of the game's record that the bonus is for"},
	FLOAT(clip, 0, 10, "0.2",
	      "of the ratio of chances; 0 = plain advantages"),
	FLOAT(entropy, 0, 10, "0.01", "weight of the policy's entropy"),
	FLOAT(anchor, 0, 100, "0",
	      "weight of KL(policy || policy of the first weights)"),
	FLOAT(replay, 0, 0.9, "0",
	      "share of each batch that are demonstrations, where some are "
	      "given"),
	{"steady", CONF_BOOL, offsetof(struct method, steady), 0, 0, "yes",
	 NULL, "norms keep their statistics: it learns as it plays"},
	{"frozen", CONF_TEXT, offsetof(struct method, frozen), 0, METHOD_FROZEN,
	 "", NULL, "parts of the network that do not learn: stem+block 1"},
	{.name = NULL},
};

static const struct conf_spec td[] = {
	OF_RETURNS,
	FLOAT(temperature, 0.001, 100, "0.1",
	      "of the softmax over values by which moves are drawn"),
	{.name = NULL},
};

const struct method_entry method_table[] = {
	[METHOD_SEARCH] = {"search", "learns what its searches found", NULL},
	[METHOD_ACTOR] = {"actor-critic",
			  "learns from moves that its policy drew", actor},
	[METHOD_TD] = {"td", "learns values from those one ply ahead", td},
	{.name = NULL},
};

static enum err_code unknown(const char *name, struct err *e)
{
	const char *names[8], *near;
	size_t n = 0;

	for (; method_table[n].name; n++)
		names[n] = method_table[n].name;
	near = conf_nearest(name, names, n);
	return err_set(e, ERR_USAGE, "method = '%s': %s%s%s", name,
		       near ? "did you mean '" : "must be search, ",
		       near ? near : "actor-critic or td", near ? "'?" : "");
}

enum err_code method_read(const char *text, struct method *out, struct err *e)
{
	const char *colon = strchr(text, ':');
	const struct method_entry *m = method_table;
	char name[24];

	snprintf(name, sizeof(name), "%.*s",
		 (int)(colon ? (size_t)(colon - text) : strlen(text)), text);
	while (m->name && *name && strcmp(m->name, name))
		m++;
	if (!m->name)
		return unknown(name, e);
	*out = (struct method){.kind = (enum method_kind)(m - method_table),
			       .discount = 1,
			       .points = 1,
			       .keep = 1};
	if (m->conf)
		conf_defaults(m->conf, out);
	if (!colon)
		return ERR_OK;
	if (!m->conf)
		return err_set(e, ERR_USAGE, "method %s has no settings", name);
	return conf_read_list(m->conf, out, colon + 1, name, e);
}

static bool part_in(const char *list, const char *part)
{
	size_t n = strlen(part);

	for (const char *p = list; p; p = strchr(p, '+')) {
		p += *p == '+';
		if (!strncmp(p, part, n) && (!p[n] || p[n] == '+'))
			return true;
	}
	return false;
}

bool method_freezes(const struct method *m, const char *part)
{
	return part_in(m->frozen, part);
}

/* Each part that is frozen must be one of the network's. */
static enum err_code check_frozen(const struct method *m,
				  const struct net_config *net, struct err *e)
{
	struct net_block blocks[NET_MAX_BLOCKS];
	int n = net_blocks(net, blocks);
	const char *p = m->frozen;

	while (*p) {
		size_t len = strcspn(p, "+");
		bool found = false;

		for (int i = 0; i < n; i++)
			found |= strlen(blocks[i].part) == len &&
				 !strncmp(blocks[i].part, p, len);
		if (!found)
			return err_set(e, ERR_USAGE,
				       "frozen = '%.*s': the network has no "
				       "such part",
				       (int)len, p);
		p += len + (p[len] == '+');
	}
	return ERR_OK;
}

enum err_code method_check(const struct method *m, const struct game *g,
			   const struct net_config *net, struct err *e)
{
	if (m->kind == METHOD_SEARCH)
		return ERR_OK;
	if (net_config_ids(net))
		return err_set(e, ERR_USAGE,
			       "method %s: learns with networks that read "
			       "boards, not sequences",
			       method_table[m->kind].name);
	if (m->kind == METHOD_TD && (g->player_count < 2 || g->rules->chance))
		return err_set(e, ERR_USAGE,
			       "method td: %s is not a game of two players "
			       "without chance",
			       g->short_name);
	return check_frozen(m, net, e);
}
