/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_SERIAL_PAGES_H
#define CORE_LAB_SERIAL_PAGES_H

#include <stdint.h>

#include "core/agent/page.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "store/store.h"

/*
 * Pages that a run of kind serial wrote, one at each checkpoint, as they were
 * learned from: they stand before the rest of the run's record.
 */
struct serial_kept {
	int64_t step; /* boards before the page */
	struct page page;
};

struct serial_pages_kept {
	struct game *game; /* owned; of the pages */
	int64_t run_id;
	struct serial_kept *pages; /* owned; [count], by step */
	int count, room;
};

void serial_pages_init(struct serial_pages_kept *k, const struct game *g);
void serial_pages_release(struct serial_pages_kept *k);
/* A copy of a page; every second of the older ones goes where there are too
 * many. */
void serial_pages_add(struct serial_pages_kept *k, int64_t step,
		      const struct page *p);

void serial_pages_write(const struct serial_pages_kept *k, struct buf *out);
/* Into an empty one. */
ATTR_NODISCARD enum err_code serial_pages_read(struct serial_pages_kept *k,
					       struct reader *r, struct err *e);

/* Those of a run by name.  ERR_NOTFOUND: there is no such run, or it has none;
 * ERR_USAGE: it is of another kind.  `out` is released either way. */
ATTR_NODISCARD enum err_code serial_pages_load(struct store *s, const char *run,
					       struct serial_pages_kept *out,
					       struct err *e);

#endif
