/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_held.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

static bool is_evidence(const struct store_study *s, const char *kind)
{
	return !strcmp(s->kind, kind) && s->verdict &&
	       strcmp(s->size, "smoke") && strstr(s->plan, "\ntest seeds:");
}

/* 1 or 0: the gate was judged. */
static enum store_status read_gate(struct store *s, int64_t study_id,
				   const char *gate, int *passed)
{
	struct store_bag bag = {0};
	struct store_gate *gates;
	size_t n = 0;
	enum store_status st = store_gate_list(s, &bag, study_id, &gates, &n);

	*passed = -1;
	for (size_t i = 0; i < n && !st; i++)
		if (!strcmp(gates[i].name, gate))
			*passed = gates[i].passed;
	store_bag_release(&bag);
	return st;
}

enum err_code study_lab_held(struct store *s, const char *kind,
			     const char *gate, bool *held, struct buf *which,
			     struct err *e)
{
	struct store_bag bag = {0};
	struct store_study_state *rows;
	size_t n = 0;
	int passed = -1;
	enum store_status st = store_study_states(s, &bag, &rows, &n);

	for (size_t i = 0; i < n && !st && passed < 0; i++) {
		const struct store_study *row = &rows[i].study;

		if (!is_evidence(row, kind))
			continue;
		st = read_gate(s, row->id, gate, &passed);
		if (!st && passed >= 0)
			buf_printf(which, "%s %s", row->name, row->plan_sha256);
	}
	*held = passed > 0;
	store_bag_release(&bag);
	if (st)
		return lab_error(s, st, e);
	if (passed >= 0)
		return ERR_OK;
	return err_set(e, ERR_NOTFOUND,
		       "%s has no verdict on gate %s of study %s",
		       store_path(s), gate, kind);
}
