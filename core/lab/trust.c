/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/trust.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"

/* A longer file was not written by us. */
enum { MOST_BYTES = 1 << 20 };

static const char engine[] = "engine:";

void trust_init(struct trust *t, const char *identity, const char *path)
{
	char *real = realpath(path, NULL);

	memset(t, 0, sizeof(*t));
	pthread_mutex_init(&t->lock, NULL);
	t->identity = mem_strdup(identity);
	t->path = mem_strdup(real ? real : path);
	free(real);
}

void trust_release(struct trust *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->commands[i]);
	free(t->commands);
	free(t->identity);
	free(t->path);
	pthread_mutex_destroy(&t->lock);
}

char *trust_path(void)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	/* The base directory specification calls relative paths invalid. */
	if (config && config[0] == '/')
		return mem_printf("%s/plyscope/trust", config);
	return home && home[0] == '/'
		       ? mem_printf("%s/.config/plyscope/trust", home)
		       : NULL;
}

/* --- lines --------------------------------------------------------------- */

static void put_field(struct buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 32 || c >= 127 || c == '%')
			buf_printf(out, "%%%02X", c);
		else
			buf_putc(out, (char)c);
	}
}

static void put_line(const struct trust *t, const char *command,
		     struct buf *out)
{
	put_field(out, t->identity);
	buf_putc(out, '\t');
	put_field(out, t->path);
	buf_putc(out, '\t');
	put_field(out, command);
}

/* Could put_line() have written it? */
static bool is_line(const char *text, size_t len)
{
	int tabs = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\t')
			tabs++;
		else if (c < 32 || c >= 127)
			return false;
		else if (c == '%' && (len - i < 3 ||
				      !isxdigit((unsigned char)text[i + 1]) ||
				      !isxdigit((unsigned char)text[i + 2])))
			return false;
	}
	return tabs == 2;
}

/* --- the file ------------------------------------------------------------ */

/* All of it, added to `out`.  No file is an empty one. */
static enum err_code read_file(const char *path, struct buf *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	bool whole;

	if (!f)
		return errno == ENOENT || errno == ENOTDIR
			       ? ERR_OK
			       : err_set(e, ERR_IO, "cannot read %s: %s", path,
					 strerror(errno));
	whole = buf_add_stream(out, f, MOST_BYTES);
	fclose(f);
	return whole ? ERR_OK
		     : err_set(e, ERR_IO,
			       "cannot read %s: remove it, and say again what "
			       "may be started",
			       path);
}

/* Is the command in the file?  *bad: the first line that is not understood, 0
 * if there is none. */
static bool is_kept(const struct trust *t, const char *text,
		    const char *command, int *bad)
{
	bool found = false;
	struct buf line;
	int number = 1;

	*bad = 0;
	buf_init(&line);
	put_line(t, command, &line);
	for (const char *p = text; *p; number++) {
		size_t n = strcspn(p, "\n");

		if (n == line.len && !memcmp(p, line.data, n))
			found = true;
		else if (n && *p != '#' && !is_line(p, n) && !*bad)
			*bad = number;
		p += n + (p[n] == '\n');
	}
	buf_release(&line);
	return found;
}

static bool write_all(int fd, const struct buf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->data + done, text->len - done);

		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return !fsync(fd);
}

/* In the place of the old one, whole or not at all. */
static bool replace_file(const char *path, const struct buf *text)
{
	char *fresh = mem_printf("%s.new-%ld", path, (long)getpid());
	int fd, why;
	bool good;

	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	good = fd >= 0 && write_all(fd, text);
	why = errno;
	if (fd >= 0 && close(fd) && good) {
		good = false;
		why = errno;
	}
	if (good && rename(fresh, path)) {
		good = false;
		why = errno;
	}
	if (!good && fd >= 0)
		unlink(fresh);
	free(fresh);
	errno = why;
	return good;
}

static bool make_folders(const char *path)
{
	char *copy = mem_strdup(path);
	bool good = true;

	for (char *p = copy + 1; *p && good; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		good = !mkdir(copy, 0700) || errno == EEXIST;
		*p = '/';
	}
	free(copy);
	return good;
}

static enum err_code add_line(const struct trust *t, const char *path,
			      const char *command, struct err *e)
{
	enum err_code rc;
	struct buf text;
	int bad;

	buf_init(&text);
	rc = read_file(path, &text, e);
	if (!rc && !is_kept(t, text.data, command, &bad)) {
		if (text.len && text.data[text.len - 1] != '\n')
			buf_putc(&text, '\n');
		put_line(t, command, &text);
		buf_putc(&text, '\n');
		if (!replace_file(path, &text))
			rc = err_set(e, ERR_IO, "cannot write %s: %s", path,
				     strerror(errno));
	}
	buf_release(&text);
	return rc;
}

/* While nobody else does the same: the folder is the lock. */
static enum err_code keep(const struct trust *t, const char *command,
			  struct err *e)
{
	char *path = trust_path(), *folder;
	enum err_code rc;
	int fd = -1;

	if (!path)
		return err_set(e, ERR_IO,
			       "what may be started cannot be kept: set HOME "
			       "or XDG_CONFIG_HOME");
	folder = mem_printf("%.*s", (int)(strrchr(path, '/') - path), path);
	if (make_folders(path))
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX))
		rc = err_set(e, ERR_IO, "cannot write %s: %s", path,
			     strerror(errno));
	else
		rc = add_line(t, path, command, e);
	if (fd >= 0)
		close(fd);
	free(folder);
	free(path);
	return rc;
}

/* --- asking -------------------------------------------------------------- */

static bool is_said(const struct trust *t, const char *command)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->commands[i], command))
			return true;
	return t->all;
}

static void say(struct trust *t, const char *command)
{
	if (is_said(t, command))
		return;
	t->commands =
		mem_realloc(t->commands, (t->count + 1) * sizeof(*t->commands));
	t->commands[t->count++] = mem_strdup(command);
}

static enum err_code refuse(struct trust *t, const char *command, int bad,
			    const char *path, const struct err *why,
			    struct err *e)
{
	struct buf more;

	buf_init(&more);
	if (why->code)
		buf_printf(&more, " (%s)", why->msg);
	else if (bad)
		buf_printf(&more, " (line %d of %s is not understood)", bad,
			   path);
	snprintf(t->refused, sizeof(t->refused), "%s", command);
	err_set(e, ERR_UNTRUSTED,
		"'%s%s' is a command from the lab file that you have not "
		"allowed: if you know all of it, allow it on the screen that "
		"asks, or for once by --trust-engines%s",
		engine, command, more.data);
	buf_release(&more);
	return ERR_UNTRUSTED;
}

static enum err_code check(struct trust *t, const char *command, struct err *e)
{
	struct err why = ERR_INIT;
	enum err_code rc = ERR_OK;
	struct buf text;
	char *path;
	int bad = 0;

	if (is_said(t, command))
		return ERR_OK;
	path = trust_path();
	buf_init(&text);
	if (path && !read_file(path, &text, &why) &&
	    is_kept(t, text.data, command, &bad))
		say(t, command);
	else
		rc = refuse(t, command, bad, path, &why, e);
	buf_release(&text);
	free(path);
	return rc;
}

enum err_code trust_check(struct trust *t, const char *spec, struct err *e)
{
	char command[AGENT_COMMAND_SIZE];
	enum err_code rc;

	if (!agent_command(spec, command))
		return ERR_OK;
	pthread_mutex_lock(&t->lock);
	rc = check(t, command, e);
	pthread_mutex_unlock(&t->lock);
	return rc;
}

enum err_code trust_add(struct trust *t, const char *spec, struct err *e)
{
	char command[AGENT_COMMAND_SIZE];
	enum err_code rc;

	if (!agent_command(spec, command))
		return ERR_OK;
	pthread_mutex_lock(&t->lock);
	say(t, command);
	rc = keep(t, command, e);
	pthread_mutex_unlock(&t->lock);
	return rc;
}

void trust_all(struct trust *t)
{
	pthread_mutex_lock(&t->lock);
	t->all = true;
	pthread_mutex_unlock(&t->lock);
}

void trust_refused(struct trust *t, char spec[AGENT_COMMAND_SIZE + 8])
{
	pthread_mutex_lock(&t->lock);
	snprintf(spec, AGENT_COMMAND_SIZE + 8, "%s%s", engine, t->refused);
	pthread_mutex_unlock(&t->lock);
}
