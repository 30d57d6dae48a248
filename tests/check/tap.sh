# SPDX-License-Identifier: MIT
#
# TAP for shell tests: `. "$top_srcdir/tests/check/tap.sh"`, then ok, skip and
# at the end tap_done.  $scratch is a fresh folder, removed at exit.
tap_n=0
tap_failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/plyscope-sh.XXXXXX") || exit 99
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
# What was allowed elsewhere counts in no test.
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
trap 'exit 99' HUP INT TERM

# ok NAME COMMAND...: passes if the command does.
ok() {
	tap_name=$1
	shift
	tap_n=$((tap_n + 1))
	if "$@" >"$scratch/tap.out" 2>&1; then
		printf 'ok %d - %s\n' $tap_n "$tap_name"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' $tap_n "$tap_name"
	fi
	sed 's/^/# /' "$scratch/tap.out"
}

skip() { # NAME WHY
	tap_n=$((tap_n + 1))
	printf 'ok %d - %s # SKIP %s\n' $tap_n "$1" "$2"
}

tap_done() {
	printf '1..%d\n' $tap_n
	[ $tap_failed -eq 0 ]
}
