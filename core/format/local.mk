# SPDX-License-Identifier: MIT
core_libcore_a_SOURCES += \
	%D%/gtp.c %D%/gtp.h \
	%D%/uci.c %D%/uci.h
