/* SPDX-License-Identifier: MIT */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The lab file: one SQLite database with everything that a lab knows, in rows
 * and views that plyscope-lab(5) describes.  This header holds the handle;
 * rows are in store/run.h (runs, checkpoints, metrics), store/game.h (games,
 * searches), store/match.h (matches, ratings), store/job.h, store/study.h
 * (studies, notes, tags).
 *
 * Rows are plain structs.  Going in, their strings are borrowed for the call.
 * Coming out, strings, blobs and arrays live in the caller's bag and are freed
 * with it.  In every struct: an id of 0 stands for "none", NAN for a number
 * that is not known, NULL for text that is not there; times are milliseconds
 * since 1970 UTC, and a created_ms of 0 going in means now.
 *
 * Calls return STORE_OK or say why not; store_message() then has one sentence
 * that names the file, what is wrong and what to do.  Memory running out
 * aborts.
 *
 * A handle belongs to one thread at a time; any number of handles, in any
 * number of processes, may be open on one file.
 */
struct store;

/* One list makes the enum and the words. */
#define STORE_STATUS_LIST(X)                            \
	X(IO, "input/output error")                     \
	X(BUSY, "in use by another process")            \
	X(FORMAT, "not a lab file")                     \
	X(NEWER, "made by a newer plyscope")            \
	X(NOTFOUND, "no such row")                      \
	X(EXISTS, "already there")                      \
	X(READONLY, "open for reading only")            \
	X(FULL, "disk full")                            \
	X(DAMAGED, "damaged")                           \
	X(REFUSED, "against the rules of the lab file") \
	X(CANCELLED, "given up")

enum store_status {
	STORE_OK = 0,
#define X(name, text) STORE_##name,
	STORE_STATUS_LIST(X)
#undef X
};
const char *store_status_name(enum store_status st);
/* Of the library that runs: "3.40.1". */
const char *store_sqlite_version(void);

#define STORE_NODISCARD __attribute__((warn_unused_result))

enum store_flags {
	STORE_CREATE = 1,    /* make the file if there is none */
	STORE_ONLY_READ = 2, /* for browsing: never writes */
};

enum {
	STORE_APPLICATION_ID = 0x504c5953, /* "PLYS", at byte 68 of the file */
	STORE_VERSION = 9, /* of the schema, as this program writes it */
	STORE_MESSAGE_SIZE = 480,
};

/*
 * Open a lab file, and bring an older one up to date; opened for browsing it is
 * not written to, and a copy in memory is brought up to date.  A new file
 * appears under its name whole or not at all.  A file without write permission
 * opens for reading: see store_readonly().  A file that is foreign, newer,
 * empty, truncated or damaged is left as it is: STORE_FORMAT, STORE_NEWER,
 * STORE_DAMAGED; so is one whose tables, views and triggers are not as plyscope
 * makes them, or that has others' triggers or unique indexes on them:
 * STORE_REFUSED.  Others' own tables and views are welcome.  No file and no
 * STORE_CREATE: STORE_NOTFOUND. On failure *out is NULL and `message` (may be
 * NULL) has the sentence.
 */
STORE_NODISCARD enum store_status store_open(const char *path,
					     enum store_flags flags,
					     struct store **out,
					     char message[STORE_MESSAGE_SIZE]);
/* Rolls back what was not committed.  NULL is allowed. */
void store_close(struct store *s);

const char *store_path(const struct store *s);
bool store_readonly(const struct store *s);
/* What is browsed is a copy in memory: of an older version, brought up to date
 * there, or of a file whose log cannot be replayed where it lies. */
bool store_copied(const struct store *s);
/* Give the file `from`, which is whole, the name `to` as well, or instead where
 * a file has one name; what has that name already stays.  0, or -1 and errno.
 */
int store_publish(const char *from, const char *to);

/* Remove what a process that was killed while it made the file `path` left
 * beside it, FILE.new-PID: nobody else will. */
void store_sweep(const char *path);

/* About the last call that did not return STORE_OK. */
const char *store_message(const struct store *s);

/*
 * Everything between store_begin() and store_commit() is saved together or
 * not at all, and what store_commit() returned STORE_OK for survives a killed
 * process and a power cut.  One writer at a time: store_begin() waits up to
 * ten seconds for another process, then STORE_BUSY.  Once a write inside has
 * failed, store_commit() saves nothing and returns that failure again.  Calls
 * outside a transaction are one each.  Transactions do not nest (asserted).
 */
STORE_NODISCARD enum store_status store_begin(struct store *s);
STORE_NODISCARD enum store_status store_commit(struct store *s);
void store_rollback(struct store *s); /* no transaction: does nothing */

/* How long a call waits for a file that another process keeps busy, before it
 * gives up with STORE_BUSY: at least `least_ms`, and for as long as `goes_on`
 * (may be NULL), which is asked about ten times a second with the seconds
 * waited so far, returns true.  It may not use the store.  At first: ten
 * seconds. */
enum { STORE_WAIT_MS = 10000 };
void store_wait(struct store *s, int64_t least_ms,
		bool (*goes_on)(void *ctx, double seconds), void *ctx);

/* While it reads, the handle asks `goes_on` some hundred times a second; false
 * ends the reading with STORE_CANCELLED.  NULL: it reads to the end. */
void store_while(struct store *s, bool (*goes_on)(void *ctx), void *ctx);

/* A number that changes whenever another handle has committed something: a
 * cheap poll for screens.  What this handle itself wrote does not count. */
int64_t store_data_version(struct store *s);

/* What the lab calls itself; "" if it does not say. */
enum { STORE_IDENTITY_SIZE = 64 };
void store_identity(struct store *s, char out[STORE_IDENTITY_SIZE]);

/* Look at the whole file: SQLite's own checks, references, and the hash of
 * every stored network.  Each problem is reported as one sentence; *problems
 * has their number.  STORE_OK means that the check could be made. */
STORE_NODISCARD enum store_status
store_check(struct store *s, void (*report)(void *ctx, const char *problem),
	    void *ctx, int64_t *problems);

/* A whole copy of the lab as it is now, also while others write to it, verified
 * as by store_check(), under its name once all of it is on the disk.
 * STORE_EXISTS: `to` is there already. */
STORE_NODISCARD enum store_status store_backup(struct store *s, const char *to);

/* A whole, verified copy of the lab `from` takes the name `path`.  What was
 * there is kept with all that belongs to it, under the name in `aside` (empty:
 * nothing was).  STORE_BUSY where another process has the lab open. */
STORE_NODISCARD enum store_status
store_restore(const char *from, const char *path,
	      char aside[STORE_MESSAGE_SIZE], char message[STORE_MESSAGE_SIZE]);

/* Memory of rows that were read: zero it, read, release.  May be used for any
 * number of reads. */
struct store_bag {
	void *blocks; /* private */
};
void store_bag_release(struct store_bag *bag);
void *store_bag_alloc(struct store_bag *bag, size_t bytes); /* zeroed */
char *store_bag_strdup(struct store_bag *bag, const char *text);

#endif
