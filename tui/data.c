/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/data.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "store/store.h"

/* The assets of the checkout that this program stands in: at the top of it, or
 * in a build folder right below.  NULL: it stands elsewhere, or the system does
 * not say where.  Caller frees. */
static char *checkout_assets(void)
{
	char folder[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", folder, sizeof(folder) - 1);

	if (n < 0)
		return NULL;
	folder[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(folder, '/'), *sign;
		bool here;

		if (!slash)
			return NULL;
		*slash = '\0';
		sign = mem_printf("%s/assets/make-sample", folder);
		here = !access(sign, F_OK);
		free(sign);
		if (here)
			return mem_printf("%s/assets", folder);
	}
	return NULL;
}

/* Beside the program, where a whole installation was moved or is in a folder of
 * its own; NULL: it is not there.  Caller frees. */
static char *installed_assets(void)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash, *folder, *sign;
	bool here;

	if (n < 0)
		return NULL;
	program[n] = '\0';
	for (int up = 0; up < 2; up++) {
		slash = strrchr(program, '/');
		if (!slash)
			return NULL;
		*slash = '\0';
	}
	folder = mem_printf("%s/share/plyscope", program);
	sign = mem_printf("%s/sample.db", folder);
	here = !access(sign, F_OK);
	free(sign);
	if (here)
		return folder;
	free(folder);
	return NULL;
}

static char *data_folder(void)
{
	const char *named = getenv("PLYSCOPE_DATADIR");
	char *folder;

	if (named && *named)
		return mem_printf("%s", named);
	folder = checkout_assets();
	if (!folder)
		folder = installed_assets();
	return folder ? folder : mem_printf("%s", PLYSCOPE_DATADIR);
}

char *data_path(const char *fmt, ...)
{
	char *folder = data_folder(), *name, *path;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&name, fmt, ap) < 0)
		name = NULL;
	va_end(ap);
	path = mem_printf("%s/%s", folder, name ? name : "");
	free(name);
	free(folder);
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

static bool is_for(const struct game *g, const char *word)
{
	const char *name = game_short_name(g);
	size_t n = strcspn(name, ":");

	if (!strncmp(word, "players=", 8))
		return atoi(word + 8) == g->player_count;
	return !strcmp(word, g->rules->family) ||
	       (strlen(word) == n && !strncmp(word, name, n));
}

bool data_recipe_fits(const char *name, const char *game)
{
	static const char mark[] = "# for: ";
	char *path = data_path("recipes/%s.conf", name), *rest, *word;
	FILE *f = fopen(path, "r");
	bool fits = true, said = false;
	char line[256];
	struct game g;

	free(path);
	while (f && !said && fgets(line, sizeof(line), f))
		said = !strncmp(line, mark, strlen(mark));
	if (f)
		fclose(f);
	if (!said || game_init(&g, game, NULL))
		return true;
	fits = false;
	rest = line + strlen(mark);
	while (!fits && (word = strtok_r(rest, " \n", &rest)))
		fits = is_for(&g, word);
	return fits;
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

enum err_code data_copy_sample(const char *lab_path, bool *made, struct err *e)
{
	char *sample, *temporary;
	enum err_code rc = ERR_OK;
	struct stat st;
	int from, to;

	*made = false;
	if (!stat(lab_path, &st) || errno != ENOENT)
		return ERR_OK;
	store_sweep(lab_path);
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
	/* A lab that appeared meanwhile stays. */
	if (!rc && store_publish(temporary, lab_path))
		rc = ERR_IO;
	*made = !rc;
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
