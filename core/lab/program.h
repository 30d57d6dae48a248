/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_PROGRAM_H
#define CORE_LAB_PROGRAM_H

#include "core/base/buf.h"

/* Which program this is, as one line: its version and the SHA-256 of the file
 * that runs, with all that is linked into it; libraries that are loaded are
 * not.  "sha256 unknown" where the system does not show the file. */
void lab_program(struct buf *out);

#endif
