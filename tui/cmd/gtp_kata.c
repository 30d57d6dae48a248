/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/gtp_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/json_scan.h"
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/game/game.h"
#include "core/game/go.h"

/* What other programs for Go know beside the protocol: rules, parameters, SGF
 * and what front ends ask about. */

/* --- rules --------------------------------------------------------------- */

/* The one set of rules, as KataGo names its parts. */
static const struct {
	const char *name, *value;
	bool text; /* in JSON */
} rules[] = {
	{"hasButton", "false", false}, {"ko", "POSITIONAL", true},
	{"scoring", "AREA", true},     {"suicide", "false", false},
	{"tax", "NONE", true},         {"whiteHandicapBonus", "0", true},
};

static const char REFUSED[] = "plays by area scoring with positional superko, "
			      "without suicide or tax, alone";

const char *gtp_get_rules(struct gtp_server *v, const struct gtp_line *l,
			  struct buf *out)
{
	struct json j;

	(void)l;
	if (!go_is(&v->game))
		return "rules are named for Go alone";
	json_init(&j, out);
	json_open(&j, '{');
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		json_key(&j, rules[i].name);
		if (rules[i].text)
			json_string(&j, rules[i].value);
		else
			json_raw(&j, rules[i].value);
	}
	json_close(&j, '}');
	return NULL;
}

static bool is_ours(const char *name, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (!strcmp(rules[i].name, name))
			return !strcasecmp(rules[i].value, value);
	return false;
}

/* An object of parts, each of which must be as it is. */
static const char *check_parts(const char *text)
{
	char key[32], value[32];
	struct json_scan s;
	const char *why = NULL;

	if (!json_valid(text))
		return "the rules are not understood";
	json_scan_init(&s, text);
	json_scan_open(&s, '{');
	while (json_scan_key(&s, key, sizeof(key))) {
		s.at += strspn(s.at, " ");
		if (*s.at == '"') {
			json_scan_string(&s, value, sizeof(value));
		} else {
			const char *from = s.at;
			size_t n;

			json_scan_skip(&s);
			n = (size_t)(s.at - from);
			snprintf(value, sizeof(value), "%.*s",
				 n < 31 ? (int)n : 31, from);
		}
		/* Older front ends say so. */
		if (!strcmp(key, "friendlyPassOk"))
			continue;
		if (!is_ours(key, value))
			why = REFUSED;
	}
	return json_scan_failed(&s) ? "the rules are not understood" : why;
}

/* Names are taken whose rules as they are written are these: komi makes up for
 * handicap stones. */
const char *gtp_set_rules(struct gtp_server *v, const struct gtp_line *l,
			  struct buf *out)
{
	static const char *const same[] = {"chinese", "chinese-ogs",
					   "chinese-kgs", "chinese_ogs",
					   "chinese_kgs"};

	(void)out;
	if (!go_is(&v->game))
		return "rules are named for Go alone";
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (!strcasecmp(l->rest, same[i]))
			return NULL;
	return *l->rest == '{' ? check_parts(l->rest) : REFUSED;
}

const char *gtp_set_rule(struct gtp_server *v, const struct gtp_line *l,
			 struct buf *out)
{
	(void)v;
	(void)out;
	return is_ours(l->words[0], l->words[1]) ? NULL : REFUSED;
}

/* --- parameters ---------------------------------------------------------- */

/* 0: as the agent's spec says, and no limit. */
static bool set_visits(struct gtp_server *v, const char *value)
{
	double x;

	if (!gtp_number(value, &x) || x < 0)
		return false;
	v->visits = x > SERVE_MANY ? SERVE_MANY : (int)x;
	return true;
}

const char *gtp_set_param(struct gtp_server *v, const struct gtp_line *l,
			  struct buf *out)
{
	const char *name = l->words[0];
	double x;

	(void)out;
	if (!strcmp(name, "maxVisits") || !strcmp(name, "maxPlayouts"))
		return set_visits(v, l->words[1]) ? NULL : "not a number";
	if (!gtp_number(l->words[1], &x))
		return "not a number";
	if (!strcmp(name, "maxTime") && x >= 0) {
		v->max_time = x < 1e9 ? x : 0;
		return NULL;
	}
	return "no such parameter: kata-list-params";
}

const char *gtp_get_param(struct gtp_server *v, const struct gtp_line *l,
			  struct buf *out)
{
	const char *name = l->words[0];

	if (!strcmp(name, "maxVisits") || !strcmp(name, "maxPlayouts"))
		buf_printf(out, "%d", v->visits);
	else if (!strcmp(name, "maxTime"))
		buf_printf(out, "%g", v->max_time);
	else
		return "no such parameter: kata-list-params";
	return NULL;
}

const char *gtp_list_params(struct gtp_server *v, const struct gtp_line *l,
			    struct buf *out)
{
	(void)v;
	(void)l;
	buf_puts(out, "maxVisits maxPlayouts maxTime");
	return NULL;
}

/* lz-setoption [name N value V], as Leela Zero has it. */
const char *gtp_setoption(struct gtp_server *v, const struct gtp_line *l,
			  struct buf *out)
{
	if (!l->count) {
		buf_printf(out,
			   "option name Visits type spin default 0 min 0 max "
			   "%d\noption name Playouts type spin default 0 min 0 "
			   "max %d",
			   SERVE_MANY, SERVE_MANY);
		return NULL;
	}
	if (l->count != 4 || strcasecmp(l->words[0], "name") ||
	    strcasecmp(l->words[2], "value"))
		return "syntax error";
	if (strcasecmp(l->words[1], "visits") &&
	    strcasecmp(l->words[1], "playouts"))
		return "no such option";
	return set_visits(v, l->words[3]) ? NULL : "not a number";
}

/* --- the board ----------------------------------------------------------- */

const char *gtp_set_position(struct gtp_server *v, const struct gtp_line *l,
			     struct buf *out)
{
	uint8_t stone[GO_CELLS_MAX] = {0};
	const struct game *g = &v->game;

	(void)out;
	if (!go_is(g))
		return "positions are set up in Go alone";
	if (l->count % 2)
		return "pairs of colour and vertex must follow";
	for (int i = 0; i < l->count; i += 2) {
		int player = gtp_color(l->words[i]);
		game_move m = go_vertex_parse(g, l->words[i + 1]);

		if (player < 0 || m >= g->move_count - 1 || stone[m])
			return "invalid color or coordinate";
		stone[m] = player ? GO_WHITE : GO_BLACK;
	}
	return gtp_board_set(v, stone);
}

/* Where a set-up begins the game anew, it is the game from there. */
const char *gtp_printsgf(struct gtp_server *v, const struct gtp_line *l,
			 struct buf *out)
{
	const struct gtp_part *p = &v->parts[v->part_count - 1];
	struct buf text;
	struct record r;
	void *start = game_state_new(&p->from, 0);
	const char *why = NULL;
	FILE *f;

	record_init(&r);
	r.game = p->from;
	r.has_game = true;
	r.plies = p->plies;
	game_line_text(&p->from, start, p->moves, p->plies, &r.moves);
	free(start);
	buf_init(&text);
	if (format_sgf.write(&r, &text, NULL))
		why = "this game has no SGF";
	else if (!l->count)
		buf_puts(out, text.data);
	else if (!(f = fopen(l->words[0], "w")))
		why = "cannot write the file";
	else if (fwrite(text.data, 1, text.len, f) != text.len || fclose(f))
		why = "cannot write the file";
	buf_release(&text);
	record_release(&r);
	return why;
}

/* --- other things -------------------------------------------------------- */

/* No search goes on between two commands. */
const char *gtp_stop(struct gtp_server *v, const struct gtp_line *l,
		     struct buf *out)
{
	(void)v;
	(void)l;
	(void)out;
	return NULL;
}

/* Trees go with the agent that holds them. */
const char *gtp_clear_cache(struct gtp_server *v, const struct gtp_line *l,
			    struct buf *out)
{
	(void)l;
	(void)out;
	return serve_spec(&v->serve, v->serve.spec, &v->game, NULL)
		       ? "the agent cannot be opened again"
		       : NULL;
}

const char *gtp_cputime(struct gtp_server *v, const struct gtp_line *l,
			struct buf *out)
{
	struct timespec t;

	(void)v;
	(void)l;
	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t))
		return "not known";
	buf_printf(out, "%.3f", (double)t.tv_sec + (double)t.tv_nsec / 1e9);
	return NULL;
}

const char *gtp_gogui(struct gtp_server *v, const struct gtp_line *l,
		      struct buf *out)
{
	(void)v;
	(void)l;
	buf_puts(out, "string/Final score/final_score\n"
		      "plist/Dead stones/final_status_list dead\n"
		      "string/Rules/kata-get-rules\n"
		      "string/Network/kata-raw-nn 0\n"
		      "string/Processor time/cputime\n"
		      "none/Clear tree/clear_cache");
	return NULL;
}
