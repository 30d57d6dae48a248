/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/term.h"

#define NCURSES_NOMACROS
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "tui/keys.h"
#include "tui/rescue.h"
#include "tui/theme.h"

/* Codes for define_key(), above those of curses. */
enum { CODE_PASTE_START = 0x2000, CODE_PASTE_END };
enum { ESC_DELAY_MS = 25 };

#define MOUSE_OFF "\033[?1006l\033[?1015l\033[?1002l\033[?1000l"
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct term {
	SCREEN *screen;
	bool ascii, mouse, paste, pasting;
	attr_t looks[STYLE_COUNT];
	short pairs[STYLE_COUNT];
	struct cell *last; /* owned [rows * cols]; what curses was told */
	int rows, cols;
	bool resized, stop_wanted, continued; /* told by signals */
	struct sigaction tstp_before, winch_before, cont_before;
};

/* Signals become bytes here, as any thread may get them: those that libraries
 * start block nothing.  The write end is all that a handler uses. */
static int signal_pipe[2] = {-1, -1};

static void on_signal(int sig)
{
	int saved = errno;
	char byte = (char)sig;
	ssize_t n = write(signal_pipe[1], &byte, 1);

	(void)n; /* full: enough of them wait */
	errno = saved;
}

/* SIGPIPE must not kill, yet a started process must have it as usual, so it is
 * caught, not ignored. */
static void on_pipe(int sig)
{
	(void)sig;
}

static void send(const char *bytes)
{
	size_t len = strlen(bytes);

	fflush(stdout);
	while (len) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n <= 0 && errno != EINTR)
			return;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
}

/* A capability without its padding, "$<5>", as the rescue writes it raw. */
static void add_capability(struct buf *out, const char *name)
{
	char id[16];
	const char *cap;

	snprintf(id, sizeof(id), "%s", name);
	cap = tigetstr(id);
	if (!cap || cap == (const char *)-1)
		return;
	while (*cap) {
		const char *end = strchr(cap, '>');

		if (cap[0] == '$' && cap[1] == '<' && end)
			cap = end + 1;
		else
			buf_putc(out, *cap++);
	}
}

/* What puts the terminal back when nothing else can be called any more. */
static void prepare_rescue(const struct term *t)
{
	struct buf out;

	buf_init(&out);
	if (t->mouse)
		buf_puts(&out, MOUSE_OFF);
	if (t->paste)
		buf_puts(&out, PASTE_OFF);
	add_capability(&out, "sgr0");
	add_capability(&out, "op");
	add_capability(&out, "rmkx");
	add_capability(&out, "cnorm");
	add_capability(&out, "rmcup");
	buf_puts(&out, "\r\n");
	if (out.len <= RESCUE_BYTES)
		rescue_bytes(out.data, out.len);
	buf_release(&out);
}

static attr_t curses_attrs(unsigned attrs)
{
	attr_t a = A_NORMAL;

	if (attrs & THEME_BOLD)
		a |= A_BOLD;
	if (attrs & THEME_DIM)
		a |= A_DIM;
	if (attrs & THEME_REVERSE)
		a |= A_REVERSE;
	if (attrs & THEME_UNDERLINE)
		a |= A_UNDERLINE;
	return a;
}

static void prepare_looks(struct term *t, bool no_color)
{
	const char *env = getenv("NO_COLOR");
	enum theme_kind kind = THEME_MONO;
	const struct theme_look *looks;

	if (!no_color && !(env && *env) && has_colors() &&
	    start_color() == OK) {
		use_default_colors();
		kind = COLORS >= 256 && COLOR_PAIRS > STYLE_COUNT ? THEME_256
		       : COLORS >= 8 && COLOR_PAIRS > STYLE_COUNT ? THEME_8
								  : THEME_MONO;
	}
	looks = theme_looks(kind);
	for (short i = 0; i < STYLE_COUNT; i++) {
		t->looks[i] = curses_attrs(looks[i].attrs);
		t->pairs[i] = 0;
		if (kind != THEME_MONO &&
		    (looks[i].fg >= 0 || looks[i].bg >= 0)) {
			t->pairs[i] = (short)(i + 1);
			init_pair(t->pairs[i], looks[i].fg, looks[i].bg);
		}
	}
}

/* What terminfo does not tell of: pasting, and the arrows of a terminal that
 * did not hear that it should send the other kind. */
static void define_keys(void)
{
	static const struct {
		const char *bytes;
		int code;
	} more[] = {
		{"\033[200~", CODE_PASTE_START},
		{"\033[201~", CODE_PASTE_END},
		{"\033[A", KEY_UP},
		{"\033[B", KEY_DOWN},
		{"\033[C", KEY_RIGHT},
		{"\033[D", KEY_LEFT},
		{"\033[H", KEY_HOME},
		{"\033[F", KEY_END},
	};

	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		if (!key_defined(more[i].bytes))
			define_key(more[i].bytes, more[i].code);
}

static void modes_on(const struct term *t)
{
	if (t->mouse)
		mousemask(BUTTON1_PRESSED | BUTTON2_PRESSED | BUTTON3_PRESSED |
				  BUTTON4_PRESSED | BUTTON5_PRESSED,
			  NULL);
	if (t->paste)
		send(PASTE_ON);
}

static void modes_off(const struct term *t)
{
	if (t->mouse) {
		mousemask(0, NULL);
		/* curses turns two modes off with one sequence, which some
		 * terminals read only the first half of */
		send(MOUSE_OFF);
	}
	if (t->paste)
		send(PASTE_OFF);
}

/* A terminal that says it is an xterm in any way knows bracketed paste, or
 * skips what it does not know; a vt100 might print it. */
static bool can_paste(void)
{
	char name[] = "kmous";
	const char *kmous = tigetstr(name);

	return kmous && kmous != (const char *)-1;
}

static void read_signals(struct term *t)
{
	char bytes[64];
	ssize_t n;

	while ((n = read(signal_pipe[0], bytes, sizeof(bytes))) > 0) {
		t->resized |= memchr(bytes, SIGWINCH, (size_t)n) != NULL;
		t->stop_wanted |= memchr(bytes, SIGTSTP, (size_t)n) != NULL;
		t->continued |= memchr(bytes, SIGCONT, (size_t)n) != NULL;
	}
}

static enum err_code prepare_signals(struct term *t, struct err *e)
{
	struct sigaction act = {.sa_handler = on_signal,
				.sa_flags = SA_RESTART};

	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK))
		return err_set(e, ERR_IO, "cannot make a pipe: %s",
			       strerror(errno));
	sigemptyset(&act.sa_mask);
	/* before curses, which then installs no handlers of its own */
	sigaction(SIGTSTP, &act, &t->tstp_before);
	sigaction(SIGWINCH, &act, &t->winch_before);
	sigaction(SIGCONT, &act, &t->cont_before);
	act.sa_handler = on_pipe;
	sigaction(SIGPIPE, &act, NULL);
	return ERR_OK;
}

static enum err_code no_terminal(struct err *e)
{
	const char *name = getenv("TERM");

	return err_set(e, ERR_IO,
		       "this terminal (TERM=%s) cannot show screens: use the "
		       "plain commands that `plyscope --help` lists, or set "
		       "TERM to what it really is",
		       name && *name ? name : "not set");
}

/* Curses opens a dumb terminal gladly and then shows nothing. */
static bool can_place_text(void)
{
	char name[] = "cup";
	const char *cup = tigetstr(name);

	return cup && cup != (const char *)-1;
}

enum err_code term_open(const struct term_options *opt, struct term **out,
			struct err *e)
{
	const char *name = getenv("TERM");
	struct term *t;

	*out = NULL;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, ERR_USAGE,
			       "standard input and output must be a terminal; "
			       "`plyscope --help` lists the commands for "
			       "scripts and pipes");
	/* numbers keep their dot: only characters follow the locale */
	setlocale(LC_CTYPE, "");
	if (!name || !*name)
		return no_terminal(e);
	rescue_arm(STDOUT_FILENO);
	t = mem_zalloc(1, sizeof(*t));
	if (prepare_signals(t, e)) {
		rescue_disarm();
		free(t);
		return e->code;
	}
	/* with these set, curses would never see another size */
	unsetenv("LINES");
	unsetenv("COLUMNS");
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen || !can_place_text()) {
		if (t->screen) {
			endwin();
			delscreen(t->screen);
		}
		t->screen = NULL;
		term_close(t);
		return no_terminal(e);
	}
	t->ascii = opt->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	t->mouse = !opt->no_mouse && can_paste();
	t->paste = can_paste();
	prepare_rescue(t);
	set_escdelay(ESC_DELAY_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, true);
	nodelay(stdscr, true);
	leaveok(stdscr, false);
	mouseinterval(0);
	define_keys();
	prepare_looks(t, opt->no_color);
	term_repaint(t);
	modes_on(t);
	*out = t;
	return ERR_OK;
}

void term_close(struct term *t)
{
	if (!t)
		return;
	if (t->screen) {
		modes_off(t);
		curs_set(1);
		endwin();
		delscreen(t->screen);
	}
	rescue_disarm();
	sigaction(SIGTSTP, &t->tstp_before, NULL);
	sigaction(SIGWINCH, &t->winch_before, NULL);
	sigaction(SIGCONT, &t->cont_before, NULL);
	for (int i = 0; i < 2; i++) {
		close(signal_pipe[i]);
		signal_pipe[i] = -1;
	}
	free(t->last);
	free(t);
}

void term_size(const struct term *t, int *rows, int *cols)
{
	(void)t;
	getmaxyx(stdscr, *rows, *cols);
}

bool term_ascii(const struct term *t)
{
	return t->ascii;
}

void term_repaint(struct term *t)
{
	free(t->last);
	t->last = NULL;
	wclear(stdscr); /* the next refresh starts from an empty terminal */
}

static void put_cell(const struct term *t, int row, int col,
		     const struct cell *cell)
{
	wchar_t text[2] = {cell->glyph ? (wchar_t)cell->glyph : L' ', 0};
	cchar_t ch;

	setcchar(&ch, text, t->looks[cell->style], t->pairs[cell->style], NULL);
	mvwadd_wch(stdscr, row, col, &ch);
}

void term_show(struct term *t, const struct canvas *c, bool caret)
{
	size_t count = (size_t)c->rows * (size_t)c->cols;

	if (!t->last || t->rows != c->rows || t->cols != c->cols) {
		free(t->last);
		t->last = mem_zalloc(count + 1, sizeof(*t->last));
		memset(t->last, 0xFF, count * sizeof(*t->last));
		t->rows = c->rows;
		t->cols = c->cols;
	}
	for (size_t i = 0; i < count; i++) {
		if (t->last[i].glyph == c->cells[i].glyph &&
		    t->last[i].style == c->cells[i].style)
			continue;
		t->last[i] = c->cells[i];
		put_cell(t, (int)(i / (size_t)c->cols),
			 (int)(i % (size_t)c->cols), &c->cells[i]);
	}
	if (c->cursor_row >= 0)
		wmove(stdscr, c->cursor_row, c->cursor_col);
	else
		wmove(stdscr, c->rows - 1, 0);
	curs_set(caret && c->cursor_row >= 0 ? 1 : 0);
	wrefresh(stdscr);
}

void term_suspend(struct term *t)
{
	struct sigaction fall = {.sa_handler = SIG_DFL}, ours;

	t->stop_wanted = false;
	modes_off(t);
	curs_set(1);
	endwin();
	sigemptyset(&fall.sa_mask);
	sigaction(SIGTSTP, &fall, &ours);
	/* the whole job, as Ctrl-Z at the shell would: a script that started
	 * us must stop with us */
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	t->resized = true; /* it may have been, meanwhile */
	term_repaint(t);
	wrefresh(stdscr);
	modes_on(t);
}

/* True if the terminal has another size than curses thinks. */
static bool take_size(struct term *t)
{
	struct winsize size;
	int rows, cols;

	t->resized = false;
	term_size(t, &rows, &cols);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row ||
	    !size.ws_col || (size.ws_row == rows && size.ws_col == cols))
		return false;
	resizeterm(size.ws_row, size.ws_col);
	return true;
}

static int key_of_code(wint_t code)
{
	static const struct {
		int code, key;
	} map[] = {
		{KEY_UP, K_UP},        {KEY_DOWN, K_DOWN},
		{KEY_LEFT, K_LEFT},    {KEY_RIGHT, K_RIGHT},
		{KEY_HOME, K_HOME},    {KEY_END, K_END},
		{KEY_PPAGE, K_PGUP},   {KEY_NPAGE, K_PGDN},
		{KEY_IC, K_INSERT},    {KEY_DC, K_DELETE},
		{KEY_BTAB, K_BACKTAB}, {KEY_BACKSPACE, K_BACKSPACE},
		{KEY_ENTER, K_ENTER},  {KEY_A1, K_HOME},
		{KEY_A3, K_PGUP},      {KEY_C1, K_END},
		{KEY_C3, K_PGDN},      {KEY_FIND, K_HOME},
		{KEY_SELECT, K_END},
	};

	for (size_t i = 0; i < ARRAY_LEN(map); i++)
		if ((wint_t)map[i].code == code)
			return map[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return K_F1 + (int)code - KEY_F(1);
	return K_NONE;
}

static int key_of_char(wint_t ch)
{
	switch (ch) {
	case '\n':
		return K_ENTER;
	case '\b':
		return K_BACKSPACE;
	default:
		return (int)ch;
	}
}

static bool read_mouse(struct term_event *ev)
{
	MEVENT m;

	if (getmouse(&m) != OK)
		return false;
	ev->kind = TERM_MOUSE;
	ev->row = m.y;
	ev->col = m.x;
	ev->button = m.bstate & BUTTON1_PRESSED   ? 1
		     : m.bstate & BUTTON2_PRESSED ? 2
		     : m.bstate & BUTTON3_PRESSED ? 3
		     : m.bstate & BUTTON4_PRESSED ? 4
		     : m.bstate & BUTTON5_PRESSED ? 5
						  : 0;
	return ev->button != 0;
}

void term_event(struct term *t, struct term_event *ev)
{
	wint_t ch;

	if (t->continued || (t->resized && take_size(t))) {
		if (t->continued) { /* who knows what a shell did */
			t->continued = false;
			endwin();
			take_size(t);
			wrefresh(stdscr);
			modes_on(t);
		}
		term_repaint(t);
		ev->kind = TERM_RESIZE;
		return;
	}
	for (;;) {
		int rc = wget_wch(stdscr, &ch);

		ev->kind = TERM_NONE;
		if (rc == ERR)
			return;
		if (rc == OK) {
			ev->kind = t->pasting ? TERM_PASTE : TERM_KEY;
			ev->key = key_of_char(ch);
			return;
		}
		switch (ch) {
		case CODE_PASTE_START:
			t->pasting = true;
			continue;
		case CODE_PASTE_END:
			t->pasting = false;
			ev->kind = TERM_PASTED;
			return;
		case KEY_RESIZE: /* told by take_size() already */
			continue;
		case KEY_MOUSE:
			if (read_mouse(ev))
				return;
			continue;
		}
		ev->kind = TERM_KEY;
		ev->key = key_of_code(ch);
		if (ev->key != K_NONE && !t->pasting)
			return;
	}
}

int term_wait(struct term *t, int wake_fd, int timeout_ms)
{
	struct pollfd fds[3] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = signal_pipe[0], .events = POLLIN},
		{.fd = wake_fd, .events = POLLIN}, /* -1 is skipped */
	};
	int woken = TERM_TIMEOUT;

	if (t->resized || t->continued)
		timeout_ms = 0;
	if (poll(fds, ARRAY_LEN(fds), timeout_ms) < 0)
		return errno == EINTR ? TERM_INPUT : TERM_GONE;
	if (fds[0].revents & POLLIN)
		woken |= TERM_INPUT;
	else if (fds[0].revents)
		woken |= TERM_GONE;
	read_signals(t);
	if (t->resized || t->continued)
		woken |= TERM_INPUT;
	if (t->stop_wanted)
		woken |= TERM_STOP;
	if (fds[2].revents)
		woken |= TERM_WAKE;
	return woken;
}

const char *term_library(void)
{
	return curses_version();
}

/* From <term.h>, whose other names are those of too much. */
extern int setupterm(const char *term, int fd, int *err);
extern int tigetnum(const char *capability);

int term_colors(void)
{
	int err;

	if (setupterm(NULL, STDERR_FILENO, &err) != OK)
		return -1;
	return tigetnum("colors") < 0 ? 0 : tigetnum("colors");
}
