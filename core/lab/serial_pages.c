/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/serial_pages.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "store/run.h"
#include "store/store.h"

enum { MOST = 48 };

void serial_pages_init(struct serial_pages_kept *k, const struct game *g)
{
	*k = (struct serial_pages_kept){.game = mem_alloc(sizeof(*g))};
	*k->game = *g;
}

void serial_pages_release(struct serial_pages_kept *k)
{
	for (int i = 0; i < k->count; i++)
		page_release(&k->pages[i].page);
	free(k->pages);
	free(k->game);
	*k = (struct serial_pages_kept){0};
}

static struct serial_kept *push(struct serial_pages_kept *k, int64_t step)
{
	struct serial_kept *p;

	if (k->count == k->room) {
		k->room = k->room ? 2 * k->room : 16;
		k->pages = mem_realloc(k->pages,
				       (size_t)k->room * sizeof(*k->pages));
	}
	p = &k->pages[k->count++];
	p->step = step;
	page_init(&p->page, k->game);
	return p;
}

static void thin_out(struct serial_pages_kept *k)
{
	int n = 0;

	for (int i = 0; i < k->count; i++)
		if (i % 2 && i < k->count - 1)
			page_release(&k->pages[i].page);
		else
			k->pages[n++] = k->pages[i];
	k->count = n;
}

void serial_pages_add(struct serial_pages_kept *k, int64_t step,
		      const struct page *p)
{
	struct err local = ERR_INIT;
	struct reader r;
	struct buf b;

	if (k->count == MOST)
		thin_out(k);
	buf_init(&b);
	page_save(p, &b);
	reader_init(&r, b.data, b.len);
	if (page_load(&push(k, step)->page, &r, &local))
		page_release(&k->pages[--k->count].page);
	buf_release(&b);
}

void serial_pages_write(const struct serial_pages_kept *k, struct buf *out)
{
	buf_u32(out, (uint32_t)k->count);
	for (int i = 0; i < k->count; i++) {
		buf_u64(out, (uint64_t)k->pages[i].step);
		page_save(&k->pages[i].page, out);
	}
}

enum err_code serial_pages_read(struct serial_pages_kept *k, struct reader *r,
				struct err *e)
{
	uint32_t count = reader_u32(r);
	enum err_code rc = ERR_OK;

	if (count > MOST || r->failed)
		return err_set(e, ERR_FORMAT,
			       "the record of the run's pages is damaged");
	for (uint32_t i = 0; i < count && !rc; i++) {
		int64_t step = reader_count(r, (int64_t)1 << 48);

		rc = page_load(&push(k, step)->page, r, e);
	}
	return rc;
}

/* Of the run's record, which begins with them. */
static enum err_code read_record(struct store *s, int64_t run_id,
				 const char *run, struct serial_pages_kept *out,
				 struct err *e)
{
	struct store_bag bag = {0};
	enum store_status st;
	const void *data;
	struct reader r;
	enum err_code rc;
	int64_t step;
	size_t len;

	st = store_resume_load(s, &bag, run_id, &step, &data, &len);
	if (st == STORE_NOTFOUND) {
		rc = err_set(e, ERR_NOTFOUND,
			     "run %s has no pages here: it has written none "
			     "yet, or they were left out of this lab",
			     run);
	} else {
		rc = lab_error(s, st, e);
		reader_init(&r, data, len);
		if (!rc)
			rc = serial_pages_read(out, &r, e);
	}
	store_bag_release(&bag);
	return rc;
}

enum err_code serial_pages_load(struct store *s, const char *run,
				struct serial_pages_kept *out, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run row;
	struct game g;
	enum err_code rc = lab_error(s, store_run_find(s, &bag, run, &row), e);

	*out = (struct serial_pages_kept){0};
	if (!rc && strcmp(row.kind, "serial"))
		rc = err_set(e, ERR_USAGE,
			     "run %s is of kind '%s': it writes no pages", run,
			     row.kind);
	if (!rc)
		rc = err_of_stored(e, game_init(&g, row.game, e));
	if (!rc) {
		serial_pages_init(out, &g);
		out->run_id = row.id;
		rc = read_record(s, row.id, run, out, e);
	}
	store_bag_release(&bag);
	return rc;
}
