/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "tests/tui/golden.h"
#include "tui/app.h"
#include "tui/app_run.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/cmdline.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"
#include "tui/script.h"

/* The stack, its dispatch and scripts, on screens of this test alone: this
 * table stands in for the one of the library. */
struct counter {
	struct app *app;
	int count;
	char typed[64];
	char arg[32];
	bool field;    /* being edited */
	int work_left; /* ticks until idle */
};

static int open_count, close_count;

static enum err_code counter_open(void *self, struct app *app, const char *arg,
				  struct err *e)
{
	struct counter *k = self;

	open_count++;
	k->app = app;
	if (!strcmp(arg, "bad"))
		return err_set(e, ERR_NOTFOUND, "there is no counter bad");
	if (*arg)
		strncpy(k->arg, arg, sizeof(k->arg) - 1);
	return ERR_OK;
}

static void counter_draw(const void *self, struct canvas *c)
{
	const struct counter *k = self;

	canvas_region(c, k, 0, 0);
	canvas_printf(c, 0, 1, STYLE_VALUE, "count=%d arg=%s typed=%s",
		      k->count, k->arg, k->typed);
	canvas_cursor(c, 0, 1);
}

static bool counter_answer(void *self, const char *text)
{
	struct counter *k = self;

	if (text && text[strspn(text, "0123456789")]) {
		app_say(k->app,
			"'%s' is no number of things to count: write "
			"one with digits alone",
			text);
		return false;
	}
	k->count = text ? atoi(text) : -1;
	return true;
}

static enum screen_action count_by(void *self, const struct key_press *k)
{
	struct counter *c = self;

	c->count += k->arg;
	return SCREEN_REDRAW;
}

static enum screen_action open_more(void *self, const struct key_press *k)
{
	struct counter *c = self;

	(void)k;
	app_push(c->app, "counter", "child");
	return SCREEN_STAY;
}

static enum screen_action swap(void *self, const struct key_press *k)
{
	struct counter *c = self;

	(void)k;
	app_replace(c->app, "counter", "swapped");
	return SCREEN_STAY;
}

static enum screen_action open_bad(void *self, const struct key_press *k)
{
	struct counter *c = self;

	(void)k;
	app_replace(c->app, "counter", "bad");
	return SCREEN_STAY;
}

static enum screen_action ask_number(void *self, const struct key_press *k)
{
	struct counter *c = self;

	(void)k;
	app_ask(c->app, "How many?", "4", counter_answer, c);
	return SCREEN_STAY;
}

static enum screen_action edit_field(void *self, const struct key_press *k)
{
	struct counter *c = self;

	(void)k;
	c->field = true;
	return SCREEN_REDRAW;
}

static enum screen_action work(void *self, const struct key_press *k)
{
	struct counter *c = self;

	(void)k;
	c->work_left = 3;
	return SCREEN_REDRAW;
}

static const struct key_binding counter_keys[] = {
	{"Up, +", "more", "count up", true, .run = count_by, .arg = 1},
	{"Down", "less", "count down", false, .run = count_by, .arg = -1},
	{"Enter", "open", "open one more on top", true, .run = open_more},
	{"s", "swap", "take its place", false, .run = swap},
	{"b", "bad", "open what cannot be opened", false, .run = open_bad},
	{"a", "ask", "ask for a number", false, .run = ask_number},
	{"e", "edit-field", "edit the field", false, .run = edit_field},
	{"w", "work", "work for three ticks", false, .run = work},
	{0},
};

static enum screen_action close_popup(void *self, const struct key_press *k)
{
	struct counter *c = self;

	(void)k;
	c->arg[0] = '\0';
	return SCREEN_REDRAW;
}

/* One opens with `popup` as its argument. */
static const struct key_binding *counter_popup(const void *self)
{
	static const struct key_binding popup_keys[] = {
		{.name = "more", .run = count_by, .arg = 100},
		{.name = "open", .run = close_popup},
		{0},
	};
	const struct counter *c = self;

	return strcmp(c->arg, "popup") ? NULL : popup_keys;
}

static bool counter_text(void *self, unsigned ch, enum screen_action *action)
{
	struct counter *k = self;
	size_t len = strlen(k->typed);

	if (ch == K_ENTER && k->field) {
		k->field = false;
		*action = SCREEN_REDRAW;
		return true;
	}
	if (!(ch >= '0' && ch <= '9') && !(k->field && ch >= ' ' && ch < 0x7f))
		return false;
	if (len + 1 < sizeof(k->typed))
		k->typed[len] = (char)ch;
	*action = SCREEN_REDRAW;
	return true;
}

static bool counter_editing(const void *self)
{
	return ((const struct counter *)self)->field;
}

static enum screen_action counter_mouse(void *self, const struct mouse_event *m)
{
	struct counter *k = self;
	const struct canvas_region *r = canvas_map_find(m->seen, k, 0);

	assert_non_null(r);
	k->count = (m->row - r->row) * 100 + m->col - r->col;
	return m->button == 3 ? SCREEN_BACK : SCREEN_REDRAW;
}

static enum screen_action counter_tick(void *self)
{
	struct counter *k = self;

	if (k->work_left && !--k->work_left)
		k->count = 1000;
	return SCREEN_REDRAW;
}

static bool counter_busy(const void *self)
{
	return ((const struct counter *)self)->work_left > 0;
}

static enum screen_action counter_resume(void *self)
{
	((struct counter *)self)->count += 10;
	return SCREEN_REDRAW;
}

static void counter_close(void *self)
{
	(void)self;
	close_count++;
}

static const struct screen screen_counter = {
	.name = "counter",
	.title = "Counter",
	.help = "It counts.",
	.self_size = sizeof(struct counter),
	.keys = counter_keys,
	.open = counter_open,
	.draw = counter_draw,
	.popup = counter_popup,
	.text = counter_text,
	.editing = counter_editing,
	.mouse = counter_mouse,
	.tick = counter_tick,
	.busy = counter_busy,
	.resume = counter_resume,
	.close = counter_close,
};

const struct screen *const screen_table[] = {&screen_counter, &screen_help,
					     NULL};

/* Runs a script on a fresh app with one counter; the sentence if it failed. */
static const char *play(const char *text)
{
	static struct err e;
	struct app *app = app_new(NULL);
	struct script s;
	enum err_code rc;

	open_count = close_count = 0;
	assert_int_equal(app_open(app, "counter", "", &e), ERR_OK);
	script_init(&s, app, 12, 60);
	rc = script_run(&s, text, "test", &e);
	script_release(&s);
	app_free(app);
	assert_int_equal(open_count, close_count);
	return rc ? e.msg : NULL;
}

static void assert_plays(const char *text)
{
	const char *why = play(text);

	if (why)
		fail_msg("%s", why);
}

static void test_keys_and_aliases(void **state)
{
	(void)state;
	assert_plays("key Up + Up Down\nexpect count=2\n"
		     "key k k j\nexpect count=3\n" /* vi's, as not bound */
		     "key 4 2\nexpect typed=42\n"
		     "key x F7 Insert\nexpect count=3\n");
}

static void test_stack(void **state)
{
	(void)state;
	assert_plays("key Up\nkey Enter\nexpect count=0 arg=child\n"
		     "expect Counter › Counter\n"
		     "key q\nexpect count=11\nrefuse ›\n"
		     "key Enter Enter Esc Esc\nexpect count=21\n"
		     "key s\nexpect count=0 arg=swapped\nrefuse ›\n"
		     "key b\nexpect there is no counter bad\n"
		     "expect arg=swapped\nkey Up\nrefuse there is no\n"
		     "key Esc\nexpect q leaves plyscope\nkey Up\nexpect count=2"
		     "\nkey q\n");
}

static void test_depth_is_bounded(void **state)
{
	char text[2048] = "";

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(text, "key Enter\n");
	strcat(text, "expect 32 screens are open\n");
	for (int i = 0; i < 31; i++)
		strcat(text, "key q\n");
	strcat(text, "expect count=10\n");
	assert_plays(text);
}

/* Of the screen's own bindings a popup hears those that it names. */
static void test_popup(void **state)
{
	(void)state;
	assert_plays("command counter popup\nexpect arg=popup\n"
		     "key Up +\nexpect count=200\n"
		     "key Down s\nexpect count=200 arg=popup\n"
		     "command more\nexpect count=300\n"
		     "key ?\nexpect Keys of this screen\nkey q\n"
		     "key Enter\nexpect arg= typed\n"
		     "key Up\nexpect count=311\n");
}

static void test_command_line(void **state)
{
	(void)state;
	assert_plays("key :\ntype more\nkey Enter\nexpect count=1\n"
		     "command mor\nexpect count=2\n"
		     "command m\nexpect count=3\n"
		     "command s\nexpect s may mean several\n"
		     "command zebra\nexpect no command is named zebra\n"
		     "key :\ntype le\nkey Tab Enter\nexpect count=2\n"
		     "key : Up Enter\nexpect count=1\n"
		     "key : Up Up Down Down Esc\nexpect count=1\n"
		     "key :\ntype ab\nkey Backspace Backspace Backspace\n"
		     "expect ? help\n"
		     "command counter two words\nexpect arg=two words\n"
		     "command back\nexpect count=11\n"
		     "command help counter\nexpect Keys of this screen\n"
		     "command quit\n");
}

/* Commands outlive the program, the newest of them. */
static void test_history_is_kept(void **state)
{
	char folder[] = "/tmp/plyscope-history-XXXXXX", line[32];
	struct cmdline_history h = {.count = 0};
	char *path, *inner;

	(void)state;
	assert_non_null(mkdtemp(folder));
	inner = mem_printf("%s/state", folder);
	path = mem_printf("%s/history", inner);
	cmdline_history_open(&h, path);
	assert_int_equal(h.count, 0);
	cmdline_remember(&h, "play tactical");
	cmdline_remember(&h, "games");
	cmdline_remember(&h, "games");
	cmdline_release(&h);
	cmdline_history_open(&h, path);
	assert_int_equal(h.count, 2);
	assert_string_equal(h.lines[0], "play tactical");
	assert_string_equal(h.lines[1], "games");
	for (int i = 0; i < 10 * CMDLINE_HISTORY; i++) {
		snprintf(line, sizeof(line), "run %d", i);
		cmdline_remember(&h, line);
	}
	cmdline_release(&h);
	/* Read once more, the file is as short as the memory. */
	for (int twice = 0; twice < 2; twice++) {
		cmdline_history_open(&h, path);
		assert_int_equal(h.count, CMDLINE_HISTORY);
		assert_string_equal(h.lines[CMDLINE_HISTORY - 1], line);
		cmdline_release(&h);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(inner), 0);
	assert_int_equal(rmdir(folder), 0);
	free(inner);
	free(path);
}

static void test_completion_goes_round(void **state)
{
	(void)state;
	assert_plays("key : o Tab\nexpect :open\nkey Tab\nexpect :open\n"
		     "key Esc : b Tab\nexpect :back\nkey Tab\nexpect :bad\n"
		     "key Tab\nexpect :back\n");
}

static void test_questions(void **state)
{
	(void)state;
	assert_plays("key a\nexpect How many? 4\ntype 2\nkey Enter\n"
		     "expect count=42\n"
		     "key a\nkey Esc\nexpect count=-1\n");
}

/* What is not an answer can be corrected, with the whole reason above it. */
static void test_wrong_answers(void **state)
{
	(void)state;
	assert_plays("key a\ntype x2\nkey Enter\nexpect How many? 4x2\n"
		     "expect '4x2' is no number\nexpect digits alone\n"
		     "refuse count=42\nkey Left Backspace\n"
		     "refuse is no number\nexpect How many? 42\nkey Enter\n"
		     "expect count=42\nrefuse How many\n"
		     "key a x Enter Enter\nexpect 4x\nkey Esc\n"
		     "expect count=-1\nrefuse How many\nkey Up\n"
		     "expect count=0\n"
		     /* It goes with the screen that asked. */
		     "key a x Enter\ncommand counter above\n"
		     "refuse How many\nkey Up\nexpect count=1 arg=above\n");
}

static void test_editing_and_paste(void **state)
{
	(void)state;
	assert_plays("key e\ntype q?: b\nexpect typed=q?: b\n"
		     "key Enter\nkey 7\nexpect typed=q?: b7\n"
		     "paste qs9\nexpect typed=q?: b79\nexpect count=0\n");
}

static void test_mouse_and_sizes(void **state)
{
	(void)state;
	assert_plays("click 3 7\nexpect count=207\n"
		     "size 5 19\nexpect needs 20x6\n"
		     "size 6 20\nexpect count=207\n"
		     "size 60 200\nexpect count=207\n"
		     "size 1 1\nexpect n\n"
		     "size 12 60\nkey Enter\nclick 1 1 3\nexpect count=217\n");
}

static void test_waiting(void **state)
{
	(void)state;
	assert_plays("key w\nwait idle\nexpect count=1000\n"
		     "key Up w\nwait text count=1000\n");
}

static void test_failures_name_the_line(void **state)
{
	(void)state;
	assert_string_equal(play("# fine\n\nexpect count=0\nexpect zebra\n"),
			    "test:4: the screen does not show 'zebra'");
	assert_string_equal(play("key Upp"), "test:1: no key is named Upp");
	assert_string_equal(play("refuse count"),
			    "test:1: the screen shows 'count'");
	assert_string_equal(play("dance now"),
			    "test:1: no script command is named dance");
	assert_string_equal(play("key"), "test:1: key needs an argument");
	assert_string_equal(play("open zebra"),
			    "test:1: no screen is named zebra; ? lists what "
			    "there is");
	assert_null(play("key q\nexpect after the app quit\n"));
}

static void test_pictures(void **state)
{
	struct app *app = app_new(NULL);
	struct canvas c;

	(void)state;
	assert_int_equal(app_open(app, "counter", "", NULL), ERR_OK);
	assert_int_equal(app_key(app, K_ENTER), APP_GO_ON);
	assert_true(app_dirty(app));
	canvas_init(&c, 7, 60);
	app_draw(app, &c);
	assert_false(app_dirty(app));
	golden_canvas(&c, "app-stack");
	app_key(app, ':');
	for (const char *p = "counter a line that is longer than the terminal "
			     "is wide, so that it slides";
	     *p; p++)
		app_key(app, *p);
	app_draw(app, &c);
	golden_canvas(&c, "app-command");
	assert_int_equal(c.cursor_row, 6);
	app_key(app, K_ESC);
	app_key(app, 'a');
	app_key(app, 'x');
	app_key(app, K_ENTER);
	app_draw(app, &c);
	golden_canvas(&c, "app-wrong-answer");
	canvas_release(&c);
	app_free(app);
}

static void test_wake(void **state)
{
	struct app *app = app_new(NULL);

	(void)state;
	assert_int_equal(app_open(app, "counter", "", NULL), ERR_OK);
	for (int i = 0; i < 100000; i++) /* more than a pipe holds */
		app_wake(app);
	assert_int_equal(app_tick(app), APP_GO_ON);
	app_free(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_and_aliases),
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_depth_is_bounded),
		cmocka_unit_test(test_popup),
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_history_is_kept),
		cmocka_unit_test(test_completion_goes_round),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_wrong_answers),
		cmocka_unit_test(test_editing_and_paste),
		cmocka_unit_test(test_mouse_and_sizes),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_failures_name_the_line),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_wake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
