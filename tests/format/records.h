/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FORMAT_RECORDS_H
#define TESTS_FORMAT_RECORDS_H

#include "core/base/err.h"
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/game/game.h"

/* What the tests of the readers share: one record and one error. */
extern struct record got_record;
extern struct err got_error;
extern const char game_29[]; /* of PGN, with all that it can have */

int records_setup(void **state);
int records_teardown(void **state);
#define record_test(f) \
	cmocka_unit_test_setup_teardown(f, records_setup, records_teardown)

/* The first game of a text into got_record. */
enum format_read read_one(const struct format *f, const char *text,
			  const struct game *usual);
/* It is one. */
void reads(const struct format *f, const char *text);
/* It is refused so, at this place, with these words. */
void refuses(const struct format *f, enum format_read how, const char *text,
	     long line, long column, const char *words);
/* What is written reads as the same and is written the same again; as `want`,
 * which may be NULL. */
void there_and_back(const struct format *f, const char *text, const char *want);
/* All games of a text: how many are good, and bad. */
int reads_all(const struct format *f, const char *text, int *bad);
/* Notes of got_record. */
int notes_of(enum record_kind kind);

#endif
