/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_STUDY_VIEW_H
#define CORE_SESSION_STUDY_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/lab/study_picture.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

/*
 * A study of the lab as it is looked at: its verdict, gates and estimates, what
 * was spent on each arm, and its measures as curves over x, the seeds brought
 * together.  Everything lives in the bag but the drawings.
 */

/* One arm in one panel: [count], ascending in x.  A value is the mean over the
 * seeds with Student's 95 % interval; of one seed, with its own interval, if it
 * has one, else NAN. */
struct study_line {
	int arm; /* place among the arms */
	size_t count;
	double *x, *y, *low, *high;
	int *seeds;
};

/* One measure.  "curve/17" is part "17" of the group "curve".  Measures without
 * parts come first; then panels of a group stand together, their parts in the
 * order of their numbers. */
struct study_panel {
	const char *name, *group, *part; /* part NULL: not in parts */
	bool whole;                      /* every x is a whole number */
	struct study_line *lines;        /* [line_count], by arm */
	int line_count;
	size_t longest; /* points of the longest line */
};

struct study_group {
	const char *name;
	int first, count; /* panels */
};

/* What a loss did to a block of an arm, the mean over its trials. */
struct study_moved {
	const char *block, *loss;
	double norm;
};

/* What an arm took, over its trials. */
struct study_cost {
	int trials, done, failed;
	int idle; /* further ones, which are done and did nothing */
	int64_t games, state_bytes; /* the most of any trial */
	double flops;               /* of a move, the most; NAN */
	double seconds;             /* of processors, in all */
	int64_t scored, trained_on; /* positions, in all */
	int held, changed;          /* trials whose weights were the same after
				     * they were scored, or not */
	const char *run;            /* its learner; NULL: none in this lab */
	const char *message;        /* why a trial failed; NULL */
	struct study_moved *moved;  /* [moved_count] */
	int moved_count;
	struct store_kept *kept; /* of its first trial */
	size_t kept_count;
};

/* A link of the chain of hashes: what an arm kept as "chain" at a seed, a line
 * for each thing with its hash, and the hash of all of that. */
struct study_link {
	int arm;
	uint64_t seed;
	const char *text, *sha256;
};

enum { STUDY_SEEDS_KEPT = 32 };

struct study_view {
	struct store_bag bag;
	struct store_study study;
	struct store_arm *arms;
	struct study_cost *costs; /* [arm_count] */
	struct store_gate *gates;
	struct store_estimate *estimates;
	struct study_panel *panels;
	struct study_group *groups;
	size_t arm_count, gate_count, estimate_count;
	int panel_count, group_count;
	int plain_count;        /* panels without parts, which are the first */
	struct study_cost all;  /* of all arms, without ledger and run */
	int seeds;              /* how many there are */
	const char *processors; /* kinds, with commas; "" */
	struct study_link *links; /* [link_count], in the order of running */
	int link_count;
	struct study_drawings drawings; /* that the study offers */
	/* Student's quantiles by the number of values; private. */
	double student[STUDY_SEEDS_KEPT];
};

/* Read anew.  ERR_NOTFOUND: no such study; after an error it is empty. */
ATTR_NODISCARD enum err_code study_view_read(struct study_view *v,
					     struct store *s, const char *name,
					     struct err *e);
void study_view_release(struct study_view *v);

#endif
