/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/tui/lab_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "tests/tui/golden.h"
#include "tui/keys.h"
#include "tui/screen.h"

void lab_fixture_open(struct lab_fixture *f)
{
	memset(f, 0, sizeof(*f));
	made_lab_open(&f->made);
	f->lab = f->app.lab = f->made.lab;
}

void lab_fixture_close(struct lab_fixture *f)
{
	made_lab_close(&f->made);
}

void *lab_fixture_screen(struct lab_fixture *f, const struct screen *s,
			 const char *arg)
{
	void *self = mem_zalloc(1, s->self_size);
	struct err e = ERR_INIT;

	golden_seen.count = 0;
	if (s->open(self, &f->app, arg, &e))
		fail_msg("%s %s: %s", s->name, arg, e.msg);
	return self;
}

void lab_fixture_drop(const struct screen *s, void *self)
{
	s->close(self);
	free(self);
}

enum screen_action lab_fixture_press(const struct screen *s, void *self,
				     const char *name)
{
	struct key_found f = keys_find_name(s->keys, name);

	assert_non_null(f.binding);
	return keys_run(&f, self, &golden_seen);
}
