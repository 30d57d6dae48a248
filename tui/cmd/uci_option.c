/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/uci_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"

/* What front ends can set. */

enum { MOST_LINES = 218, MOST_OVERHEAD = 60000 };

/* --- strength ------------------------------------------------------------ */

/* Whether an agent's network, if it has one, is still in the lab. */
static bool is_there(struct uci_server *v, const char *spec)
{
	char network[AGENT_COMMAND_SIZE], what[AGENT_COMMAND_SIZE];
	struct store_run run;
	struct store_checkpoint at;
	char *slash;

	if (agent_command(spec, what))
		return false;
	if (!agent_network(spec, network))
		return true;
	slash = strrchr(network, '/');
	if (slash)
		*slash = '\0';
	return !lab_find_checkpoint(lab_store(v->serve.lab), &v->bag, network,
				    slash ? slash + 1 : "latest", &run, &at,
				    NULL);
}

/* Ratings are for agents that can be opened here: with a network of the lab, or
 * none, and whose Elo is more than a guess. */
static void find_rated(struct uci_server *v)
{
	size_t kept = 0;

	if (!v->serve.lab || store_rating_list(lab_store(v->serve.lab), &v->bag,
					       game_short_name(&v->game),
					       &v->rated, &v->rated_count)) {
		v->rated_count = 0;
		return;
	}
	for (size_t i = 0; i < v->rated_count; i++)
		if (v->rated[i].linked && is_there(v, v->rated[i].agent))
			v->rated[kept++] = v->rated[i];
	v->rated_count = kept;
}

static int elo_of(const struct uci_server *v, size_t i)
{
	return (int)lround(v->rated[i].elo);
}

/* The agent that was named, or the rated one that is nearest. */
static void choose_agent(struct uci_server *v)
{
	const char *spec = v->serve.args->agent;
	struct err e = ERR_INIT;
	struct buf out;
	size_t best = 0;

	for (size_t i = 1; i < v->rated_count; i++)
		if (abs(elo_of(v, i) - v->elo) < abs(elo_of(v, best) - v->elo))
			best = i;
	if (v->limited && v->rated_count)
		spec = v->rated[best].agent;
	if (!strcmp(spec, v->serve.spec))
		return;
	if (serve_spec(&v->serve, spec, &v->game, &e)) {
		uci_say_info(e.msg);
		return;
	}
	buf_init(&out);
	buf_printf(&out, "info string plays as %s", spec);
	if (v->limited)
		buf_printf(&out, ", rated %d", elo_of(v, best));
	buf_putc(&out, '\n');
	serve_say(&out);
}

/* --- Chess960 ------------------------------------------------------------ */

static bool is_frc(const struct uci_server *v)
{
	char value[GAME_PARAM_SIZE];

	return game_param_text(&v->game, "frc", value) && strcmp(value, "no");
}

static void set_frc(struct uci_server *v, bool frc)
{
	struct err e = ERR_INIT;
	char spec[64];
	struct game g;

	if (frc == is_frc(v))
		return;
	snprintf(spec, sizeof(spec), "chess:plies=%d,frc=%s", v->game.max_plies,
		 frc ? "518" : "no");
	if (game_init(&g, spec, &e) || serve_agent(&v->serve, &g, &e)) {
		uci_say_info(e.msg);
		return;
	}
	v->game = g;
	uci_board_start(v, &g);
}

/* --- the list ------------------------------------------------------------ */

void uci_options_open(struct uci_server *v)
{
	v->multipv = 1;
	v->overhead_ms = UCI_MARGIN_MS;
	v->own_book = v->book != NULL;
	find_rated(v);
	v->elo = v->rated_count ? elo_of(v, 0) : 0;
}

void uci_options_release(struct uci_server *v)
{
	store_bag_release(&v->bag);
}

void uci_options_list(const struct uci_server *v, struct buf *out)
{
	buf_printf(out,
		   "option name MultiPV type spin default 1 min 1 max %d\n"
		   "option name UCI_ShowWDL type check default false\n"
		   "option name Simulations type spin default 0 min 0 max %d\n"
		   "option name Hash type spin default 256 min 1 max 65536\n"
		   "option name Threads type spin default 1 min 1 max 256\n"
		   "option name Ponder type check default false\n"
		   "option name Move Overhead type spin default %d min 0 max "
		   "%d\n"
		   "option name SyzygyPath type string default <empty>\n"
		   "option name UCI_Chess960 type check default %s\n"
		   "option name UCI_AnalyseMode type check default false\n",
		   MOST_LINES, SERVE_MANY, UCI_MARGIN_MS, MOST_OVERHEAD,
		   is_frc(v) ? "true" : "false");
	if (v->book)
		buf_puts(out, "option name OwnBook type check default true\n");
	if (v->rated_count)
		buf_printf(out,
			   "option name UCI_LimitStrength type check default "
			   "false\n"
			   "option name UCI_Elo type spin default %d min %d "
			   "max %d\n",
			   elo_of(v, 0), elo_of(v, v->rated_count - 1),
			   elo_of(v, 0));
}

void uci_options_set(struct uci_server *v, const char *args)
{
	struct uci_setting s;
	bool on;
	int n;

	if (!uci_parse_setting(args, &s))
		return;
	n = atoi(s.value);
	on = !strcasecmp(s.value, "true");
	if (!strcasecmp(s.name, "MultiPV") && n >= 1)
		v->multipv = n > MOST_LINES ? MOST_LINES : n;
	else if (!strcasecmp(s.name, "UCI_ShowWDL"))
		v->show_wdl = on;
	else if (!strcasecmp(s.name, "Simulations") && n >= 0)
		v->simulations = n > SERVE_MANY ? SERVE_MANY : n;
	else if (!strcasecmp(s.name, "Move Overhead") && n >= 0)
		v->overhead_ms = n > MOST_OVERHEAD ? MOST_OVERHEAD : n;
	else if (!strcasecmp(s.name, "UCI_AnalyseMode"))
		v->analyses = on;
	else if (!strcasecmp(s.name, "OwnBook"))
		v->own_book = on;
	else if (!strcasecmp(s.name, "UCI_Chess960"))
		set_frc(v, on);
	else if (!strcasecmp(s.name, "UCI_LimitStrength"))
		v->limited = on;
	else if (!strcasecmp(s.name, "UCI_Elo"))
		v->elo = n;
	else
		return;
	if (!strncasecmp(s.name, "UCI_", 4))
		choose_agent(v);
}
