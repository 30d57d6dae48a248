/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_FILE_H
#define CORE_LAB_STUDY_FILE_H

#include "core/base/buf.h"
#include "core/lab/lab.h"
#include "core/lab/study_rows.h"

/*
 * A study as one file: its plan, rows, networks, games and what its trials
 * kept, for any other lab.  What a trial kept that is larger than a limit goes
 * along as its hash alone, and such networks stay behind.  The first line says
 *what the file is, how long, and the SHA-256 of the rest, which is packed with
 *zstd:
 *
 *	plyscope study 1 UNPACKED PACKED SHA256
 */
enum { STUDY_FILE_BLOB = 1 << 20 }; /* bytes, a usual limit */

/* Added to `out`. */
ATTR_NODISCARD enum err_code study_file_write(struct lab *lab,
					      const struct study_rows *r,
					      size_t most_blob, struct buf *out,
					      struct err *e);

/*
 * All of it goes into the lab, or nothing.  `origin` names the file in errors;
 * the study is called `as`, or as the file says (NULL).  ERR_FORMAT: it is
 * none, was cut short or altered, or its hashes do not agree; ERR_VERSION;
 * ERR_USAGE: there is a study or a run of this name.  `name` gets what it is
 * called.
 */
ATTR_NODISCARD enum err_code study_file_read(struct lab *lab, const void *data,
					     size_t len, const char *origin,
					     const char *as, struct buf *name,
					     struct err *e);

/* The outer form alone: `body` packed under its first line, and back. */
void study_file_pack(const struct buf *body, struct buf *out);
ATTR_NODISCARD enum err_code study_file_unpack(const void *data, size_t len,
					       const char *origin,
					       struct buf *body, struct err *e);

#endif
