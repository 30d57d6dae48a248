/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static void ATTR_NORETURN out_of_memory(size_t bytes)
{
	fprintf(stderr, "plyscope: out of memory (%zu bytes wanted)\n", bytes);
	abort();
}

void *mem_alloc(size_t bytes)
{
	void *p = malloc(bytes ? bytes : 1);

	if (!p)
		out_of_memory(bytes);
	return p;
}

void *mem_zalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		out_of_memory(count * size);
	return p;
}

void *mem_realloc(void *p, size_t bytes)
{
	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		out_of_memory(bytes);
	return p;
}

char *mem_strdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(mem_alloc(n), s, n);
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory(0);
	return s;
}

float *mem_floats(size_t count)
{
	size_t bytes = (count * sizeof(float) + 63) & ~(size_t)63;
	float *p;

	if (count > (SIZE_MAX >> 3))
		out_of_memory(SIZE_MAX);
	p = aligned_alloc(64, bytes ? bytes : 64);
	if (!p)
		out_of_memory(bytes);
	return memset(p, 0, bytes ? bytes : 64);
}

void mem_pages_take(struct mem_pages *p, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (bytes > SIZE_MAX - page)
		out_of_memory(bytes);
	p->bytes = (bytes + page - 1) / page * page;
	p->bytes = p->bytes ? p->bytes : page;
	p->at = mmap(NULL, p->bytes, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p->at == MAP_FAILED)
		out_of_memory(bytes);
}

void mem_pages_lock(const struct mem_pages *p)
{
	/* It splits a mapping, for which the system may lack room. */
	if (mprotect(p->at, p->bytes, PROT_READ))
		out_of_memory(p->bytes);
}

void mem_pages_release(struct mem_pages *p)
{
	if (p->at)
		munmap(p->at, p->bytes);
	memset(p, 0, sizeof(*p));
}

/* The number after `key` in a small file of the system's, 0 if none. */
static double system_number(const char *path, const char *key)
{
	char text[4096];
	const char *at;
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	at = strstr(text, key);
	return at ? strtod(at + strlen(key), NULL) : 0;
}

double mem_available(void)
{
	double bytes = 1024 * system_number("/proc/meminfo", "MemAvailable:");
	double group = system_number("/sys/fs/cgroup/memory.max", "");
	struct rlimit own;

	if (group > 0 && (bytes <= 0 || group < bytes))
		bytes = group;
	if (!getrlimit(RLIMIT_AS, &own) && own.rlim_cur != RLIM_INFINITY &&
	    (bytes <= 0 || (double)own.rlim_cur < bytes))
		bytes = (double)own.rlim_cur;
	return bytes;
}
