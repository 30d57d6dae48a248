/* SPDX-License-Identifier: MIT */
#ifndef STORE_TRIAL_H
#define STORE_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* One arm of a study (store/study.h) at one seed.  Once it is done, neither it
 * nor its figures change any more. */
struct store_trial {
	int64_t id, arm_id;
	uint64_t seed;
	const char *status;      /* "planned" "running" "done" "failed" */
	const char *message;     /* why it failed, or NULL */
	const char *plan_sha256; /* of the plan under which it runs */
	const char *processor;   /* kind that it ran on, or NULL */
	int64_t started_ms;      /* 0: not yet */
	double seconds;          /* of processors; NAN */
	int64_t games;           /* learned from */
	int64_t state_bytes;     /* that it carries between moves */
	double flops_per_move;   /* NAN: not known */
	int64_t scored;          /* positions */
	int64_t trained_on;      /* of those, how many it had learned from */
	const char *weights_before, *weights_after; /* SHA-256, or NULL */
	bool measured; /* there are figures of it; only when read */
};

/* As planned, of the arm, seed and plan. */
STORE_NODISCARD enum store_status
store_trial_add(struct store *s, const struct store_trial *t, int64_t *id);
STORE_NODISCARD enum store_status
store_trial_start(struct store *s, int64_t trial_id, const char *processor);
/* Its last change: all that was measured, without id, arm, seed, plan and
 * start.  What was saved to go on is dropped. */
STORE_NODISCARD enum store_status
store_trial_finish(struct store *s, const struct store_trial *t);
STORE_NODISCARD enum store_status
store_trial_fail(struct store *s, int64_t trial_id, const char *message);
/* In the order in which they were added. */
STORE_NODISCARD enum store_status
store_trial_list(struct store *s, struct store_bag *bag, int64_t study_id,
		 struct store_trial **rows, size_t *count);

/* What a trial needs to go on; *len 0: nothing was saved. */
STORE_NODISCARD enum store_status store_trial_save(struct store *s,
						   int64_t trial_id,
						   const void *data,
						   size_t len);
STORE_NODISCARD enum store_status
store_trial_saved(struct store *s, struct store_bag *bag, int64_t trial_id,
		  const void **data, size_t *len);

/* Bytes that a trial kept. */
struct store_kept {
	int64_t id, trial_id;
	const char *name; /* unique in its trial */
	const char *sha256;
	int64_t bytes;
	bool here; /* the bytes are; else they were not imported */
};

/* `data` NULL: only its hash and size are known. */
STORE_NODISCARD enum store_status
store_kept_add(struct store *s, const struct store_kept *k, const void *data);
STORE_NODISCARD enum store_status
store_kept_list(struct store *s, struct store_bag *bag, int64_t trial_id,
		struct store_kept **rows, size_t *count);
/* What the arm kept at the seed.  The hash is computed anew: STORE_DAMAGED if
 * the bytes are not what was kept; STORE_NOTFOUND if they are not here. */
STORE_NODISCARD enum store_status
store_kept_load(struct store *s, struct store_bag *bag, int64_t arm_id,
		uint64_t seed, const char *name, const void **data,
		size_t *len);

/* That a loss moved the weights of a block, by this much in all. */
struct store_ledger {
	const char *block, *loss;
	double norm;
};
STORE_NODISCARD enum store_status
store_ledger_add(struct store *s, int64_t trial_id, int number,
		 const struct store_ledger *l);
STORE_NODISCARD enum store_status
store_ledger_list(struct store *s, struct store_bag *bag, int64_t trial_id,
		  struct store_ledger **rows, size_t *count);

/* What must hold before a study says anything. */
struct store_gate {
	const char *name, *rule;
	int passed;          /* 1, 0, -1: not judged */
	double value, bound; /* NAN */
	const char *said;    /* the figures in words, or NULL */
};
/* In the study's order, `number` from 0; one that is there is replaced. */
STORE_NODISCARD enum store_status store_gate_set(struct store *s,
						 int64_t study_id, int number,
						 const struct store_gate *g);
STORE_NODISCARD enum store_status
store_gate_list(struct store *s, struct store_bag *bag, int64_t study_id,
		struct store_gate **rows, size_t *count);

/* A figure that a verdict rests on. */
struct store_estimate {
	const char *name, *what;
	double value, low, high; /* NAN */
	int64_t n;
};
STORE_NODISCARD enum store_status
store_estimate_set(struct store *s, int64_t study_id, int number,
		   const struct store_estimate *x);
STORE_NODISCARD enum store_status
store_estimate_list(struct store *s, struct store_bag *bag, int64_t study_id,
		    struct store_estimate **rows, size_t *count);

#endif
