/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_AGENT_STEP_H
#define CORE_AGENT_AGENT_STEP_H

#include <stdbool.h>

/* Where a spec "kind:RUN/STEP,more" names its checkpoint. */
struct agent_step {
	const char *run, *step; /* inside of the spec */
	int run_len, step_len;
};

/* False where there is no step; `latest` is none. */
bool agent_step_of(const char *spec, struct agent_step *out);

/* Orders two specs by all but their steps; 0: nothing else differs. */
int agent_step_order(const char *a, const struct agent_step *x, const char *b,
		     const struct agent_step *y);

#endif
