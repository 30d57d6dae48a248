/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/ledger_tell.h"

#include <stdio.h>

#include "core/learn/ledger.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/study/study.h"

/* `before` stands before the names of losses. */
static void tell(const struct ledger *l, const char *before, const char *other,
		 struct study_run *r)
{
	for (int b = 0; b < ledger_blocks(l); b++) {
		double all = ledger_norm_all(l, b), left = all;

		for (int h = 0; h < NET_HEADS; h++) {
			double norm = ledger_norm(l, b, h);
			char name[64];

			left -= norm;
			snprintf(name, sizeof(name), "%s%s%s", before,
				 *before ? " " : "", net_heads[h]->name);
			if (norm > 0)
				study_ledger(r, ledger_block(l, b), name, norm);
		}
		if (left > 1e-9 * all)
			study_ledger(r, ledger_block(l, b), other, left);
	}
}

void ledger_tell(const struct ledger *l, const char *other, struct study_run *r)
{
	tell(l, "", other, r);
}

void ledger_tell_of(const struct ledger *l, const char *objective,
		    struct study_run *r)
{
	tell(l, objective, objective, r);
}
