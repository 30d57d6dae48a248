/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/kind.h"
#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/study/study.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"

/*
 * What may come next on a command line, for the shells: scripts of theirs, in
 * assets/completion/, ask with the words typed so far and show what is said, a
 * word a line; ":file" stands for the names of files.  All of it comes from the
 * table of commands and from the lab.
 */
enum { WORD_MOST = 128 };

struct completing {
	const char *const *words; /* behind the program's name */
	int count;
	const char *part; /* of the word in hand: the last one */
	const char *lab;  /* where no other is named */
	struct store *s;  /* owned; NULL: there is no lab to read */
	struct buf out;
};

static void offer(struct completing *c, const char *word)
{
	if (!strncmp(word, c->part, strlen(c->part)))
		buf_printf(&c->out, "%s\n", word);
}

/* --- what the lab has ---------------------------------------------------- */

/* The steps of the run that the word names before its slash. */
static void offer_steps(struct completing *c, const char *before,
			const char *typed)
{
	const char *slash = strchr(typed, '/');
	struct store_bag bag = {0};
	struct store_checkpoint *rows;
	struct store_run run;
	char name[WORD_MOST], word[2 * WORD_MOST];
	size_t count = 0;

	snprintf(name, sizeof(name), "%.*s", (int)(slash - typed), typed);
	if (store_run_find(c->s, &bag, name, &run) ||
	    store_checkpoint_list(c->s, &bag, run.id, &rows, &count))
		count = 0;
	if (count) {
		snprintf(word, sizeof(word), "%s%s/latest", before, name);
		offer(c, word);
	}
	for (size_t i = 0; i < count; i++) {
		snprintf(word, sizeof(word), "%s%s/%lld", before, name,
			 (long long)rows[i].step);
		offer(c, word);
	}
	store_bag_release(&bag);
}

/* Each run's name between the two, or steps where a run is named already. */
static void offer_runs(struct completing *c, const char *before,
		       const char *after)
{
	size_t n = strlen(before);
	struct store_bag bag = {0};
	struct store_run *rows;
	char word[2 * WORD_MOST];
	size_t count;

	if (!c->s)
		return;
	if (!strncmp(c->part, before, n) && strchr(c->part + n, '/')) {
		if (*after)
			offer_steps(c, before, c->part + n);
		return;
	}
	if (store_run_list(c->s, &bag, &rows, &count))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		snprintf(word, sizeof(word), "%s%s%s", before, rows[i].name,
			 after);
		offer(c, word);
	}
	store_bag_release(&bag);
}

/* --- kinds of values ----------------------------------------------------- */

static void offer_agents(struct completing *c)
{
	char word[WORD_MOST];

	for (const struct agent_kind *const *k = agent_kinds; *k; k++) {
		if ((*k)->mind == AGENT_NO_MIND) {
			offer(c, (*k)->name);
			continue;
		}
		snprintf(word, sizeof(word), "%s:", (*k)->name);
		/* Their own text once they are chosen. */
		if (strncmp(c->part, word, strlen(word)) != 0) {
			offer(c, word);
			continue;
		}
		if ((*k)->mind == AGENT_COMMAND)
			continue;
		offer_runs(c, word, "/");
		if ((*k)->mind == AGENT_EVALUATOR) {
			snprintf(word, sizeof(word), "%s:uniform", (*k)->name);
			offer(c, word);
			snprintf(word, sizeof(word), "%s:rollout", (*k)->name);
			offer(c, word);
		}
	}
}

static void offer_games(struct completing *c)
{
	for (const struct game_member *m = game_members; m->name; m++)
		offer(c, m->name);
}

static void offer_commands(struct completing *c)
{
	for (const struct cmd *const *k = cmd_table; *k; k++)
		offer(c, (*k)->name);
}

static void offer_studies(struct completing *c)
{
	for (const struct study *const *s = study_table; *s; s++)
		offer(c, (*s)->name);
}

static void offer_formats(struct completing *c)
{
	static const char *const names[] = {"sgf", "pgn", "plain", NULL};

	for (const char *const *n = names; *n; n++)
		offer(c, *n);
}

static void offer_files(struct completing *c)
{
	buf_puts(&c->out, ":file\n");
}

static void offer_run_names(struct completing *c)
{
	offer_runs(c, "", "");
}

static void offer_checkpoints(struct completing *c)
{
	offer_runs(c, "", "/");
}

static void offer_sources(struct completing *c)
{
	offer_checkpoints(c);
	offer_agents(c);
}

/* What a placeholder of a synopsis or of an option stands for. */
static void offer_kind(struct completing *c, const char *name, size_t len)
{
	static const struct {
		const char *name;
		void (*offer)(struct completing *c);
	} kinds[] = {
		{"GAME", offer_games},           {"FILE", offer_files},
		{"AGENT", offer_agents},         {"SPEC", offer_agents},
		{"NAME", offer_run_names},       {"RUN", offer_run_names},
		{"SOURCE", offer_sources},       {"COMMAND", offer_commands},
		{"FORMAT", offer_formats},       {"STUDY", offer_studies},
		{"RUN/STEP", offer_checkpoints},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strlen(kinds[i].name) == len &&
		    !strncmp(kinds[i].name, name, len))
			kinds[i].offer(c);
}

/* "random:K|FILE", "first|second": words in small letters are themselves. */
static void offer_value(struct completing *c, const char *text, size_t len)
{
	char word[WORD_MOST];

	while (len > 0) {
		size_t n = 0;

		while (n < len && text[n] != '|')
			n++;
		if (n && n < sizeof(word) && islower((unsigned char)text[0])) {
			snprintf(word, sizeof(word), "%.*s",
				 (int)strcspn(text, "KNMS|"), text);
			if (n < strlen(word))
				word[n] = '\0';
			offer(c, word);
		} else {
			offer_kind(c, text, n);
		}
		text += n + (n < len);
		len -= n + (n < len);
	}
}

/* --- options and places -------------------------------------------------- */

static const struct cmd_option *typed_option(const struct cmd *cmd,
					     const char *word)
{
	return !strncmp(word, "--", 2) ? option_find(cmd->options, word + 2)
				       : NULL;
}

static void offer_options(struct completing *c, const struct cmd *cmd)
{
	char word[WORD_MOST];

	for (const struct cmd_option *o = cmd->options; o && o->conf.name;
	     o++) {
		snprintf(word, sizeof(word), "--%s", o->conf.name);
		if (!o->place)
			offer(c, word);
	}
	offer(c, "--lab");
	offer(c, "--help");
}

/* The next word of a synopsis, without brackets and dots; its length, 0 where
 * options begin or the alternative ends. */
static size_t synopsis_word(const char **at, const char **word)
{
	size_t n;

	*at += strspn(*at, " ");
	if (**at == '|' || !strncmp(*at, "[--", 3) || !strncmp(*at, "--", 2) ||
	    !strncmp(*at, "[key", 4) || **at == '<' || !**at)
		return 0;
	*at += **at == '[';
	*word = *at;
	n = strcspn(*at, " ");
	*at += n;
	while (n && strchr("].", (*word)[n - 1]))
		n--;
	return n;
}

/* Is `typed` one of the words a|b|c? */
static bool among(const char *words, size_t len, const char *typed)
{
	size_t n = strlen(typed);

	for (size_t i = 0; i + n <= len; i++)
		if (!strncmp(words + i, typed, n) &&
		    (i == 0 || words[i - 1] == '|') &&
		    (i + n == len || words[i + n] == '|'))
			return true;
	return false;
}

/* One way to use a command: what may stand behind the places that are typed. */
static void offer_way(struct completing *c, const char *way,
		      const char *const *typed, int count)
{
	const char *word, *last = "";
	size_t n = 0, last_len = 0;

	for (int i = 0; i < count; i++) {
		n = synopsis_word(&way, &word);
		if (n && islower((unsigned char)*word) &&
		    !among(word, n, typed[i]))
			return;
		if (n) {
			last = word;
			last_len = n;
		}
	}
	n = synopsis_word(&way, &word);
	/* FILE... goes on. */
	if (!n && count && way[-1] == '.') {
		word = last;
		n = last_len;
	}
	if (!n)
		return;
	if (n == 2 && !strncmp(word, "ID", 2) && count) {
		if (!strcmp(typed[count - 1], "run"))
			offer_run_names(c);
		else if (!strcmp(typed[count - 1], "checkpoint"))
			offer_checkpoints(c);
		return;
	}
	offer_value(c, word, n);
}

static void offer_places(struct completing *c, const struct cmd *cmd,
			 const char *const *typed, int count)
{
	const char *way = cmd->synopsis;

	/* Studies are told from runs by the command alone. */
	if (!strcmp(cmd->name, "study") && count == 1) {
		offer_studies(c);
		return;
	}
	while (way) {
		offer_way(c, way, typed, count);
		way = strstr(way, " | ");
		way = way ? way + 3 : NULL;
	}
}

static void complete(struct completing *c, const struct cmd *cmd)
{
	const char *typed[64];
	int count = 0;

	for (int i = 1; i + 1 < c->count; i++) {
		const struct cmd_option *o = typed_option(cmd, c->words[i]);

		if (o && o->value && i + 2 == c->count) {
			offer_value(c, o->value, strlen(o->value));
			return;
		}
		if (!strcmp(c->words[i], "--lab") && i + 2 == c->count) {
			offer_files(c);
			return;
		}
		if ((o && o->value) || !strcmp(c->words[i], "--lab"))
			i++;
		else if (strncmp(c->words[i], "--", 2) != 0 &&
			 count < (int)(sizeof(typed) / sizeof(*typed)))
			typed[count++] = c->words[i];
	}
	if (!strncmp(c->part, "-", 1))
		offer_options(c, cmd);
	else
		offer_places(c, cmd, typed, count);
}

/* --lab FILE of the line that is completed. */
static const char *lab_of(const struct completing *c)
{
	for (int i = 0; i + 2 < c->count; i++)
		if (!strcmp(c->words[i], "--lab"))
			return c->words[i + 1];
	return c->lab;
}

static int run(const struct cmd_line *line)
{
	char why[STORE_MESSAGE_SIZE];
	struct completing c = {
		.words = line->argv,
		.count = line->argc,
		.part = line->argc ? line->argv[line->argc - 1] : "",
		.lab = line->lab_path,
	};

	buf_init(&c.out);
	if (store_open(lab_of(&c), STORE_ONLY_READ, &c.s, why))
		c.s = NULL;
	/* Options of the program itself stand first. */
	while (c.count > 1 && !strncmp(c.words[0], "--", 2)) {
		int n = strcmp(c.words[0], "--lab") ? 1 : 2;

		if (n >= c.count) {
			offer_files(&c);
			c.count = 0;
			break;
		}
		c.words += n;
		c.count -= n;
	}
	if (c.count == 1 && c.part[0] == '-') {
		offer(&c, "--lab");
		offer(&c, "--help");
		offer(&c, "--version");
	} else if (c.count == 1) {
		offer_commands(&c);
	}
	for (const struct cmd *const *k = cmd_table; *k && c.count > 1; k++)
		if (!strcmp((*k)->name, c.words[0]))
			complete(&c, *k);
	store_close(c.s);
	return cmd_finish(line, &c.out);
}

const struct cmd cmd_complete = {
	.name = "complete",
	.synopsis = "-- WORD...",
	.summary = "the words that may come next, for shells",
	.details = "WORDs are those of a command line behind 'plyscope', the "
		   "last one as far as it is\ntyped; ':file' stands for the "
		   "names of files.",
	.max_args = -1,
	.dialogue = true,
	.run = run,
};
