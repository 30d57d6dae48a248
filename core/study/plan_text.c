/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/plan_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/study/plan.h"

/* So that a run of it and an arm, at most 23, has a name of 64. */
enum { MOST_NAME = 40 };

static const char FIRST_SEEDS[][20] = {"\ntest seeds:", "\ndevelopment seeds:"};

static bool is_word(const char *text, size_t len)
{
	bool good = len && isalnum((unsigned char)*text);

	for (size_t i = 0; i < len; i++)
		good = good && (isalnum((unsigned char)text[i]) ||
				strchr("-_.", text[i]));
	return good;
}

/* STUDY/SIZE, and with /tune of development seeds: what the frame gives. */
static bool is_given_name(const char *name)
{
	static const char *const ends[] = {"smoke",     "desk",
					   "overnight", "smoke/tune",
					   "desk/tune", "overnight/tune"};
	const char *slash = strchr(name, '/');

	for (size_t i = 0; slash && i < ARRAY_LEN(ends); i++)
		if (!strcmp(slash + 1, ends[i]))
			return is_word(name, (size_t)(slash - name));
	return false;
}

enum err_code study_name_check(const char *name, struct err *e)
{
	size_t n = strlen(name);

	if (n <= MOST_NAME && (is_word(name, n) || is_given_name(name)))
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "study name '%s': must be a word of 1 to %d letters, "
		       "digits, '-', '_' or '.', which begins with a letter "
		       "or a digit",
		       name, MOST_NAME);
}

char *study_text_part(const char *text, const char *from, const char *to)
{
	const char *first = strstr(text, from), *last;

	if (!first)
		return mem_strdup("");
	first += strlen(from);
	last = strstr(first, to);
	return last ? mem_printf("%.*s", (int)(last - first), first)
		    : mem_strdup(first);
}

char *study_text_line(const char *text, const char *key)
{
	char *from = mem_printf("\n%s: ", key), *line = NULL;

	if (strstr(text, from))
		line = study_text_part(text, from, "\n");
	free(from);
	return line;
}

/* The seeds of a plan, or NULL: " 1 2 3" and what follows. */
static const char *seeds_of(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(FIRST_SEEDS); i++) {
		const char *at = strstr(text, FIRST_SEEDS[i]);

		if (at)
			return at + strlen(FIRST_SEEDS[i]);
	}
	return NULL;
}

/* The next seed of the list, or 0: it has ended. */
static uint64_t next_seed(const char **list)
{
	char *end;
	uint64_t seed;

	if (!*list || **list != ' ')
		return 0;
	seed = strtoull(*list + 1, &end, 10);
	*list = end;
	return seed;
}

bool study_plan_uses(const char *text, uint64_t seed)
{
	const char *list = seeds_of(text);
	uint64_t s;

	while ((s = next_seed(&list)) != 0)
		if (s == seed)
			return true;
	return false;
}

int study_text_seeds(const char *text, uint64_t *first)
{
	const char *list = seeds_of(text);
	int n = 0;

	*first = next_seed(&list);
	if (*first)
		for (n = 1; next_seed(&list); n++)
			;
	return n;
}
