/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/format/records.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/format/format.h"
#include "core/format/paste.h"
#include "core/format/record.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

struct record got_record;
struct err got_error;

int records_setup(void **state)
{
	(void)state;
	record_init(&got_record);
	got_error = (struct err)ERR_INIT;
	return 0;
}

int records_teardown(void **state)
{
	(void)state;
	record_release(&got_record);
	return 0;
}

enum format_read read_one(const struct format *f, const char *text,
			  const struct game *usual)
{
	enum format_read got;
	struct text_in in;

	text_in_memory(&in, text, strlen(text));
	got = f->read(&in, usual, &got_record, &got_error);
	text_in_release(&in);
	return got;
}

void reads(const struct format *f, const char *text)
{
	if (read_one(f, text, NULL) != FORMAT_GAME)
		fail_msg("%s\n%ld:%ld: %s", text, got_record.at_line,
			 got_record.at_column, got_error.msg);
}

/* It is refused so, at this place, with these words. */
void refuses(const struct format *f, enum format_read how, const char *text,
	     long line, long column, const char *words)
{
	enum format_read got = read_one(f, text, NULL);

	if (got != how)
		fail_msg("%s\nis %d, not %d", text, (int)got, (int)how);
	if (got_record.at_line != line ||
	    (column && got_record.at_column != column))
		fail_msg("%s\nat %ld:%ld, not %ld:%ld", text,
			 got_record.at_line, got_record.at_column, line,
			 column);
	if (!strstr(got_error.msg, words))
		fail_msg("'%s' lacks '%s'", got_error.msg, words);
}

/* What is written reads as the same and is written the same again. */
void there_and_back(const struct format *f, const char *text, const char *want)
{
	struct buf once, twice;

	buf_init(&once);
	buf_init(&twice);
	reads(f, text);
	assert_int_equal(f->write(&got_record, &once, &got_error), ERR_OK);
	if (want)
		assert_string_equal(once.data, want);
	reads(f, once.data);
	assert_int_equal(f->write(&got_record, &twice, &got_error), ERR_OK);
	assert_string_equal(once.data, twice.data);
	buf_release(&once);
	buf_release(&twice);
}

int notes_of(enum record_kind kind)
{
	int n = 0;

	for (int i = 0; i < got_record.note_count; i++)
		n += got_record.notes[i].kind == kind;
	return n;
}

/* All games of a text, those that are bad too. */
int reads_all(const struct format *f, const char *text, int *bad)
{
	enum format_read got;
	struct text_in in;
	int games = 0;

	*bad = 0;
	text_in_memory(&in, text, strlen(text));
	while ((got = f->read(&in, NULL, &got_record, &got_error)) ==
		       FORMAT_GAME ||
	       got == FORMAT_BAD) {
		games += got == FORMAT_GAME;
		*bad += got == FORMAT_BAD;
	}
	assert_int_equal(got, FORMAT_END);
	text_in_release(&in);
	return games;
}

const char game_29[] =
	"[Event \"F/S \\\"Return\\\" Match\"]\r\n"
	"[Site \"Belgrade, Serbia JUG\"]\r\n"
	"[Date \"1992.11.04\"]\r\n"
	"[Round \"29\"]\r\n"
	"[White \"Fischer, Robert J.\"]\r\n"
	"[Black \"Spassky, Boris V.\"]\r\n"
	"[Result \"1/2-1/2\"]\r\n"
	"[WhiteElo \"2785\"]\r\n"
	"\r\n"
	"1. e4 e5 2. Nf3 Nc6 3. Bb5 {This opening is called\r\n"
	"the  Ruy Lopez.} 3... a6!? 4.Ba4(4. Bxc6 dxc6 (4... bxc6 5. Nxe5 "
	"$6\r\n"
	"{no}) 5. O-O f6) (4. Bc4 b5) Nf6 $1 ; for White\r\n"
	"% not for us: 5. Ka9\r\n"
	"5. 0-0 Be7 6. Re1 b5 7. Bb3 d6 8. c3 O-O 1/2-1/2\r\n";
