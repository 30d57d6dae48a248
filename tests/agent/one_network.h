/* SPDX-License-Identifier: MIT */
#ifndef TESTS_AGENT_ONE_NETWORK_H
#define TESTS_AGENT_ONE_NETWORK_H

#include "core/agent/agent.h"

/*
 * A lab for tests: run "c4" has one checkpoint, 64, of a small network with the
 * weights of a fixed seed, and fits whatever game asks for it.  Another run or
 * step is ERR_NOTFOUND.
 */
extern const struct agent_source one_network;

/* Networks that were handed out and have not come back. */
extern int one_network_out;

#endif
