/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/metric.h"

#include <string.h>

/* In the order of the pages. */
static const struct metric metrics[] = {
	{"elo", "Elo", true, true},
	{"grade.class", "grade: result kept", false, true},
	{"grade.score", "grade: best moves", false, true},
	{"score", "mean score", true, true},
	{"loss.policy", "policy loss", false, false},
	{"loss.value", "value loss", false, false},
	{"loss.ownership", "owner loss", false, false},
	{"loss.lead", "lead loss", false, false},
	{"loss.result", "result loss", false, false},
	{"kl", "KL search | prior", false, false},
	{"entropy", "policy entropy", false, false},
	{"agree", "net agrees", false, false},
	{"length", "game length", false, false},
	{"first_score", "first player scores", false, false},
	{"selfplay.score", "self-play score", true, false},
	{"games_per_second", "games a second", false, false},
	{"heldout.agree", "held out: agrees", false, true},
	{"heldout.kl", "held out: KL", false, true},
	{"heldout.value_error", "held out: v error", false, true},
	{"heldout.loss.policy", "held out: p loss", false, true},
	{"heldout.loss.value", "held out: v loss", false, true},
	{"rate", "learning rate", false, true},
	{"gradient", "gradient norm", false, false},
	{"search.entropy", "search entropy", false, false},
	{"search.changed", "search overturns net", false, false},
	{"surprise", "returns not foreseen", false, false},
	{"anchor.kl", "KL to first policy", false, false},
	{"network.share", "time in network", false, false},
	{"cache.share", "positions known", false, false},
	{"positions_per_second", "moves a second", false, false},
	{"idle", "threads idle", false, false},
	{"time.network", "ms a game: network", false, false},
	{"time.search", "ms a game: search", false, false},
	{"time.training", "ms a game: training", false, false},
	{NULL, NULL, false, false},
};

const struct metric *metric_find(const char *name)
{
	const struct metric *m = metrics;

	while (m->name && strcmp(m->name, name))
		m++;
	return m;
}

const char *metric_title(const char *name)
{
	const struct metric *m = metric_find(name);

	return m->title ? m->title : name;
}

int metric_compare(const char *a, const char *b)
{
	const struct metric *p = metric_find(a), *q = metric_find(b);

	if (p != q)
		return p < q ? -1 : 1;
	return strcmp(a, b);
}
