/* SPDX-License-Identifier: MIT */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* Shared by the files of store/, and by its tests. */

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

enum { STMT_SLOTS = 96 };

/* The most that a row can hold: doubles are exact so far; no game is longer;
 * and no two agents are further apart. */
#define MOST_COUNTED ((int64_t)1 << 53)
#define MOST_PLIES (1 << 24)
#define MOST_FLOATS (1 << 28)
#define MOST_ELO 1e6

struct stmt_slot {
	sqlite3_stmt *st; /* owned; NULL: free */
	uint32_t hash;    /* of its text */
	uint64_t used;    /* clock of its last use */
	bool taken;       /* between sql_open() and its end */
};

/* Tells whether anybody has written a file since. */
struct file_stamp {
	int64_t size, sec, nsec;
	int64_t wal; /* 1: a -wal with something in it lies beside */
	int64_t wal_sec, wal_nsec;
};
struct file_stamp file_stamp(const char *real);

struct store {
	sqlite3 *db; /* owned */
	char *path;  /* owned; as the caller named it */
	char *real;  /* owned; without links: -wal lies beside it */
	bool readonly;
	bool immutable;          /* opened as a file that nobody writes ... */
	struct file_stamp stamp; /* ... and as it was then */
	bool copied;             /* db is a copy in memory */
	int64_t device, inode;   /* of the file that is open */
	bool in_tx;
	int changes;                 /* rows that the last write changed */
	enum store_status tx_failed; /* first failed write of a transaction */
	int64_t version_base;        /* for store_data_version() */
	uint64_t clock;
	/* For whom a busy file is waited for, see store_wait(). */
	bool (*goes_on)(void *ctx, double seconds);
	void *goes_on_ctx;
	bool (*wanted)(void *ctx); /* of store_while(); NULL: always */
	void *wanted_ctx;
	int64_t busy_ms;    /* that it is waited for at least */
	int64_t busy_since; /* of the wait in hand: monotonic ms */
	/* (optional) Told of each value that cannot be, and reading goes on. */
	void (*on_damaged)(void *ctx, const char *message);
	void *damaged_ctx;
	struct stmt_slot slots[STMT_SLOTS];
	char message[STORE_MESSAGE_SIZE];
};

/* mem.c: allocation that aborts when memory runs out. */
/* Memory ran out: ends the process. */
void mem_none(void) __attribute__((noreturn));
void *mem_get(size_t bytes) __attribute__((malloc, returns_nonnull));
void *mem_grow(void *p, size_t bytes) __attribute__((returns_nonnull));
char *mem_text(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Rows of unknown number: collect, then hand over to a bag. */
struct rows {
	size_t size; /* of one */
	size_t count, cap;
	char *data; /* owned until rows_give() */
};
#define ROWS_OF(type)                \
	{                            \
		.size = sizeof(type) \
	}
void *rows_push(struct rows *r); /* a zeroed one */
/* On success of `st` moves the rows into the bag, else frees them. */
enum store_status rows_give(struct rows *r, enum store_status st,
			    struct store_bag *bag, void *out, size_t *count);

/* sql.c: statements, kept on the handle, and transactions; fail.c: what went
 * wrong.  `what` finishes "cannot ...". */
struct sql {
	struct store *s; /* borrowed */
	const char *what;
	sqlite3_stmt *st; /* NULL: could not be prepared; see `failed` */
	struct stmt_slot *slot;
	int bind, col; /* next one */
	enum store_status failed;
	bool write;
};
void sql_read(struct sql *q, struct store *s, const char *what,
	      const char *text);
void sql_write(struct sql *q, struct store *s, const char *what,
	       const char *text);
void sql_int(struct sql *q, int64_t v);
void sql_id(struct sql *q, int64_t v);       /* 0 is NULL */
void sql_step_id(struct sql *q, int64_t v);  /* -1 is NULL */
void sql_real(struct sql *q, double v);      /* NAN is NULL */
void sql_text(struct sql *q, const char *v); /* NULL is NULL */
void sql_blob(struct sql *q, const void *v, size_t len);
/* A next row?  Ends the statement when there is none. */
bool sql_next(struct sql *q);
/* Ends a reading statement early or late: its status. */
enum store_status sql_end(struct sql *q);
/* Runs a writing statement to its end. */
enum store_status sql_run(struct sql *q);
/* The same; *id (may be NULL) is the row that was added. */
enum store_status sql_add(struct sql *q, int64_t *id);
/*
 * Columns of the row, left to right.  The schema keeps most of what cannot be
 * out, but a file may have been written by other hands: what the program relies
 * on is looked at here, at the one place where rows come in.  A value that
 * cannot be ends the reading with STORE_DAMAGED and a sentence that names it;
 * the value returned is one that can.  After the columns of a row q->failed
 * tells.
 */
int64_t sql_col_int(struct sql *q);    /* any; NULL is 0: ids, seeds */
int64_t sql_col_count(struct sql *q);  /* 0 to 2^53: counts, times */
int sql_col_small(struct sql *q);      /* 0 to 2^24: plies */
int64_t sql_col_floats(struct sql *q); /* 0 to 2^28: weights */
int64_t sql_col_step(struct sql *q);   /* -1 to 2^53; NULL is -1 */
double sql_col_real(struct sql *q);    /* NULL and infinite are NAN */
double sql_col_between(struct sql *q, double min, double max); /* or NAN */
double sql_col_elo(struct sql *q); /* within a million; NULL is NAN */
const char *sql_col_text(struct sql *q, struct store_bag *bag); /* or NULL */
const char *sql_col_need(struct sql *q, struct store_bag *bag); /* not NULL */
/* The column that was read last is `value`, which cannot be. */
void sql_col_wrong(struct sql *q, const char *value);
/* Valid until the next row. */
const void *sql_col_blob(struct sql *q, size_t *len);
int sql_changes(struct store *s);

/* Where there is no handle: fills message[STORE_MESSAGE_SIZE], which may be
 * NULL, and returns `st`. */
enum store_status message_say(char *message, enum store_status st,
			      const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Sets the message, returns `st`.  The sentence begins with the file. */
enum store_status store_say(struct store *s, enum store_status st,
			    const char *fmt, ...) PRINTF_LIKE(3, 4);
/* What SQLite's last failure on the handle means: "cannot `what`: ...". */
enum store_status store_fail(struct store *s, const char *what);
/* A statement without parameters or rows that is not kept. */
enum store_status store_exec(struct store *s, const char *what,
			     const char *text);
void sql_drop_all(struct store *s);

/* A transaction of one's own where the caller has none. */
struct own_tx {
	bool mine;
};
enum store_status own_begin(struct store *s, struct own_tx *t);
enum store_status own_end(struct store *s, struct own_tx *t,
			  enum store_status st);

/* schema.c */
struct migration {
	int version; /* that it leads to, from 1 */
	const char *sql;
};
extern const char schema_study[]; /* schema_study.c: a step */
extern const struct migration schema_migrations[];
extern const size_t schema_migration_count;
/* All steps above the file's version, in one transaction. */
enum store_status store_migrate(struct store *s, const struct migration *list,
				size_t count);

/* The schema's version that the file names. */
enum store_status store_version(struct store *s, int *version);

/* shape.c: STORE_REFUSED if the schema is not the one of its version, or
 * something of others hangs on it. */
enum store_status store_shape(struct store *s);

/* copy.c: the handle goes on with a copy in memory of what it has open; or of
 * the file and its log, where SQLite cannot read them as they lie. */
enum store_status copy_of_lab(struct store *s);
enum store_status copy_of_files(struct store *s);

/* wal.c */
/* False: beside the file lies a -wal of another state of it, and replaying that
 * would mix the two. */
bool wal_belongs(const char *real);

/* file.c: what can be told before SQLite touches the file. */
enum store_status file_probe(const char *path, bool *writable, bool *wal,
			     char **real, char message[STORE_MESSAGE_SIZE]);
enum store_status file_create(const char *path,
			      char message[STORE_MESSAGE_SIZE]);
char *file_uri(const char *path, const char *query);
/* So that a name given in it survives a power cut. */
void file_sync_folder(const char *path);

/* pack.c */
/* What is written with every commit, with zstd's own choice; and what is
 * written once and stays, like weights: 7% smaller in four times the time. */
enum pack_level { PACK_OFTEN = 3, PACK_ONCE = 9 };
void *pack_zstd(const void *data, size_t len, enum pack_level level,
		size_t *out_len);
/* `len` must be what was packed; NULL if the bytes are not that, or would grow
 * to more than MOST_UNPACKED, or to more than PACK_ANY and PACK_BEST times. */
#define MOST_UNPACKED ((size_t)2 << 30)
enum { PACK_ANY = 64 << 20, PACK_BEST = 1000 };
void *unpack_zstd(const void *data, size_t packed, size_t len);
/* Little-endian bytes of floats, and back. */
void floats_to_bytes(const float *in, size_t count, unsigned char *out);
void floats_from_bytes(const unsigned char *in, size_t count, float *out);
uint32_t bytes_be32(const unsigned char *p); /* as SQLite's files have them */
void bytes_sha256(const void *data, size_t len, char hex[65]);

int64_t now_ms(void);

/* game.c: reads every game, search and annotation, as the program would. */
enum store_status games_read_all(struct store *s);

/* life.c: reads every life, and its bytes. */
enum store_status lives_check(struct store *s,
			      void (*report)(void *ctx, const char *problem),
			      void *ctx);

/* match.c: the id of an agent's row, made if it is new; 0 for NULL. */
enum store_status agent_id(struct store *s, const char *spec, int64_t *id);

#endif
