/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/game.h"

#include "store/store_int.h"

#include <string.h>

static const char *const kinds[] = {
	[STORE_COMMENT] = "comment",
	[STORE_NAG] = "nag",
	[STORE_VARIATION] = "variation",
};

enum store_status store_annotation_add(struct store *s,
				       const struct store_annotation *a,
				       int64_t *id)
{
	struct sql q;

	sql_write(&q, s, "save the annotation",
		  "insert into annotation(game_id, parent, ply, kind, text)"
		  " values(?, ?, ?, ?, ?)");
	sql_int(&q, a->game_id);
	sql_id(&q, a->parent);
	sql_int(&q, a->ply);
	sql_text(&q, kinds[a->kind]);
	sql_text(&q, a->text);
	return sql_add(&q, id);
}

static enum store_annotation_kind kind_of(const char *text)
{
	for (size_t i = 0; text && i < ARRAY_LEN(kinds); i++)
		if (!strcmp(text, kinds[i]))
			return (enum store_annotation_kind)i;
	return STORE_COMMENT;
}

enum store_status store_annotation_list(struct store *s, struct store_bag *bag,
					int64_t game_id,
					struct store_annotation **rows,
					size_t *count)
{
	struct rows all = ROWS_OF(struct store_annotation);
	struct sql q;

	sql_read(&q, s, "read the annotations",
		 "select id, game_id, parent, ply, kind, text from annotation"
		 " where game_id = ? order by id");
	sql_int(&q, game_id);
	while (sql_next(&q)) {
		struct store_annotation *a = rows_push(&all);

		a->id = sql_col_int(&q);
		a->game_id = sql_col_int(&q);
		a->parent = sql_col_int(&q);
		a->ply = sql_col_small(&q);
		a->kind = kind_of(sql_col_text(&q, bag));
		a->text = sql_col_need(&q, bag);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_game_tags(struct store *s, struct store_bag *bag,
				  int64_t game_id, struct store_tag_text **rows,
				  size_t *count)
{
	struct rows all = ROWS_OF(struct store_tag_text);
	struct sql q;

	sql_read(&q, s, "read the tags",
		 "select t.key, t.value from game g, json_each(iif("
		 "json_valid(g.tags), g.tags, '{}')) t where g.id = ?"
		 " and t.type = 'text'");
	sql_int(&q, game_id);
	while (sql_next(&q)) {
		struct store_tag_text *t = rows_push(&all);

		t->name = sql_col_need(&q, bag);
		t->value = sql_col_need(&q, bag);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}
