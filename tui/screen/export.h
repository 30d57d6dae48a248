/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_EXPORT_H
#define TUI_SCREEN_EXPORT_H

#include "core/base/buf.h"
#include "core/base/err.h"

/* Write `text` to a file of the working directory, in place of one of that
 * name.  Characters that do not belong into a file name are replaced in
 * `name`. */
ATTR_NODISCARD enum err_code export_text(char *name, const struct buf *text,
					 struct err *e);

#endif
