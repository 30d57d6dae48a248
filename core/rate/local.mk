# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += %D%/match.c %D%/match.h
