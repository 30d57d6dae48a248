/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/tui/play_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "tests/tui/golden.h"
#include "tui/app_run.h"
#include "tui/canvas.h"

static void lab_name(const struct fixture *f, const char *suffix, char *out,
		     size_t size)
{
	snprintf(out, size, "%s/lab.db%s", f->folder, suffix);
}

void fixture_open(struct fixture *f, const char *screen, const char *arg,
		  int rows, int cols)
{
	struct err e = ERR_INIT;
	char path[96];

	setenv("PLYSCOPE_TEST_SEED", "7", 1);
	setenv("PLYSCOPE_TEST_TIME", "1700000000000", 1);
	snprintf(f->folder, sizeof(f->folder), "/tmp/plyscope-test-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	lab_name(f, "", path, sizeof(path));
	if (lab_open(&f->lab, path, LAB_CREATE, &e))
		fail_msg("%s", e.msg);
	f->app = app_new(f->lab);
	if (app_open(f->app, screen, arg, &e))
		fail_msg("%s", e.msg);
	script_init(&f->script, f->app, rows, cols);
}

void fixture_close(struct fixture *f)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char path[96];

	script_release(&f->script);
	app_free(f->app);
	lab_close(f->lab);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		lab_name(f, suffixes[i], path, sizeof(path));
		unlink(path);
	}
	assert_int_equal(rmdir(f->folder), 0);
}

void fixture_run(struct fixture *f, const char *text)
{
	struct err e = ERR_INIT;
	struct buf screen;

	if (!script_run(&f->script, text, "script", &e))
		return;
	buf_init(&screen);
	canvas_dump(&f->script.canvas, false, &screen);
	print_error("%s", screen.data);
	buf_release(&screen);
	fail_msg("%s", e.msg);
}

void fixture_picture(struct fixture *f, const char *name)
{
	app_draw(f->app, &f->script.canvas);
	golden_canvas(&f->script.canvas, name);
}
