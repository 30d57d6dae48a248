/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_SAID_H
#define CORE_LAB_STUDY_SAID_H

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/study/said.h"
#include "store/store.h"

/* What players say of positions, as an arm of a study kept it: the first that
 * did, by arms and seeds. */
struct study_said {
	struct game game;
	struct said said;
	/* Half of the sum of differences between the chances that the first two
	 * players give to moves: 0 they agree, 1 they have nothing in common;
	 * owned, [positions]. */
	double *apart;
	int *ranked; /* owned; positions, the furthest apart first */
	char *arm;   /* owned */
	uint64_t seed;
	char *run; /* owned; of the arm, with its games; NULL: none */
};

/* ERR_NOTFOUND: no such study, or it has kept none here; ERR_FORMAT.  Released
 * by the caller, also after an error. */
ATTR_NODISCARD enum err_code study_said_read(struct study_said *out,
					     struct store *s, const char *study,
					     struct err *e);
void study_said_release(struct study_said *s);

#endif
