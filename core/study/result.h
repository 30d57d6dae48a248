/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_RESULT_H
#define CORE_STUDY_RESULT_H

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/study/plan.h"

/*
 * What a trial made, and how it is run.  Who keeps results gives a sink; the
 * lab's writes rows, that of core/study/bench.h keeps them in memory.
 */
struct study_measured {
	char *name; /* owned */
	double x, value, low, high;
	int64_t n;
};

struct study_blob {
	char *name; /* owned */
	char *data; /* owned; NULL: only its hash is known */
	size_t len;
	char sha256[DIGEST_SIZE]; /* of data; "": not computed */
};

struct study_entry {        /* of the ledger */
	char *block, *loss; /* owned */
	double norm;
};

struct study_net {           /* game NULL: none */
	char *game, *config; /* owned; config as net_config_format() writes */
	float *params;       /* [count], owned */
	size_t count;
	int64_t games, samples;
};

struct study_played {
	char *game, *first, *second, *moves; /* owned; second may be NULL */
	int plies, opening;
	double result;
};

struct study_result {
	struct study_measured *measures; /* owned */
	size_t measure_count;
	struct study_blob *blobs; /* owned */
	size_t blob_count;
	struct study_entry *ledger; /* owned */
	size_t ledger_count;
	struct study_net net;
	struct study_played *played; /* owned */
	size_t played_count;
	int64_t state_bytes, games;
	double flops_per_move; /* NAN: not known */
	int64_t scored, trained_on;
	char before[DIGEST_SIZE], after[DIGEST_SIZE]; /* "": none */
};
void study_result_release(struct study_result *r);
/* Bytes under a name that it has not yet; copied. */
void study_result_keep(struct study_result *r, const char *name,
		       const void *data, size_t len);

/* As bytes, and back; false: they are not what was written.  *out is released
 * by the caller in either case. */
void study_result_write(const struct study_result *r, struct buf *out);
bool study_result_read(struct reader *r, struct study_result *out);

struct study_sink {
	/* (optional) NULL: goes on. */
	bool (*goes_on)(void *self);
	/* (optional) */
	void (*progress)(void *self, double done, double total,
			 const char *text);
	/* What an arm of this seed kept, added to `out`. */
	enum err_code (*kept)(void *self, const char *arm, uint64_t seed,
			      const char *name, struct buf *out, struct err *e);
	/* (optional) A part of a life, added to `out`, and one to keep: as
	 * study_life(). */
	enum err_code (*life)(void *self, const char *set, uint64_t seed,
			      enum life_part part, struct buf *out,
			      struct err *e);
	enum err_code (*life_put)(void *self, const char *set, uint64_t seed,
				  enum life_part part, const char *settings,
				  const void *data, size_t len, struct err *e);
	bool (*life_follows)(void *self, const char *set, uint64_t seed,
			     enum life_part part);
	/* (optional) As study_gate_held(). */
	enum err_code (*held)(void *self, const char *kind, const char *gate,
			      bool *yes, struct buf *which, struct err *e);
	/* (optional) Where the trial stands, and where it stood: nothing added
	 * where nothing was saved. */
	enum err_code (*save)(void *self, const struct buf *state,
			      struct err *e);
	enum err_code (*saved)(void *self, struct buf *out, struct err *e);
	void *self;
};

/* Run trial `i` of the plan.  *out is released by the caller, also after an
 * error. */
ATTR_NODISCARD enum err_code study_try(const struct study_plan *p, int i,
				       struct pool *pool,
				       const struct agent_source *agents,
				       const struct study_sink *sink,
				       struct study_result *out, struct err *e);

#endif
