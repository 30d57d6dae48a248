/* SPDX-License-Identifier: MIT */
#ifndef STORE_STUDY_H
#define STORE_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* An experiment.  Its plan is written first and never changes. */
struct store_study {
	int64_t id;
	const char *name;        /* unique */
	const char *kind, *size; /* of the program's table; NULL: "" */
	const char *question;    /* one sentence */
	const char *metric;      /* what is measured */
	const char *thresholds;  /* what will count as what */
	const char *frozen;      /* what must not change while it runs */
	const char *plan;        /* arms, seeds, data: the complete text */
	int64_t planned_ms;      /* 0 going in: now */
	/* Filled in by the store: */
	const char *plan_sha256;
	const char *verdict; /* NULL: not decided */
	const char *reason;
	int64_t decided_ms;
	int64_t job_id; /* that worked on it last; 0 */
};

/* One condition of a study. */
struct store_arm {
	int64_t id, study_id;
	const char *name; /* unique in its study */
	const char *role; /* "arm", "control", "teacher", "gate" */
	const char *config;
	int64_t run_id;             /* its learner; 0 */
	const char *data_sha256;    /* of the data that it may see, or NULL */
	const char *weights_before; /* SHA-256 of frozen weights, or NULL */
	const char *weights_after;
	int64_t state_bytes;   /* that it may carry between moves */
	double flops_per_move; /* NAN: not known */
	const char *status;    /* "planned" "running" "done" "failed" */
};

/* A figure: `name` at `x` (games of context, temperature, stage ...). */
struct store_measure {
	int64_t arm_id;
	const char *name;
	uint64_t seed;
	double x, value, low, high; /* low, high: 95 % interval; NAN */
	int64_t n;                  /* games or positions behind it */
	int64_t created_ms;         /* only when read */
};

STORE_NODISCARD enum store_status
store_study_plan(struct store *s, const struct store_study *p, int64_t *id);
/* STORE_REFUSED if there is a verdict already.  decided_ms 0: now. */
STORE_NODISCARD enum store_status
store_study_decide(struct store *s, int64_t study_id, const char *verdict,
		   const char *reason, int64_t decided_ms);
/* The job that works on it from now on. */
STORE_NODISCARD enum store_status
store_study_claim(struct store *s, int64_t study_id, int64_t job_id);
STORE_NODISCARD enum store_status store_study_find(struct store *s,
						   struct store_bag *bag,
						   const char *name,
						   struct store_study *out);
STORE_NODISCARD enum store_status store_study_list(struct store *s,
						   struct store_bag *bag,
						   struct store_study **rows,
						   size_t *count);

/* A study as lists show it: how far it is, and what its gates said. */
struct store_study_state {
	struct store_study study;
	int64_t arms, trials, done, failed; /* done, failed: of the trials */
	int64_t gates, judged, passed;      /* judged, passed: of the gates */
};
/* Newest plan first. */
STORE_NODISCARD enum store_status
store_study_states(struct store *s, struct store_bag *bag,
		   struct store_study_state **rows, size_t *count);

STORE_NODISCARD enum store_status
store_arm_add(struct store *s, const struct store_arm *a, int64_t *id);
/* New run_id, data, weights, state_bytes, flops_per_move, status. */
STORE_NODISCARD enum store_status store_arm_update(struct store *s,
						   const struct store_arm *a);
STORE_NODISCARD enum store_status
store_arm_list(struct store *s, struct store_bag *bag, int64_t study_id,
	       struct store_arm **rows, size_t *count);
STORE_NODISCARD enum store_status
store_measure_add(struct store *s, const struct store_measure *m);
/* By name, seed, x. */
STORE_NODISCARD enum store_status
store_measure_list(struct store *s, struct store_bag *bag, int64_t arm_id,
		   struct store_measure **rows, size_t *count);

/* Notes and tags hang on a row: "run", "checkpoint", "game", "match",
 * "search" or "study", and its id. */
struct store_note {
	int64_t id;
	const char *subject;
	int64_t subject_id;
	const char *text;
	int64_t created_ms;
};

STORE_NODISCARD enum store_status
store_note_add(struct store *s, const struct store_note *n, int64_t *id);
STORE_NODISCARD enum store_status store_note_remove(struct store *s,
						    int64_t note_id);
/* Oldest first; subject NULL: all. */
STORE_NODISCARD enum store_status
store_note_list(struct store *s, struct store_bag *bag, const char *subject,
		int64_t subject_id, struct store_note **rows, size_t *count);
/* Setting a tag twice, or removing one that is not there, is not an error. */
STORE_NODISCARD enum store_status store_tag_set(struct store *s,
						const char *subject,
						int64_t subject_id,
						const char *tag, bool on);
STORE_NODISCARD enum store_status
store_tag_list(struct store *s, struct store_bag *bag, const char *subject,
	       int64_t subject_id, const char ***tags, size_t *count);

#endif
