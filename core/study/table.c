/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/study.h"

#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"

const struct study *const study_table[] = {
#define X(name) &study_##name,
	STUDY_LIST(X)
#undef X
		NULL,
};

enum { STUDY_COUNT = sizeof(study_table) / sizeof(*study_table) - 1 };

enum err_code study_find(const char *name, const struct study **out,
			 struct err *e)
{
	const char *names[STUDY_COUNT], *near;

	*out = NULL;
	for (int i = 0; i < STUDY_COUNT; i++) {
		names[i] = study_table[i]->name;
		if (!strcmp(names[i], name)) {
			*out = study_table[i];
			return ERR_OK;
		}
	}
	near = conf_nearest(name, names, STUDY_COUNT);
	if (near)
		return err_set(e, ERR_NOTFOUND,
			       "there is no study '%s': did you mean '%s'?",
			       name, near);
	return err_set(e, ERR_NOTFOUND,
		       "there is no study '%s': plyscope study list shows "
		       "them",
		       name);
}

size_t study_name_family(const char *name)
{
	return strcspn(name, "-");
}

bool study_of_rungs(const char *rungs, const char *name)
{
	size_t n = study_name_family(name), len;

	if (!rungs)
		return true;
	for (const char *at = rungs; *at; at += len + (at[len] == ',')) {
		len = strcspn(at, ",");
		if (len == n && !strncmp(at, name, n))
			return true;
	}
	return false;
}

const struct study_arm *study_arm_find(const struct study *s, const char *name)
{
	for (const struct study_arm *a = s->arms; a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	return NULL;
}

bool study_arm_once(const struct study *s, const struct study_arm *a)
{
	return s->by_arm && s->once && s->once(a);
}

const struct study_size *study_size_find(const struct study *s,
					 const char *name)
{
	for (const struct study_size *z = s->sizes; z->name; z++)
		if (!strcmp(z->name, name))
			return z;
	return NULL;
}
