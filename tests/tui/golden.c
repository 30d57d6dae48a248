/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/tui/golden.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "tui/canvas_map.h"
#include "tui/frame.h"

static void golden_path(const char *name, char *path, size_t size)
{
	const char *top = getenv("top_srcdir");

	snprintf(path, size, "%s/tests/tui/golden/%s.txt", top ? top : "..",
		 name);
}

static bool read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "r");
	bool good;

	if (!f)
		return false;
	good = buf_add_stream(out, f, SIZE_MAX);
	fclose(f);
	return good;
}

static void write_file(const char *path, const struct buf *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text->data, 1, text->len, f) != text->len)
		fail_msg("cannot write %s: %s", path, strerror(errno));
	fclose(f);
}

void golden_canvas(const struct canvas *c, const char *name)
{
	const char *update = getenv("UPDATE_GOLDEN");
	struct buf drawn, wanted;
	char path[4096];

	golden_path(name, path, sizeof(path));
	buf_init(&drawn);
	buf_init(&wanted);
	canvas_dump(c, true, &drawn);
	if (update && *update)
		write_file(path, &drawn);
	else if (!read_file(path, &wanted))
		fail_msg("cannot read %s: %s; UPDATE_GOLDEN=1 writes it", path,
			 strerror(errno));
	else if (strcmp(drawn.data, wanted.data)) {
		print_error("wanted, from %s:\n%sdrawn:\n%s", path, wanted.data,
			    drawn.data);
		fail_msg("the picture %s differs", name);
	}
	buf_release(&drawn);
	buf_release(&wanted);
}

struct canvas_map golden_seen;

static void draw_at(const struct screen *s, const void *self, int rows,
		    int cols, bool ascii, const char *name)
{
	struct frame f = {.screen = s, .self = self};
	struct canvas c;

	canvas_init(&c, rows, cols);
	c.ascii = ascii;
	canvas_map_begin(&golden_seen, &c);
	frame_draw(&f, &c);
	if (name)
		golden_canvas(&c, name);
	canvas_release(&c);
}

void golden_screen(const struct screen *s, const void *self, int rows, int cols,
		   bool ascii, const char *name)
{
	draw_at(s, self, rows, cols, ascii, name);
}

void golden_sizes(const struct screen *s, const void *self, const char *name)
{
	static const struct {
		int rows, cols;
		bool ascii;
		const char *suffix;
	} sizes[] = {
		{24, 80, false, "80x24"},
		{60, 200, false, "200x60"},
		{12, 40, false, "40x12"},
		{24, 80, true, "ascii"},
	};
	char full[256];

	for (int rows = 6; rows <= 30; rows += 2)
		for (int cols = 20; cols <= 90; cols += 5)
			draw_at(s, self, rows, cols, false, NULL);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		snprintf(full, sizeof(full), "%s-%s", name, sizes[i].suffix);
		draw_at(s, self, sizes[i].rows, sizes[i].cols, sizes[i].ascii,
			full);
	}
}
