/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_WORKER_H
#define CORE_SESSION_WORKER_H

#include <pthread.h>

#include "core/base/attr.h"

/* Start a thread that leaves all signals but those of a crash to the one that
 * owns the terminal.  0, or an errno value. */
ATTR_NODISCARD int worker_start(pthread_t *out, void *(*work)(void *arg),
				void *arg);

#endif
