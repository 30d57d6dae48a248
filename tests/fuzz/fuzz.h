/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>

struct buf;
struct err;
struct fuzz_corpus;
struct rng;

/*
 * Parsers against inputs that nobody would write.  A target takes any bytes and
 * asserts what must hold of whatever its parser says; the sanitizers, with
 * which these programs are always built, see the rest.  Each target has a
 * corpus in corpus/NAME/, of inputs that are right or nearly so, from which
 * mutated ones are made.
 */
struct fuzz_target {
	const char *name;
	/* `text` is `len` bytes and a NUL after them. */
	void (*run)(const char *text, size_t len);
	const char *const *words; /* spliced into inputs; ends with NULL */
	/* (optional) Adds inputs that the program itself writes, as of now, to
	 * those of the corpus. */
	void (*make)(struct fuzz_corpus *c);
	/* (optional) Instead of changing bytes: one change of `input`. */
	void (*mutate)(struct rng *r, struct buf *input);
	/* One in so many of the usual number of inputs, where each takes long;
	 * 0: all of them. */
	long rare;
};

void fuzz_corpus_add(struct fuzz_corpus *c, const void *data, size_t len);

extern const struct fuzz_target fuzz_targets[]; /* ends with a NULL name */

/* Like assert(), but tells which input it was. */
#define fuzz_check(truth) fuzz_holds((truth) != 0, #truth, __FILE__, __LINE__)
void fuzz_holds(int truth, const char *text, const char *file, int line);

/* An error is one sentence that fits a line. */
void fuzz_check_error(const struct err *e);

#endif
