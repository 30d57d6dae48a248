/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/study/claim_int.h"

bool claim_left_out(const struct claim_conf *c, const char *arm)
{
	const struct {
		const char *arm;
		bool out;
	} costly[] = {
		{"rules", c->rules < 1},     {"net-transfer", c->rules < 1},
		{"transfer", c->rules < 1},  {"net-doubled", c->doubled < 2},
		{"doubled", c->doubled < 2},
	};

	for (size_t i = 0; i < ARRAY_LEN(costly); i++)
		if (!strcmp(costly[i].arm, arm))
			return costly[i].out;
	return false;
}
