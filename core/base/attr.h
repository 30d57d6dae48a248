/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ATTR_H
#define CORE_BASE_ATTR_H

/* Compiler attributes, by what they promise. */
#define ATTR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define ATTR_NODISCARD __attribute__((warn_unused_result))
#define ATTR_NORETURN __attribute__((noreturn))
#define ATTR_MALLOC __attribute__((malloc, returns_nonnull))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
