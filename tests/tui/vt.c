/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/tui/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tui/utf8.h"

enum { MAX_ARGS = 16, MAX_TEXT = 256 * 1024 };

static int on_property(VTermProp prop, VTermValue *value, void *ctx)
{
	struct vt *v = ctx;

	if (prop == VTERM_PROP_ALTSCREEN)
		v->alternate = value->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		v->cursor_shown = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void exec_program(const struct vt_setup *how)
{
	const char *build = getenv("top_builddir");
	const char *other = getenv("PLYSCOPE_TEST_PROGRAM");
	struct rlimit no_core = {0, 0};
	char *argv[MAX_ARGS + 2];
	char path[4096], env[128];
	int n = 0;

	setrlimit(RLIMIT_CORE, &no_core);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("NO_COLOR");
	unsetenv("PLYSCOPE_LAB");
	setenv("PLYSCOPE_TEST", "1", 1);
	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", how->locale ? how->locale : "C.UTF-8", 1);
	if (how->term && !*how->term)
		unsetenv("TERM");
	else
		setenv("TERM", how->term ? how->term : "xterm-256color", 1);
	if (how->env) {
		snprintf(env, sizeof(env), "%s", how->env);
		putenv(env);
	}
	snprintf(path, sizeof(path), "%s/plyscope", build ? build : ".");
	if (other)
		snprintf(path, sizeof(path), "%s", other);
	argv[n++] = path;
	for (int i = 0; how->args && how->args[i] && n < MAX_ARGS; i++)
		argv[n++] = mem_strdup(how->args[i]);
	argv[n] = NULL;
	execv(path, argv);
	perror(path);
	_exit(127);
}

void vt_start(struct vt *v, const struct vt_setup *how)
{
	struct winsize size = {0};

	memset(v, 0, sizeof(*v));
	v->rows = how->rows ? how->rows : 24;
	v->cols = how->cols ? how->cols : 80;
	v->cursor_shown = true;
	v->vterm = vterm_new(v->rows, v->cols);
	vterm_set_utf8(v->vterm, 1);
	v->screen = vterm_obtain_screen(v->vterm);
	vterm_screen_set_callbacks(v->screen, &callbacks, v);
	vterm_screen_enable_altscreen(v->screen, 1);
	vterm_screen_reset(v->screen, 1);
	size.ws_row = (unsigned short)v->rows;
	size.ws_col = (unsigned short)v->cols;
	v->pid = forkpty(&v->fd, NULL, NULL, &size);
	if (v->pid < 0)
		fail_msg("forkpty: %s", strerror(errno));
	if (!v->pid)
		exec_program(how);
	fcntl(v->fd, F_SETFL, O_NONBLOCK);
	tcgetattr(v->fd, &v->before);
}

void vt_stop(struct vt *v)
{
	if (v->pid > 0) {
		kill(v->pid, SIGKILL);
		waitpid(v->pid, NULL, 0);
	}
	if (v->fd >= 0)
		close(v->fd);
	vterm_free(v->vterm);
	memset(v, 0, sizeof(*v));
}

static void write_all(struct vt *v, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(v->fd, bytes, len);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return; /* the program went: the caller will see */
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
}

static void send_output(struct vt *v)
{
	char reply[4096];
	size_t n;

	while ((n = vterm_output_read(v->vterm, reply, sizeof(reply))) > 0)
		write_all(v, reply, n);
}

/* The end of a "CSI ? 1006 ; 1000 h". */
static void note_modes(struct vt *v, bool on)
{
	char *p = v->modes + 3;

	while (*p) {
		long mode = strtol(p, &p, 10);

		if (mode == 1000)
			v->mouse = on;
		if (mode == 2004)
			v->bracketed_paste = on;
		if (*p)
			p++;
	}
}

static void watch_modes(struct vt *v, char c)
{
	static const char lead[] = "\033[?";

	if (v->modes_len < 3 ? c == lead[v->modes_len]
			     : (c >= '0' && c <= '9') || c == ';') {
		if (v->modes_len + 1 < (int)sizeof(v->modes))
			v->modes[v->modes_len++] = c;
		v->modes[v->modes_len] = '\0';
		return;
	}
	if (v->modes_len > 3 && (c == 'h' || c == 'l'))
		note_modes(v, c == 'h');
	v->modes_len = c == lead[0];
}

/* Takes what the program wrote; false when it closed the terminal. */
static bool pump(struct vt *v, int timeout_ms)
{
	struct pollfd p = {.fd = v->fd, .events = POLLIN};
	char part[4096];
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return true;
	n = read(v->fd, part, sizeof(part));
	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	for (ssize_t i = 0; i < n; i++) {
		v->high_bytes = v->high_bytes || (part[i] & 0x80);
		watch_modes(v, part[i]);
	}
	vterm_input_write(v->vterm, part, (size_t)n);
	send_output(v);
	return true;
}

void vt_send(struct vt *v, const char *bytes)
{
	write_all(v, bytes, strlen(bytes));
}

void vt_resize(struct vt *v, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows,
			       .ws_col = (unsigned short)cols};

	v->rows = rows;
	v->cols = cols;
	vterm_set_size(v->vterm, rows, cols);
	ioctl(v->fd, TIOCSWINSZ, &size);
}

void vt_click(struct vt *v, int row, int col, int button)
{
	if (!v->mouse)
		return;
	vterm_mouse_move(v->vterm, row, col, VTERM_MOD_NONE);
	vterm_mouse_button(v->vterm, button, true, VTERM_MOD_NONE);
	vterm_mouse_button(v->vterm, button, false, VTERM_MOD_NONE);
	send_output(v);
}

void vt_paste(struct vt *v, const char *text)
{
	vterm_keyboard_start_paste(v->vterm);
	send_output(v);
	vt_send(v, text);
	vterm_keyboard_end_paste(v->vterm);
	send_output(v);
}

VTermScreenCell vt_cell(struct vt *v, int row, int col)
{
	VTermPos pos = {.row = row, .col = col};
	VTermScreenCell cell;

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(v->screen, pos, &cell);
	return cell;
}

const char *vt_text(struct vt *v)
{
	static char text[MAX_TEXT];
	size_t len = 0;

	for (int row = 0; row < v->rows; row++) {
		for (int col = 0; col < v->cols; col++) {
			VTermScreenCell cell = vt_cell(v, row, col);

			if (len + 8 < sizeof(text))
				len += utf8_put(text + len,
						cell.chars[0] ? cell.chars[0]
							      : ' ');
		}
		text[len++] = '\n';
	}
	text[len] = '\0';
	return text;
}

int vt_find(struct vt *v, const char *text, int *col)
{
	const char *all = vt_text(v), *at = strstr(all, text);
	int row = 0;

	if (!at)
		return -1;
	*col = 0;
	while (all < at) {
		if (*all == '\n') {
			row++;
			*col = 0;
			all++;
		} else {
			utf8_next(&all);
			++*col;
		}
	}
	return row;
}

static void give_up(struct vt *v, const char *why, const char *what)
{
	print_error("the screen:\n%s", vt_text(v));
	fail_msg("%s '%s'", why, what);
}

static void wait_shown(struct vt *v, const char *text, bool wanted)
{
	double end = clock_seconds() + VT_PATIENCE_S;
	bool open = true;

	while ((strstr(vt_text(v), text) != NULL) != wanted) {
		if (!open)
			give_up(v, "the program ended while waiting for", text);
		if (clock_seconds() > end)
			give_up(v, "waited in vain for", text);
		open = pump(v, 100);
	}
}

void vt_wait_text(struct vt *v, const char *text)
{
	wait_shown(v, text, true);
}

void vt_wait_gone(struct vt *v, const char *text)
{
	wait_shown(v, text, false);
}

int vt_wait_frame(struct vt *v, int frame)
{
	double end = clock_seconds() + VT_PATIENCE_S;

	for (;;) {
		const char *mark = strrchr(vt_text(v), '#');
		int number;
		char word[8];

		if (mark && sscanf(mark, "#%d %7s", &number, word) == 2 &&
		    number > frame && !strcmp(word, "idle"))
			return number;
		if (clock_seconds() > end || !pump(v, 100))
			give_up(v, "no frame after", "the last");
	}
}

int vt_wait_exit(struct vt *v)
{
	double end = clock_seconds() + VT_PATIENCE_S;
	int status;

	for (;;) {
		bool open = pump(v, 20);

		if (waitpid(v->pid, &status, WNOHANG) == v->pid)
			break;
		if (clock_seconds() > end)
			give_up(v, "the program does not end", "");
		if (!open)
			poll(NULL, 0, 5); /* only the wait is left */
	}
	v->pid = 0;
	while (pump(v, 0)) {
		struct pollfd p = {.fd = v->fd, .events = POLLIN};

		if (poll(&p, 1, 0) <= 0)
			break;
	}
	return status;
}

void vt_assert_restored(struct vt *v)
{
	struct termios now;

	assert_false(v->alternate);
	assert_true(v->cursor_shown);
	assert_false(v->mouse);
	assert_false(v->bracketed_paste);
	if (tcgetattr(v->fd, &now))
		return; /* gone with its last user */
	assert_int_equal(now.c_lflag, v->before.c_lflag);
	assert_int_equal(now.c_iflag, v->before.c_iflag);
	assert_int_equal(now.c_oflag, v->before.c_oflag);
}
