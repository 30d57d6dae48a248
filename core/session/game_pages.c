/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/game_pages.h"

#include <assert.h>
#include <string.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "store/run.h"
#include "store/store.h"

void game_pages_init(struct game_pages *p, struct store *s, int window, int few,
		     void (*wake)(void *ctx), void *ctx)
{
	assert(window >= 6);
	p->store = s;
	p->window = window;
	p->margin = window / 3;
	p->few = few;
	p->wake = wake;
	p->ctx = ctx;
}

static void drop_queries(struct game_pages *p)
{
	game_query_drop(p->listing);
	game_query_drop(p->counting);
	p->listing = p->counting = NULL;
}

static void clear(struct game_pages *p)
{
	drop_queries(p);
	store_bag_release(&p->held.bag);
	memset(&p->held, 0, sizeof(p->held));
}

void game_pages_release(struct game_pages *p)
{
	clear(p);
	lab_close(p->spare);
	p->spare = NULL;
}

bool game_pages_busy(const struct game_pages *p)
{
	return p->listing || p->counting;
}

const struct store_game *game_pages_row(const struct game_pages *p, int64_t row)
{
	int64_t k = row - p->first;

	return k >= 0 && k < (int64_t)p->held.count ? &p->held.rows[k] : NULL;
}

static int64_t end_of(const struct game_pages *p)
{
	return p->first + (int64_t)p->held.count;
}

/* An index has these in the order of the list. */
static bool lists_at_once(const struct game_filter *f)
{
	int chosen =
		(*f->run != '\0') + (*f->purpose != '\0') + (f->match_id != 0);

	return chosen < 2 && !*f->agent && !*f->game && !f->by_step &&
	       !f->searched && !f->outcome;
}

/* And of these the number is kept, or an index has no others. */
static bool counts_at_once(const struct game_filter *f)
{
	if (f->match_id)
		return lists_at_once(f);
	return !*f->agent && !*f->game && !f->by_step && !f->searched;
}

/* Are there few to look through, by the numbers that are kept? */
static enum err_code look_how_many(struct game_pages *p, struct err *e)
{
	struct store_game_filter f = {.run_id = p->run_id};
	enum store_status st;
	int64_t count;

	f.purpose = *p->filter.purpose ? p->filter.purpose : NULL;
	st = store_game_count(p->store, &f, &count);
	p->is_few = count <= p->few;
	return lab_error(p->store, st, e);
}

/* ---- the rows ---- */

static void reverse(struct store_game *rows, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct store_game other = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = other;
	}
}

/* The list turned out to be shorter or longer above the window. */
static void shift(struct game_pages *p, int64_t by)
{
	p->first += by;
	p->at += by;
}

static void keep_inside(struct game_pages *p)
{
	if (p->at >= p->total)
		p->at = p->total - 1;
	if (p->at < 0)
		p->at = 0;
}

static void take_rows(struct game_pages *p, struct game_answer *found)
{
	bool last = found->count < (size_t)p->window;

	store_bag_release(&p->held.bag);
	p->held = *found;
	if (p->backward) {
		reverse(p->held.rows, p->held.count);
		p->first = p->from - (int64_t)p->held.count + 1;
		/* The window ends where it was thought to; whether it begins
		 * there is known only at the top. */
		if (last || p->first < 0)
			shift(p, -p->first);
	} else {
		p->first = p->from;
		if (last && !p->shift_due) {
			p->total = end_of(p);
			p->counted = true;
		}
	}
	if (p->total < end_of(p))
		p->total = end_of(p);
	for (size_t i = 0; p->keep && i < p->held.count; i++)
		if (p->held.rows[i].id == p->keep)
			p->at = p->first + (int64_t)i;
	p->keep = 0;
	keep_inside(p);
}

/* The rows are there, or they could not be read. */
static enum err_code end_rows(struct game_pages *p, struct game_answer *found,
			      enum err_code rc)
{
	if (rc)
		store_bag_release(&found->bag);
	else
		take_rows(p, found);
	return rc;
}

/* The answer of a worker that has ended. */
static enum err_code end_listing(struct game_pages *p, struct err *e)
{
	struct game_answer found;
	enum err_code rc = game_query_take(p->listing, &found, &p->spare, e);

	p->listing = NULL;
	return end_rows(p, &found, rc);
}

/* Read the question's rows, or have them read. */
static enum err_code ask_rows(struct game_pages *p,
			      const struct game_question *q, struct err *e)
{
	struct game_answer found = {0};
	struct store_game_filter f;
	enum store_status st;
	enum err_code rc;

	if (p->is_few || lists_at_once(&p->filter)) {
		game_question_store(q, &f);
		st = store_game_list(p->store, &found.bag, &f, &found.rows,
				     &found.count);
		return end_rows(p, &found, lab_error(p->store, st, e));
	}
	rc = game_query_start(&p->listing, store_path(p->store), q, &p->spare,
			      p->wake, p->ctx, e);
	if (rc || !game_query_ended(p->listing, GAME_PAGES_PATIENCE_MS))
		return rc;
	return end_listing(p, e);
}

/* From the row at `place`, which is held, onwards or backwards, with it. */
static void from_held(struct game_pages *p, struct game_question *q,
		      int64_t place, bool backward)
{
	int64_t id = game_pages_row(p, place)->id;

	p->from = place;
	p->backward = backward;
	q->oldest_first = p->filter.oldest != backward;
	q->after = q->oldest_first ? id - 1 : id + 1;
}

static struct game_question question(const struct game_pages *p)
{
	return (struct game_question){.filter = p->filter,
				      .run_id = p->run_id,
				      .oldest_first = p->filter.oldest,
				      .limit = p->window};
}

static enum err_code ask_around(struct game_pages *p, struct err *e)
{
	struct game_question q = question(p);
	int64_t near = p->window - p->margin, k = p->at - p->first;
	bool down = k > (int64_t)p->held.count / 2;

	p->from = 0;
	p->backward = false;
	if (p->at < near) {
		/* From the top. */
	} else if (p->counted && p->at >= p->total - near) {
		p->from = p->total - 1;
		p->backward = true;
		q.oldest_first = !p->filter.oldest;
	} else if (!game_pages_row(p, p->at)) {
		p->from = p->at - p->window / 2;
		q.offset = p->from;
	} else if (down) {
		from_held(p, &q, k > p->margin ? p->at - p->margin : p->first,
			  false);
	} else {
		k += p->margin;
		from_held(p, &q,
			  k < (int64_t)p->held.count ? p->first + k
						     : end_of(p) - 1,
			  true);
	}
	return ask_rows(p, &q, e);
}

static bool covered(const struct game_pages *p)
{
	bool low = p->first == 0 || p->at - p->margin >= p->first;
	bool high = p->at + p->margin < end_of(p) ||
		    (p->counted && end_of(p) >= p->total);

	return low && high;
}

/* Rows around the one that is looked at, unless they are held or being looked
 * for. */
static enum err_code cover(struct game_pages *p, struct err *e)
{
	if (p->listing || covered(p))
		return ERR_OK;
	return ask_around(p, e);
}

/* ---- how many ---- */

static void take_total(struct game_pages *p, int64_t total)
{
	if (p->shift_due && total > p->total)
		shift(p, total - p->total);
	p->shift_due = false;
	p->total = total;
	p->counted = true;
	if (p->to_last)
		p->at = total - 1;
	keep_inside(p);
}

static enum err_code count_now(struct game_pages *p, struct err *e)
{
	struct game_question q = question(p);
	struct store_game_filter f;
	enum store_status st;
	int64_t total;

	q.count = true;
	game_question_store(&q, &f);
	st = store_game_count(p->store, &f, &total);
	if (st == STORE_OK)
		take_total(p, total);
	return lab_error(p->store, st, e);
}

static enum err_code end_count(struct game_pages *p, struct err *e)
{
	struct game_answer found;
	enum err_code rc = game_query_take(p->counting, &found, &p->spare, e);

	p->counting = NULL;
	if (!rc)
		take_total(p, found.total);
	store_bag_release(&found.bag);
	return rc;
}

/* Have them counted, unless that is known or under way. */
static enum err_code count_behind(struct game_pages *p, struct err *e)
{
	struct game_question q = question(p);
	enum err_code rc;

	if (p->counted || p->counting || p->listing)
		return ERR_OK;
	q.count = true;
	rc = game_query_start(&p->counting, store_path(p->store), &q, &p->spare,
			      p->wake, p->ctx, e);
	if (!rc && game_query_ended(p->counting, GAME_PAGES_PATIENCE_MS / 2))
		rc = end_count(p, e);
	return rc ? rc : cover(p, e);
}

/* ---- what people do ---- */

enum err_code game_pages_filter(struct game_pages *p,
				const struct game_filter *f, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run run = {0};
	enum err_code rc = ERR_OK;

	if (*f->run)
		rc = lab_error(p->store,
			       store_run_find(p->store, &bag, f->run, &run), e);
	store_bag_release(&bag);
	if (rc)
		return rc;
	clear(p);
	p->filter = *f;
	p->run_id = run.id;
	p->first = p->at = p->total = 0;
	p->counted = p->to_last = p->shift_due = false;
	p->keep = 0;
	rc = look_how_many(p, e);
	if (!rc && (p->is_few || counts_at_once(f)))
		rc = count_now(p, e);
	if (!rc)
		rc = cover(p, e);
	return rc ? rc : count_behind(p, e);
}

enum err_code game_pages_seek(struct game_pages *p, int64_t row, struct err *e)
{
	enum err_code rc;

	p->to_last = false;
	p->keep = 0;
	p->at = row;
	keep_inside(p);
	rc = cover(p, e);
	return rc ? rc : count_behind(p, e);
}

enum err_code game_pages_last(struct game_pages *p, struct err *e)
{
	enum err_code rc = game_pages_seek(p, p->total - 1, e);

	p->to_last = !p->counted;
	return rc;
}

enum err_code game_pages_refresh(struct game_pages *p, struct err *e)
{
	struct game_question q = question(p);
	const struct store_game *row = game_pages_row(p, p->at);
	enum err_code rc = ERR_OK;

	assert(!game_pages_busy(p));
	/* Games come at the top of a list that begins with the newest.  On the
	 * newest row, the newest stays selected. */
	p->keep = p->at > 0 && row ? row->id : 0;
	p->shift_due = p->keep && !p->filter.oldest && p->counted;
	p->counted = false;
	rc = look_how_many(p, e);
	if (!rc && (p->is_few || counts_at_once(&p->filter)))
		rc = count_now(p, e);
	if (rc)
		return rc;
	p->from = 0;
	p->backward = false;
	/* Where it stands is seen from the top, if that is near, or it is known
	 * how many came, now or later. */
	if (p->keep && (p->shift_due || p->at >= p->window - p->margin)) {
		int64_t top = p->at - p->margin;

		from_held(p, &q, top > p->first ? top : p->first, false);
	}
	rc = ask_rows(p, &q, e);
	if (!rc)
		rc = cover(p, e);
	return rc ? rc : count_behind(p, e);
}

enum err_code game_pages_take(struct game_pages *p, bool *changed,
			      struct err *e)
{
	enum err_code rc = ERR_OK;

	*changed = false;
	if (p->listing && game_query_ended(p->listing, 0)) {
		rc = end_listing(p, e);
		*changed = true;
	}
	if (!rc && p->counting && game_query_ended(p->counting, 0)) {
		rc = end_count(p, e);
		*changed = true;
	}
	if (!rc && *changed)
		rc = cover(p, e);
	if (!rc && *changed)
		rc = count_behind(p, e);
	return rc;
}
