/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_CSV_H
#define CORE_BASE_CSV_H

#include "core/base/buf.h"

/* Comma-separated values (RFC 4180), line ends as \n. */

/* Quoted where it must be. */
void csv_text(struct buf *out, const char *text);
/* A comma, then the figure such that it is read back as it is; nothing if it
 * is NAN. */
void csv_number(struct buf *out, double v);

#endif
