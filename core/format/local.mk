# SPDX-License-Identifier: MIT
checked_sources += \
	%D%/gtp.c %D%/gtp.h \
	%D%/uci.c %D%/uci.h
