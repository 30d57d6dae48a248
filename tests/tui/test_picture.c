/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "tui/canvas.h"
#include "tui/picture.h"
#include "tui/picture_int.h"
#include "tui/theme.h"
#include "tui/widget/plot.h"

static void test_the_ending_says_how(void **state)
{
	(void)state;
	assert_int_equal(picture_format_of("a.svg"), PICTURE_SVG);
	assert_int_equal(picture_format_of("a.b.ans"), PICTURE_ANSI);
	assert_int_equal(picture_format_of("a.ansi"), PICTURE_ANSI);
	assert_int_equal(picture_format_of("a.csv"), PICTURE_CSV);
	assert_int_equal(picture_format_of("svg"), PICTURE_TEXT);
	assert_int_equal(picture_format_of(".svg"), PICTURE_TEXT);
	assert_int_equal(picture_format_of("-"), PICTURE_TEXT);
	assert_string_equal(picture_word(PICTURE_ANSI), "ansi");
}

/* One of each: own colour, a ground, a blank with a ground at the end. */
static void draw(struct canvas *c)
{
	canvas_init(c, 3, 6);
	canvas_text(c, 0, 0, STYLE_NORMAL, "a<b");
	canvas_text(c, 1, 1, STYLE_BAD, "x");
	canvas_text(c, 1, 3, STYLE_SELECTED, "y ");
	canvas_glyph(c, 2, 0, STYLE_BORDER, 0x2500);
	canvas_glyph(c, 2, 1, STYLE_DIM, 0x2592);
	canvas_glyph(c, 2, 2, STYLE_SERIES0, 0x2801);
}

static void test_ansi(void **state)
{
	struct canvas c;
	struct buf out;

	(void)state;
	draw(&c);
	buf_init(&out);
	picture_put(&c, PICTURE_ANSI, THEME_MONO, &out);
	assert_string_equal(out.data, "a<b\n"
				      " \033[0;1;4mx\033[0m \033[0;7my "
				      "\033[0m\n"
				      "\033[0;2m─▒\033[0;1m⠁\033[0m\n");
	buf_clear(&out);
	picture_put(&c, PICTURE_ANSI, THEME_256, &out);
	assert_non_null(strstr(out.data, "\033[0;1;38;5;202mx"));
	assert_non_null(strstr(out.data, "\033[0;1;38;5;231;48;5;24my "));
	buf_clear(&out);
	picture_put(&c, PICTURE_TEXT, THEME_256, &out);
	assert_string_equal(out.data, "a<b\n x y\n─▒⠁\n");
	buf_release(&out);
	canvas_release(&c);
}

static int count(const char *text, const char *part)
{
	int n = 0;

	while ((text = strstr(text, part))) {
		text++;
		n++;
	}
	return n;
}

static void test_svg(void **state)
{
	struct canvas c;
	struct buf out;

	(void)state;
	draw(&c);
	buf_init(&out);
	picture_put(&c, PICTURE_SVG, THEME_256, &out);
	assert_non_null(strstr(out.data, ">a&lt;b</text>"));
	/* three texts, three drawn glyphs, the whole ground and one more */
	assert_int_equal(count(out.data, "<text"), 3);
	assert_int_equal(count(out.data, "<path"), 3);
	assert_int_equal(count(out.data, "<rect"), 2);
	assert_non_null(strstr(out.data, "opacity=\"0.5\""));
	assert_non_null(strstr(out.data, "x=\"33\" y=\"24\" width=\"18\""));
	assert_non_null(strstr(out.data, "fill:#ff5f00;font-weight:bold"));
	buf_clear(&out);
	picture_put(&c, PICTURE_SVG, THEME_MONO, &out);
	assert_non_null(strstr(out.data, "height=\"66\" fill=\"#ffffff\""));
	buf_release(&out);
	canvas_release(&c);
}

static float area(uint32_t glyph)
{
	struct picture_box box[PICTURE_BOXES];
	float cover, sum = 0;

	for (int i = picture_shape(glyph, box, &cover); i-- > 0;) {
		assert_true(box[i].x >= 0 && box[i].x + box[i].w <= 1.0001F);
		assert_true(box[i].y >= 0 && box[i].y + box[i].h <= 1.0001F);
		sum += box[i].w * box[i].h * cover;
	}
	return sum;
}

static void test_shapes(void **state)
{
	(void)state;
	for (uint32_t glyph = 0; glyph < 0x2900; glyph++)
		area(glyph);
	assert_true(fabsf(area(0x2588) - 1) < 1e-6F);
	assert_true(fabsf(area(0x2584) - 0.5F) < 1e-6F);
	assert_true(fabsf(area(0x258c) - 0.5F) < 1e-6F);
	assert_true(fabsf(area(0x2591) - 0.25F) < 1e-6F);
	assert_true(fabsf(area(0x28ff) - 8 * area(0x2801)) < 1e-6F);
	assert_true(area(0x253c) > area(0x2500));
	assert_true(area('a') <= 0 && area(0x2800) <= 0);
}

static const double AT[] = {0, 100, 200}, RAW[] = {1, 5, 2},
		    SMOOTH[] = {1, 3, 2.5}, LOW[] = {0, 2, 1},
		    HIGH[] = {2, 6, NAN};

static void test_chart_values(void **state)
{
	const struct plot_series s[] = {
		{.name = "mcts:c4,sims=9",
		 .x = AT,
		 .y = SMOOTH,
		 .raw = RAW,
		 .low = LOW,
		 .high = HIGH,
		 .count = 3},
		{.name = "b", .x = AT, .y = RAW, .count = 3, .number = 1},
	};
	struct plot p = {.title = "Elo",
			 .x_name = "games",
			 .series = s,
			 .count = ARRAY_LEN(s)};
	struct buf out;

	(void)state;
	buf_init(&out);
	plot_picture(&p, PICTURE_CSV, &out);
	assert_string_equal(out.data, "series,games,value,smoothed,low,high\n"
				      "\"mcts:c4,sims=9\",0,1,1,0,2\n"
				      "\"mcts:c4,sims=9\",100,5,3,2,6\n"
				      "\"mcts:c4,sims=9\",200,2,2.5,1,\n"
				      "b,0,1,,,\nb,100,5,,,\nb,200,2,,,\n");
	/* what is shown of x */
	p.x_low = 50;
	p.x_high = 150;
	buf_clear(&out);
	plot_picture(&p, PICTURE_CSV, &out);
	assert_string_equal(out.data, "series,games,value,smoothed,low,high\n"
				      "\"mcts:c4,sims=9\",100,5,3,2,6\n"
				      "b,100,5,,,\n");
	buf_release(&out);
}

static void test_chart_drawing(void **state)
{
	static const double gap[] = {1, NAN, 2};
	struct plot_series s[] = {
		{.name = "a", .x = AT, .y = SMOOTH, .raw = RAW, .count = 3},
		{.name = "b", .x = AT, .y = gap, .count = 3, .number = 1},
	};
	struct plot p = {.title = "R&D", .series = s, .count = ARRAY_LEN(s)};
	struct buf out;

	(void)state;
	buf_init(&out);
	plot_picture(&p, PICTURE_SVG, &out);
	assert_non_null(strstr(out.data, ">R&amp;D</text>"));
	/* three points behind the curve, and two that stand alone */
	assert_int_equal(count(out.data, "r=\"1.5\""), 3);
	assert_int_equal(count(out.data, "r=\"2.5\""), 2);
	assert_int_equal(count(out.data, "<polyline"), 3);
	assert_int_equal(count(out.data, "</svg>"), 1);
	assert_null(strstr(out.data, "nan"));
	p.count = 0;
	buf_clear(&out);
	plot_picture(&p, PICTURE_SVG, &out);
	assert_int_equal(count(out.data, "<polyline"), 0);
	assert_int_equal(count(out.data, "</svg>"), 1);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_ending_says_how),
		cmocka_unit_test(test_ansi),
		cmocka_unit_test(test_svg),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_chart_values),
		cmocka_unit_test(test_chart_drawing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
