/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/study.h"

#include "store/store_int.h"

enum store_status store_note_add(struct store *s, const struct store_note *n,
				 int64_t *id)
{
	struct sql q;

	sql_write(&q, s, "save the note",
		  "insert into note(subject, subject_id, text, created_ms)"
		  " values(?, ?, ?, ?)");
	sql_text(&q, n->subject);
	sql_int(&q, n->subject_id);
	sql_text(&q, n->text);
	sql_int(&q, n->created_ms ? n->created_ms : now_ms());
	return sql_add(&q, id);
}

enum store_status store_note_remove(struct store *s, int64_t note_id)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "remove the note", "delete from note where id = ?");
	sql_int(&q, note_id);
	st = sql_run(&q);
	if (st == STORE_OK && sql_changes(s) == 0)
		return store_say(s, STORE_NOTFOUND, "%s has no note %lld",
				 s->path, (long long)note_id);
	return st;
}

enum store_status store_note_list(struct store *s, struct store_bag *bag,
				  const char *subject, int64_t subject_id,
				  struct store_note **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_note);
	struct sql q;

	if (subject) {
		sql_read(&q, s, "read the notes",
			 "select id, subject, subject_id, text, created_ms"
			 " from note where subject = ? and subject_id = ?"
			 " order by id");
		sql_text(&q, subject);
		sql_int(&q, subject_id);
	} else {
		sql_read(&q, s, "read the notes",
			 "select id, subject, subject_id, text, created_ms"
			 " from note order by id");
	}
	while (sql_next(&q)) {
		struct store_note *n = rows_push(&all);

		n->id = sql_col_int(&q);
		n->subject = sql_col_need(&q, bag);
		n->subject_id = sql_col_int(&q);
		n->text = sql_col_need(&q, bag);
		n->created_ms = sql_col_count(&q);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_tag_set(struct store *s, const char *subject,
				int64_t subject_id, const char *tag, bool on)
{
	struct sql q;

	sql_write(&q, s, "save the tag",
		  on ? "insert into tag(subject, subject_id, name)"
		       " values(?, ?, ?) on conflict do nothing"
		     : "delete from tag where subject = ? and subject_id = ?"
		       " and name = ?");
	sql_text(&q, subject);
	sql_int(&q, subject_id);
	sql_text(&q, tag);
	return sql_run(&q);
}

enum store_status store_tag_list(struct store *s, struct store_bag *bag,
				 const char *subject, int64_t subject_id,
				 const char ***tags, size_t *count)
{
	struct rows all = ROWS_OF(const char *);
	struct sql q;

	sql_read(&q, s, "read the tags",
		 "select name from tag where subject = ? and subject_id = ?"
		 " order by name");
	sql_text(&q, subject);
	sql_int(&q, subject_id);
	while (sql_next(&q))
		*(const char **)rows_push(&all) = sql_col_need(&q, bag);
	return rows_give(&all, sql_end(&q), bag, tags, count);
}
