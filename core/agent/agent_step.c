/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/agent_step.h"

#include <ctype.h>
#include <string.h>

#include "core/agent/agent.h"

bool agent_step_of(const char *spec, struct agent_step *out)
{
	const char *colon = strchr(spec, ':'), *end, *slash;

	if (!colon || !agent_needs_network(spec))
		return false;
	end = colon + 1 + strcspn(colon + 1, ",");
	for (slash = end; slash > colon + 1 && *slash != '/'; slash--)
		;
	if (*slash != '/' || slash + 1 == end)
		return false;
	for (const char *p = slash + 1; p < end; p++) {
		if (!isdigit((unsigned char)*p))
			return false;
	}
	*out = (struct agent_step){.run = colon + 1,
				   .run_len = (int)(slash - colon - 1),
				   .step = slash + 1,
				   .step_len = (int)(end - slash - 1)};
	return true;
}

int agent_step_order(const char *a, const struct agent_step *x, const char *b,
		     const struct agent_step *y)
{
	int p = (int)(x->step - a), q = (int)(y->step - b);
	int order = strncmp(a, b, (size_t)(p < q ? p : q));

	if (!order)
		order = (p > q) - (p < q);
	return order ? order
		     : strcmp(x->step + x->step_len, y->step + y->step_len);
}
