#!/bin/sh
# SPDX-License-Identifier: MIT
# The rules of the source tree hold, and a planted violation of each is caught.
set -u
here=$top_srcdir/tests/check
. "$here/tap.sh"

rules() { sh "$here/rules.sh" "$@"; }

holds() {
	found=$(rules "$1" "$top_srcdir")
	[ -z "$found" ] || { printf '%s\n' "$found"; false; }
}

# plant FILE: text from stdin into a tree of its own, good in all but one line.
plant() {
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/${1%/*}"
	cat >"$scratch/tree/$1"
}

caught() { # RULE PLACE
	found=$(rules "$1" "$scratch/tree")
	[ "${found#"$2"}" != "$found" ] && [ "$(printf '%s\n' "$found" | wc -l)" -eq 1 ] || {
		printf 'expected %s..., found: %s\n' "$2" "$found"
		false
	}
}

passes() {
	found=$(rules "$1" "$scratch/tree")
	[ -z "$found" ] || { printf '%s\n' "$found"; false; }
}

ok "includes follow the layers" holds layers
plant core/base/a.c <<'END'
#include "core/net/net.h"
END
ok "base including net is caught" caught layers core/base/a.c:1
plant store/a.h <<'END'
#include <stdint.h>
 #  include "core/base/err.h"
END
ok "store including core is caught" caught layers store/a.h:2
plant core/net/a.c <<'END'
#include "core/base/err.h"
#include "core/search/mcts.h"
END
ok "net including search is caught" caught layers core/net/a.c:2
plant core/search/a.c <<'END'
#include "core/net/net.h"
END
ok "search including net is caught" caught layers core/search/a.c:1
plant core/session/a.c <<'END'
#include "tui/canvas.h"
END
ok "session including the front end is caught" caught layers core/session/a.c:1
plant core/agent/a.c <<'END'
#include "store/game.h"
END
ok "a core folder but lab including store is caught" caught layers core/agent/a.c:1
plant core/lab/a.c <<'END'
#include "store/game.h"
#include "core/rate/elo.h"
END
ok "lab may include store" passes layers
plant tui/screen/a.c <<'END'
#include <sqlite3.h>
END
ok "sqlite3.h outside store is caught" caught layers tui/screen/a.c:1
plant tui/screen/a.c <<'END'
#include <ncursesw/curses.h>
END
ok "curses outside tui/term.h is caught" caught layers tui/screen/a.c:1
plant tui/term.h <<'END'
#include <curses.h>
END
ok "tui/term.h may include curses" passes layers
plant core/search/a.c <<'END'
#include <cblas.h>
END
ok "cblas.h outside net is caught" caught layers core/search/a.c:1
plant core/base/a.c <<'END'
#include "err.h"
END
ok "a path that is not from the root is caught" caught layers core/base/a.c:1
plant core/attic/a.c <<'END'
#include "core/base/err.h"
END
ok "a folder that the table does not know is caught" caught layers core/attic/a.c:1
plant core/base/a.h <<'END'
#include "config.h"
END
ok "config.h in a header is caught" caught layers core/base/a.h:1

# beside FILE: another file, from stdin, in the tree that is planted.
beside() {
	mkdir -p "$scratch/tree/${1%/*}"
	cat >"$scratch/tree/$1"
}

ok "every .c includes what it uses" holds includes
plant tui/widget/a.c <<'END'
#include "core/agent/agent.h"
int a(void)
{
	net_infer(plan, x);
}
END
beside core/agent/agent.h <<'END'
#include "core/net/net.h"
END
beside core/net/net.h <<'END'
/* void net_free(struct net *n); */
void net_infer(const struct net_plan *plan,
	       const float *x);
END
ok "a network that comes into a widget by an agent is caught" caught includes tui/widget/a.c:4
plant core/net/a.c <<'END'
#include "core/net/a.h"
#include "core/net/a_int.h"
struct own own;
static int local(void) { return a->far_call() + LIMIT + near(); }
END
beside core/net/a.h <<'END'
#include "core/net/near.h"
END
beside core/net/a_int.h <<'END'
#include "core/net/limit.h"
END
beside core/net/near.h <<'END'
int near(void);
END
beside core/net/limit.h <<'END'
enum { LIMIT = 4 };
struct own {
	int far_call;
};
END
beside core/net/far.h <<'END'
int local(void);
int far_call(void);
END
ok "the own header and the folder's inside may include it" passes includes
plant core/net/a.c <<'END'
#include "core/net/near.h"
struct whole *pointer, *other;
struct whole whole;
END
beside core/net/near.h <<'END'
#include "core/net/whole.h"
END
beside core/net/whole.h <<'END'
struct whole {
	int a;
};
END
ok "a whole struct from afar is caught" caught includes core/net/a.c:3
plant core/net/a.c <<'END'
	int a = WHOLE + 1;
END
beside core/net/whole.h <<'END'
enum whole {
	PART,
	WHOLE = 1 << 2,
};
END
ok "a constant from afar is caught" caught includes core/net/a.c:1

ok "files of a folder do not call each other in a circle" holds circles
plant core/game/a.c <<'END'
int a(void)
{
	return b();
}
const struct table table = {.c = c};
END
beside core/game/a.h <<'END'
int a(void);
int b(void);
int c(void);
END
beside core/game/b.c <<'END'
int b(void)
{
	return 1 + a();
}
END
beside core/game/c.c <<'END'
int c(void)
{
	return a();
}
END
ok "two files that call each other are caught, a table's are not" caught circles core/game/a.c:3

ok "config.h and the own header come first" holds order
plant core/base/a.c <<'END'
#include <stdio.h>
END
ok "a file without config.h is caught" caught order core/base/a.c:1
plant core/base/a.c <<'END'
#include "config.h"
#include <stdio.h>
END
: >"$scratch/tree/core/base/a.h"
ok "a file with its own header later is caught" caught order core/base/a.c:2

ok "core and store neither print nor exit" holds calls
plant core/game/a.c <<'END'
/* printf("in a comment"); */ int a(void) { return snprintf(b, 1, "exit(1)"); }
	printf("%d", 1);
END
ok "printf in core is caught" caught calls core/game/a.c:2
plant store/a.c <<'END'
	/* two
	 * lines */ exit(1);
END
ok "exit in store is caught" caught calls store/a.c:2
plant core/lab/a.c <<'END'
	fprintf(stderr, "x");
END
ok "stderr in core is caught" caught calls core/lab/a.c:1
plant core/learn/a.c <<'END'
	x = rand();
END
ok "libc's random numbers in core are caught" caught calls core/learn/a.c:1
plant core/learn/a.c <<'END'
	x = time(NULL);
END
ok "the wall clock in core is caught" caught calls core/learn/a.c:1
plant core/learn/a.c <<'END'
	x = malloc(4);
END
ok "malloc above base is caught" caught calls core/learn/a.c:1

ok "no call that can overrun" holds unsafe
plant tui/a.c <<'END'
	strcpy(a, b);
END
ok "strcpy is caught" caught unsafe tui/a.c:1

ok "no state that nobody owns" holds state
plant core/game/a.c <<'END'
static const char *const words[] = {"a"};
static const int numbers[] = {1};
static int filled[2]; /* filled once */
int a(void)
{
	static char text[512];
END
ok "a static buffer is caught" caught state core/game/a.c:6
plant store/a.c <<'END'
static const char *last;
END
ok "a static pointer to what is constant is caught" caught state store/a.c:1

ok "every file names its licence" holds spdx
plant tui/a.c <<'END'
int a;
END
ok "a file without an SPDX line is caught" caught spdx tui/a.c:1

ok "no file is over 800 lines" holds size
plant tui/a.c <<END
$(seq 801)
END
ok "a file of 801 lines is caught" caught size tui/a.c:801

ok "no path of one machine" holds machine
slash=/
plant tui/a.c <<END
/* see ${slash}home/someone/notes */
END
ok "a path of one machine is caught" caught machine tui/a.c:1

ok "no work left for later" holds later
plant tui/a.c <<'END'
/* TODO: later */
END
ok "work left for later is caught" caught later tui/a.c:1

ok "every source is in a list of sources" holds listed
plant tui/a.c </dev/null
echo 'x_SOURCES = %D%/b.c' >"$scratch/tree/tui/local.mk"
ok "a source in no list is caught" caught listed tui/a.c:1

ok "every test has a log of its own" holds alone
plant tests/tui/test_a.c </dev/null
: >"$scratch/tree/tests/tui/test_a.sh"
ok "a test that another one hides is caught" caught alone tests/tui/test_a.sh:1

if rules format 2>&1 | grep -q 'no clang-format'; then
	skip "the tree is as clang-format writes it" "no clang-format 14"
else
	ok "the tree is as clang-format writes it" holds format
	plant tui/a.c <<'END'
int  a;
END
	ok "a blank too many is caught" caught format tui/a.c:1
fi
tap_done
