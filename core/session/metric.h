/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_METRIC_H
#define CORE_SESSION_METRIC_H

#include <stdbool.h>

/*
 * What is known of the figures that runs keep, by their names.  A name that no
 * table knows is a metric too: it is shown under its own name.
 */
struct metric {
	const char *name;  /* NULL: of those that are not known */
	const char *title; /* NULL: the name itself */
	bool whole;  /* values are read as whole numbers: 12k, not 0.012 */
	bool steady; /* not smoothed: already an estimate, or a setting */
};

/* Never NULL. */
const struct metric *metric_find(const char *name);
const char *metric_title(const char *name); /* `name` itself if it has none */

/* The order in which pages show them: known ones in the table's order, then
 * the others by name.  As strcmp(). */
int metric_compare(const char *a, const char *b);

#endif
