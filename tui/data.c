/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"

char *data_path(const char *fmt, ...)
{
	const char *folder = getenv("PLYSCOPE_DATADIR");
	va_list ap;
	char *name, *path;

	va_start(ap, fmt);
	if (vasprintf(&name, fmt, ap) < 0)
		name = NULL;
	va_end(ap);
	path = mem_printf("%s/%s",
			  folder && *folder ? folder : PLYSCOPE_DATADIR,
			  name ? name : "");
	free(name);
	return path;
}

char *data_game_recipe(const char *game)
{
	struct game g;
	char *path;

	if (game_init(&g, game, NULL))
		return NULL;
	path = data_path("recipes/%.*s.conf",
			 (int)strcspn(game_short_name(&g), ":"),
			 game_short_name(&g));
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

static enum err_code copy_bytes(int from, int to)
{
	static char chunk[1 << 16];
	ssize_t n;

	while ((n = read(from, chunk, sizeof(chunk))) != 0) {
		ssize_t done = 0;

		if (n < 0)
			return ERR_IO;
		while (done < n) {
			ssize_t w = write(to, chunk + done, (size_t)(n - done));

			if (w < 0)
				return ERR_IO;
			done += w;
		}
	}
	return fsync(to) ? ERR_IO : ERR_OK;
}

enum err_code data_copy_sample(const char *lab_path, struct err *e)
{
	char *sample, *temporary;
	enum err_code rc = ERR_OK;
	struct stat st;
	int from, to;

	if (!stat(lab_path, &st) || errno != ENOENT)
		return ERR_OK;
	sample = data_path("sample.db");
	from = open(sample, O_RDONLY | O_CLOEXEC);
	free(sample);
	if (from < 0)
		return ERR_OK;
	rc = lab_make_folder(lab_path, e);
	if (rc) {
		close(from);
		return rc;
	}
	temporary = mem_printf("%s.new-%ld", lab_path, (long)getpid());
	to = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (to < 0)
		rc = ERR_IO;
	if (!rc)
		rc = copy_bytes(from, to);
	/* link() does not replace a lab that appeared meanwhile. */
	if (!rc && link(temporary, lab_path) && errno != EEXIST)
		rc = ERR_IO;
	if (rc)
		err_set(e, rc, "cannot copy the sample lab to %s: %s", lab_path,
			strerror(errno));
	if (to >= 0) {
		close(to);
		unlink(temporary);
	}
	close(from);
	free(temporary);
	return rc;
}
