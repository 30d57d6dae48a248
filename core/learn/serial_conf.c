/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/serial.h"
#include "core/net/body.h"
#include "core/net/net.h"

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct serial_conf, CONF_INT, key, lo, hi, dflt, text)
#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct serial_conf, CONF_FLOAT, key, lo, hi, dflt, text)
#define YES_NO(key, dflt, text)                                           \
	{                                                                 \
#key, CONF_BOOL, offsetof(struct serial_conf, key), 0, 1, \
			dflt, NULL, text                                  \
	}

const struct conf_spec serial_spec[] = {
	INT(width, 1, 512, "5", "moves of a board that are looked at"),
	INT(depth, 1, 2, "1", "plies that are looked ahead"),
	INT(page, 1, 64, "2", "boards, one after the other, in one context"),
	INT(lanes, 1, 4096, "16", "pages that a step learns from"),
	{"rollouts", CONF_CHOICE, offsetof(struct serial_conf, rollouts), 0, 0,
	 "never", "never|half|own",
	 "games to the end instead of a search: never; half, by chance; or as "
	 "it writes itself"},
	FLOAT(trust, 0, 1, "0.25",
	      "share of the way to the result of one rollout"),
	FLOAT(temperature, 0, 100, "0.25",
	      "of the pick of a deeper board, in units of value"),
	FLOAT(fresh, 0, 1, "0.05", "chance that a fresh game follows"),
	INT(opening_plies, 0, 1000, "4",
	    "random moves of a fresh game, at most"),
	YES_NO(writes_backups, "no",
	       "it writes the better values itself; else arithmetic does"),
	YES_NO(writes_boards, "no",
	       "it writes the boards after moves itself; else the rules do"),
	{"update", CONF_CHOICE, offsetof(struct serial_conf, update), 0, 0,
	 "improved", "improved|none|placebo|permuted",
	 "what is learned in the place of the first estimates: the better "
	 "ones; nothing; the first ones; the better ones in a drawn order"},
	INT(passes, 1, 100, "1", "steps on each page"),
	INT(drills, 0, 1000000, "600",
	    "rounds of made-up values, before anything else"),
	FLOAT(drill_share, 0, 1, "0.125",
	      "such pages beside those of each later round"),
	FLOAT(rate, 0, 1, "0.002", "initial learning rate"),
	FLOAT(rate_end, 0, 1, "0.0002", "final learning rate"),
	INT(warmup, 0, 1000000, "50", "steps from 0 to `rate`"),
	{"backups", CONF_INT64, offsetof(struct serial_conf, backups), 1, 1e12,
	 "60000", NULL,
	 "boards whose estimates are written twice, until the rate has fallen"},
	{"checkpoint_first", CONF_INT64,
	 offsetof(struct serial_conf, checkpoint_first), 1, 1e12, "1000", NULL,
	 "boards at the first checkpoint after 0"},
	FLOAT(checkpoint_growth, 1.01, 100, "1.6",
	      "each next one at this times the boards"),
	INT(grade_positions, 0, 100000, "300",
	    "a checkpoint is graded on; 0 = no grade"),
	{"network", CONF_REST, offsetof(struct serial_conf, network), 0,
	 SERIAL_NETWORK,
	 "tokens:width=64,layers=3,heads=4,context=512,"
	 "position=rotary",
	 NULL, "body as text; in a list the last setting"},
	{.name = NULL},
};

void serial_scribe_conf(const struct serial_conf *c, struct scribe_conf *out)
{
	*out = (struct scribe_conf){
		.width = c->width,
		.depth = c->depth,
		.writes_boards = c->writes_boards,
		.writes_backups = c->writes_backups,
		.rollouts = c->rollouts,
		.trust = c->trust,
		.temperature = c->temperature,
		.fresh = c->fresh,
	};
}

static enum err_code make_net(const struct serial_conf *c, const struct game *g,
			      struct net_config *out, struct err *e)
{
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	net_config_game(out, g);
	rc = net_config_parse(out, c->network, e);
	if (!rc && !out->body->rows)
		rc = err_set(e, ERR_USAGE,
			     "network '%s' reads positions: a body that reads "
			     "tokens is wanted, tokens:...",
			     c->network);
	return rc ? rc : net_config_check(out, e);
}

void serial_net(const struct serial_conf *c, const struct game *g,
		struct net_config *out)
{
	if (make_net(c, g, out, NULL))
		assert(!"settings that were not checked make no network");
}

enum err_code serial_check(const struct serial_conf *c, const struct game *g,
			   struct err *e)
{
	struct scribe_conf scribe;
	struct net_config net;
	enum err_code rc = page_game_check(g, e);
	int words;

	if (!rc)
		rc = make_net(c, g, &net, e);
	if (rc)
		return rc;
	serial_scribe_conf(c, &scribe);
	words = c->page * scribe_most_words(g, &scribe);
	if (words > net_config_context(&net))
		return err_set(e, ERR_USAGE,
			       "a page of %d boards may take %d words, and the "
			       "network's context is %d",
			       c->page, words, net_config_context(&net));
	return ERR_OK;
}

int64_t serial_next_checkpoint(const struct serial_conf *c, int64_t backups)
{
	double at = (double)c->checkpoint_first;

	while ((int64_t)at <= backups)
		at = fmax(at * (double)c->checkpoint_growth, at + 1);
	return (int64_t)at;
}
