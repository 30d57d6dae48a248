/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_PAST_H
#define CORE_LAB_PAST_H

#include "core/agent/agent.h"
#include "store/store.h"

/* Stored games for an agent to read, as agent_source.past() has it. */
ATTR_NODISCARD enum err_code
past_games(struct store *s, const char *run, const char *which,
	   const struct game *g,
	   void (*take)(void *ctx, const struct agent_past *past), void *ctx,
	   struct err *e);

#endif
