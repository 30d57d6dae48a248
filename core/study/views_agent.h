/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_VIEWS_AGENT_H
#define CORE_STUDY_VIEWS_AGENT_H

struct agent;
struct rng;
struct thought;

/* The move of an agent that says of a position what views.h keeps, logs(said):
 * the likeliest, or drawn at a temperature.  Its thought has what was said. */
void views_choose(struct agent *a, const float *logs, float temperature,
		  struct rng *r, struct thought *out);

#endif
