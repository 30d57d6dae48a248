/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_STANDINGS_INT_H
#define CORE_SESSION_STANDINGS_INT_H

#include "core/session/standings.h"

/* The curves of rows that are ranked: s->curves, and where each row stands. */
STORE_NODISCARD enum store_status standings_read_curves(struct standings *s,
							struct store *store);

#endif
