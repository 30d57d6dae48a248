/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_HELD_H
#define CORE_LAB_STUDY_HELD_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "store/store.h"

/* Whether a gate of a study of this kind held, by the newest plan that was
 * judged of it, of desk size or above and on seeds that judge.  `which` gets
 * "NAME SHA256" of that plan added.  ERR_NOTFOUND: there is none. */
ATTR_NODISCARD enum err_code study_lab_held(struct store *s, const char *kind,
					    const char *gate, bool *held,
					    struct buf *which, struct err *e);

#endif
