/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/copies.h"
#include "core/net/net.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/data.h"
#include "tui/term.h"

/* What a report of a fault has to say of where it was seen, in plain lines. */

static void say(struct buf *out, const char *what, const char *fmt, ...)
	ATTR_PRINTF(3, 4);

static void say(struct buf *out, const char *what, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(out, "%-10s %s\n", what, text);
}

/* An environment variable, as it is. */
static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "(not set)";
}

/* "Debian GNU/Linux 12 (bookworm)" */
static void system_name(char *out, size_t size)
{
	FILE *f = fopen("/etc/os-release", "r");
	char line[256];

	snprintf(out, size, "unknown system");
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "PRETTY_NAME=", 12) != 0)
			continue;
		line[strcspn(line, "\r\n")] = '\0';
		snprintf(out, size, "%.190s", line + 12);
	}
	if (f)
		fclose(f);
}

static void say_system(struct buf *out)
{
	char name[200];
	struct utsname u;

	system_name(name, sizeof(name));
	say(out, "program", "%s, %s", PACKAGE_STRING, BUILD_FLAGS);
	if (!uname(&u))
		say(out, "system", "%s, %s %s on %s", name, u.sysname,
		    u.release, u.machine);
	say(out, "libraries", "SQLite %s, %s, C library %s",
	    store_sqlite_version(), term_library(),
#ifdef __GLIBC__
	    "glibc"
#else
	    "other than glibc"
#endif
	);
	say(out, "networks",
	    "BLAS kernel %s, own kernels %s, %ld processors "
	    "(OPENBLAS_NUM_THREADS %s, OPENBLAS_CORETYPE %s)",
	    net_blas_kernel(), net_vector_kernel(),
	    sysconf(_SC_NPROCESSORS_ONLN), env("OPENBLAS_NUM_THREADS"),
	    env("OPENBLAS_CORETYPE"));
}

static void say_terminal(struct buf *out)
{
	struct winsize w = {0};
	int colors = term_colors();

	setlocale(LC_CTYPE, "");
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w))
		w = (struct winsize){0};
	say(out, "terminal", "TERM %s, COLORTERM %s, NO_COLOR %s", env("TERM"),
	    env("COLORTERM"), env("NO_COLOR"));
	if (colors >= 0)
		say(out, "colours", "%d", colors);
	else
		say(out, "colours", "not known: no such TERM");
	if (w.ws_row)
		say(out, "size", "%d rows, %d columns", w.ws_row, w.ws_col);
	else
		say(out, "size", "not a terminal");
	say(out, "locale", "%s (LANG %s, LC_ALL %s)", nl_langinfo(CODESET),
	    env("LANG"), env("LC_ALL"));
}

static void say_data(struct buf *out)
{
	char *path = data_path("sample.db");

	say(out, "data", "%s%s", path,
	    access(path, R_OK) ? ", which is not there" : "");
	free(path);
}

static void report(void *ctx, const char *problem)
{
	say(ctx, "problem", "%s", problem);
}

/* False: it is damaged, or cannot be read. */
static bool say_lab(const struct cmd_line *line, struct buf *out)
{
	char why[STORE_MESSAGE_SIZE];
	struct err e = ERR_INIT;
	int64_t problems = 0;
	struct store *s;
	struct stat st;
	bool sound;

	if (stat(line->lab_path, &st)) {
		say(out, "lab", "%s is not there", line->lab_path);
		return true;
	}
	say(out, "lab", "%s, %lld bytes, mode %03o, %s", line->lab_path,
	    (long long)st.st_size, (unsigned)st.st_mode & 0777,
	    access(line->lab_path, W_OK) ? "for reading alone" : "writable");
	if (store_open(line->lab_path, STORE_ONLY_READ, &s, why)) {
		say(out, "health", "%s", why);
		return false;
	}
	sound = !copies_check(s, report, out, &problems, &e) && !problems;
	if (e.code)
		say(out, "health", "%s", e.msg);
	else
		say(out, "health", sound ? "sound" : "damaged, as above");
	store_close(s);
	return sound;
}

static int run(const struct cmd_line *line)
{
	struct buf out;
	bool sound;
	int status;

	buf_init(&out);
	say_system(&out);
	say_terminal(&out);
	say_data(&out);
	sound = say_lab(line, &out);
	status = cmd_finish(line, &out);
	return status ? status : sound ? 0 : CMD_FAILED;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.synopsis = "",
	.summary = "what a report of a fault should say of this system",
	.details =
		"Program, libraries, terminal, locale, and the lab file: its "
		"mode, and whether it\nis sound.",
	.run = run,
};
