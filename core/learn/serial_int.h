/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_SERIAL_INT_H
#define CORE_LEARN_SERIAL_INT_H

#include "core/agent/page.h"
#include "core/base/rng.h"
#include "core/learn/dataset.h"
#include "core/learn/serial.h"

/* What is learned on a page, and pages as a data set; private to serial*.c. */

/* Of a page that it wrote: the estimates that were written first, and the worth
 * of a board after a move that became the next board of the page. */
void serial_aim(const struct serial_conf *c, struct page *p, struct rng *r);
/* Of a drill: cells, ends and better values. */
void serial_aim_drill(struct page *p);

/* Pages that are learned from at once, in shards of so many; borrows them. */
struct serial_pages {
	const struct page *pages;
	int count, per_shard;
	int shard; /* rows of one */
};
struct dataset serial_dataset(const struct serial_pages *p);

#endif
