/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "tests/tui/vt.h"

/* The program as a person meets it: glyphs, colours, keys, mouse, sizes, and
 * above all a terminal that works when it is gone. */
static char lab_path[128];
static const char *const with_lab[] = {"--lab", lab_path, NULL};
static const char *const no_color[] = {"--lab", lab_path, "--no-color", NULL};
static const char *const no_mouse[] = {"--lab", lab_path, "--no-mouse", NULL};
static const char *const ascii[] = {"--lab", lab_path, "--ascii", NULL};
static const struct vt_setup usual = {.args = with_lab};

static int make_lab(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(lab_path, sizeof(lab_path), "%s/plyscope-terminal-%ld.db",
		 tmp ? tmp : "/tmp", (long)getpid());
	unlink(lab_path);
	/* a lab of the test's own, not the shipped sample */
	setenv("PLYSCOPE_DATADIR", "/nonexistent", 1);
	return 0;
}

static int remove_lab(void **state)
{
	static const char *const more[] = {"", "-wal", "-shm"};
	char path[160];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		snprintf(path, sizeof(path), "%s%s", lab_path, more[i]);
		unlink(path);
	}
	return 0;
}

static void start(struct vt *v, const struct vt_setup *how)
{
	vt_start(v, how);
	vt_wait_text(v, "Menu");
	vt_wait_frame(v, 0);
}

static void quit(struct vt *v)
{
	int status;

	vt_send(v, "q");
	status = vt_wait_exit(v);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	vt_assert_restored(v);
	vt_stop(v);
}

static void test_first_screen(void **state)
{
	VTermScreenCell cell;
	struct vt v;
	int row, col;

	(void)state;
	start(&v, &usual);
	assert_true(v.alternate);
	assert_false(v.cursor_shown);
	row = vt_find(&v, "┌─ Menu", &col);
	assert_true(row >= 0);
	cell = vt_cell(&v, row + 1, col + 3); /* the selected entry */
	assert_true(cell.attrs.bold);
	assert_true(VTERM_COLOR_IS_INDEXED(&cell.bg));
	assert_int_equal(cell.bg.indexed.idx, 24);
	quit(&v);
}

static void test_function_keys_and_esc(void **state)
{
	struct vt v;

	(void)state;
	start(&v, &usual);
	vt_send(&v, "\033OP"); /* F1 */
	vt_wait_text(&v, "Keys of this screen");
	vt_send(&v, "\033"); /* alone: nothing follows that could end it */
	vt_wait_gone(&v, "Keys of this screen");
	vt_send(&v, "?");
	vt_wait_text(&v, "Keys of this screen");
	vt_send(&v, "\033OB\033OB\033[6~"); /* Down Down PgDn */
	vt_wait_gone(&v, "Keys of this screen");
	vt_send(&v, "q");
	vt_wait_text(&v, "Menu");
	quit(&v);
}

static void test_sizes(void **state)
{
	static const struct {
		int rows, cols;
		const char *shows;
	} sizes[] = {
		{60, 200, "keys, here and everywhere"},
		{12, 40, "Menu"},
		{6, 20, "plyscope"},
		{3, 10, "needs 20x6"},
		{24, 80, "At work"},
	};
	struct vt v;

	(void)state;
	start(&v, &usual);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		vt_resize(&v, sizes[i].rows, sizes[i].cols);
		vt_wait_text(&v, sizes[i].shows);
	}
	quit(&v);
}

static void test_environment_does_not_freeze_the_size(void **state)
{
	struct vt_setup how = usual;
	struct vt v;

	(void)state;
	how.env = "LINES=10";
	how.rows = 30;
	start(&v, &how);
	assert_true(strstr(vt_text(&v), "At work") != NULL);
	quit(&v);
}

static void test_mouse(void **state)
{
	struct vt_setup how = usual;
	struct vt v;
	int row, col;

	(void)state;
	start(&v, &usual);
	row = vt_find(&v, "Help", &col);
	assert_true(row > 0);
	vt_click(&v, row, col, 1);
	vt_wait_text(&v, "Keys of this screen");
	vt_send(&v, "q");
	vt_wait_text(&v, "Menu");
	quit(&v);

	how.args = no_mouse;
	start(&v, &how);
	vt_click(&v, row, col, 1);
	vt_send(&v,
		"\t"); /* a frame after the click, if it had done anything */
	vt_wait_frame(&v, 1);
	assert_true(strstr(vt_text(&v), "Menu") != NULL);
	quit(&v);
}

static void test_paste_is_never_a_command(void **state)
{
	struct vt v;

	(void)state;
	start(&v, &usual);
	vt_paste(&v, "?q\r");
	vt_send(&v, ":");
	vt_wait_text(&v, ":");
	vt_paste(&v, "help\rquit");
	vt_wait_text(&v, ":help quit");
	assert_true(v.cursor_shown);
	vt_send(&v, "\033");
	vt_wait_gone(&v, ":help quit");
	quit(&v);
}

static void test_every_deadly_signal_restores(void **state)
{
	static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL,
				      SIGTERM, SIGHUP,  SIGINT, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct vt v;
		int status;

		start(&v, &usual);
		kill(v.pid, signals[i]);
		status = vt_wait_exit(&v);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		vt_assert_restored(&v);
		vt_stop(&v);
	}
}

static void test_terminal_that_goes_away(void **state)
{
	struct vt v;

	(void)state;
	start(&v, &usual);
	close(v.fd);
	v.fd = -1;
	/* ends by itself: vt_stop() would otherwise not be needed */
	assert_int_equal(waitpid(v.pid, NULL, 0), v.pid);
	v.pid = 0;
	vt_stop(&v);
}

static void test_terminals(void **state)
{
	static const char *const names[] = {"xterm-256color", "xterm", "screen",
					    "linux", "vt100"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct vt_setup how = usual;
		struct vt v;

		how.term = names[i];
		start(&v, &how);
		vt_send(&v, "?");
		vt_wait_text(&v, "Keys of this screen");
		vt_send(&v, "q");
		vt_wait_text(&v, "Menu");
		quit(&v);
	}
}

static void test_terminals_that_cannot(void **state)
{
	static const char *const names[] = {"dumb", "", "no-such-terminal"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct vt_setup how = usual;
		struct vt v;
		int status;

		how.term = names[i];
		how.cols = 200;
		vt_start(&v, &how);
		status = vt_wait_exit(&v);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
		assert_true(strstr(vt_text(&v), "plyscope --help") != NULL);
		vt_assert_restored(&v);
		vt_stop(&v);
	}
}

static void assert_no_color(struct vt *v)
{
	VTermColor fg, bg;

	vterm_state_get_default_colors(vterm_obtain_state(v->vterm), &fg, &bg);
	for (int row = 0; row < v->rows; row++) {
		for (int col = 0; col < v->cols; col++) {
			VTermScreenCell cell = vt_cell(v, row, col);

			assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
			assert_true(VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
		}
	}
}

static void test_without_color(void **state)
{
	struct vt_setup how = usual;
	VTermScreenCell cell;
	struct vt v;
	int row, col;

	(void)state;
	how.args = no_color;
	start(&v, &how);
	assert_no_color(&v);
	row = vt_find(&v, "Help", &col);
	vt_send(&v, "\033OF"); /* End: the last entry */
	vt_wait_frame(&v, 1);
	assert_true(vt_cell(&v, row, col).attrs.reverse);
	quit(&v);

	how = usual;
	how.env = "NO_COLOR=1";
	start(&v, &how);
	assert_no_color(&v);
	quit(&v);

	how.env = "NO_COLOR=";
	start(&v, &how);
	cell = vt_cell(&v, row, col - 3);
	assert_true(VTERM_COLOR_IS_INDEXED(&cell.fg));
	quit(&v);
}

static void test_ascii(void **state)
{
	struct vt_setup how = usual;
	struct vt v;

	(void)state;
	how.args = ascii;
	start(&v, &how);
	assert_true(strstr(vt_text(&v), "+- Menu -") != NULL);
	assert_false(v.high_bytes);
	quit(&v);

	how = usual;
	how.locale = "C";
	start(&v, &how);
	assert_true(strstr(vt_text(&v), "+- Menu -") != NULL);
	assert_false(v.high_bytes);
	quit(&v);
}

/* Ctrl-Z: nobody is there to stop for, so it must come back by itself. */
static void test_suspend_without_a_shell(void **state)
{
	struct vt v;

	(void)state;
	start(&v, &usual);
	vt_send(&v, "\032");
	vt_wait_frame(&v, 1);
	assert_true(v.alternate);
	vt_send(&v, "\f");
	vt_wait_frame(&v, 2);
	vt_wait_text(&v, "Menu");
	quit(&v);
}

static void test_stop_and_continue(void **state)
{
	struct vt v;

	(void)state;
	start(&v, &usual);
	kill(v.pid, SIGSTOP);
	kill(v.pid, SIGCONT);
	vt_wait_frame(&v, 1);
	vt_wait_text(&v, "Menu");
	assert_true(v.alternate);
	quit(&v);
}

static void test_no_terminal(void **state)
{
	const char *build = getenv("top_builddir");
	const char *other = getenv("PLYSCOPE_TEST_PROGRAM");
	char command[8192], line[512] = "";
	FILE *p;
	int status;

	(void)state;
	if (other)
		snprintf(command, sizeof(command),
			 "'%s' --lab '%s' 2>&1 "
			 "</dev/null | cat",
			 other, lab_path);
	else
		snprintf(command, sizeof(command),
			 "'%s/plyscope' --lab '%s' 2>&1 </dev/null; echo $?",
			 build ? build : ".", lab_path);
	p = popen(command, "r");
	assert_non_null(p);
	assert_non_null(fgets(line, sizeof(line), p));
	assert_true(strstr(line, "must be a terminal") != NULL);
	if (!other) {
		assert_non_null(fgets(line, sizeof(line), p));
		assert_string_equal(line, "2\n");
	}
	status = pclose(p);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_screen),
		cmocka_unit_test(test_function_keys_and_esc),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_environment_does_not_freeze_the_size),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_paste_is_never_a_command),
		cmocka_unit_test(test_every_deadly_signal_restores),
		cmocka_unit_test(test_terminal_that_goes_away),
		cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_terminals_that_cannot),
		cmocka_unit_test(test_without_color),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_suspend_without_a_shell),
		cmocka_unit_test(test_stop_and_continue),
		cmocka_unit_test(test_no_terminal),
	};

	return cmocka_run_group_tests(tests, make_lab, remove_lab);
}
