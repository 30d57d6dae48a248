#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The rules of the source tree, read from its text.
#
#	rules.sh RULE [TREE]
#
# prints one line for each violation, "file:line: what", and nothing where the
# rule holds.  TREE is a checkout or an unpacked release (default: the folder
# above).  test_rules.sh runs every rule and plants a violation of each.
set -u
LC_ALL=C
export LC_ALL
rule=$1
here=$(cd "$(dirname "$0")" && pwd)
cd "${2:-$here/../..}" || exit 2

sources() { # $@: folders
	for dir in "$@"; do
		[ ! -d "$dir" ] || find "$dir" -type f \( -name '*.c' -o -name '*.h' \)
	done | sort
}

# All that a person wrote, without what a build leaves in an unpacked release.
written() {
	for f in configure.ac Makefile.am bootstrap .ci/run README HACKING \
		.clang-format .clang-tidy .editorconfig .gitignore; do
		[ ! -f "$f" ] || printf '%s\n' "$f"
	done
	for dir in core store tui tests man assets; do
		[ ! -d "$dir" ] || find "$dir" -type f ! -name '*.o' ! -name '*.a' \
			! -name '*.log' ! -name '*.trs' ! -name '*.Po'
	done | sort
}

# C with comments and the insides of strings taken out, as "file:line:text".
bare() {
	sources "$@" | while read -r f; do
		awk -v f="$f" '
		{
			line = $0; out = ""
			while (line != "") {
				if (comment) {
					i = index(line, "*/")
					if (!i) { line = ""; break }
					line = substr(line, i + 2); comment = 0
				} else if (match(line, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/\*|\/\//)) {
					t = substr(line, RSTART, 2)
					out = out substr(line, 1, RSTART - 1)
					if (t == "//") { line = ""; break }
					if (t == "/*") comment = 1
					else out = out "\"\""
					line = substr(line, RSTART + (comment ? 2 : RLENGTH))
				} else { out = out line; line = "" }
			}
			print f ":" FNR ":" out
		}' "$f"
	done
}

# Every #include that the table does not allow.
layers() {
	sources core store tui tests | xargs grep -Hn '^[[:space:]]*#[[:space:]]*include' |
	awk -v table="$here/layers" '
	function folder(path) {
		sub(/\/[^\/]*$/, "", path)
		return path
	}
	# The longest entry of the table that `path` lies in.
	function place(path) {
		while (path != "") {
			if (path in may) return path
			if (!sub(/\/[^\/]*$/, "", path)) return ""
		}
		return ""
	}
	function listed(list, what) { return index(" " list " ", " " what " ") }
	BEGIN {
		while ((getline line < table) > 0) {
			if (line ~ /^#/ || line == "") continue
			n = split(line, w, /[ \t]+/)
			list = ""
			for (i = 2; i <= n; i++) list = list " " w[i]
			if (w[1] ~ /\.h$/) owner[w[1]] = list
			else may[w[1]] = list
		}
	}
	{
		split($0, part, ":")
		file = part[1]; where = part[1] ":" part[2]
		name = $0
		angled = name ~ /include[ \t]*</
		sub(/^[^<"]*[<"]/, "", name); sub(/[>"].*$/, "", name)
		from = place(folder(file))
		if (!angled) {
			if (name == "config.h") {
				if (file ~ /\.h$/) print where ": config.h in a header"
				next
			}
			to = place(folder(name))
			if (index(name, "/") == 0 || to == "") {
				print where ": \"" name "\" is not a path from the root"
				next
			}
			if (from == "") { print where ": " folder(file) " is not in tests/check/layers"; next }
			if (from == to || listed(may[from], to)) next
			if (listed(may[from], "all")) next
			print where ": " from " may not include " to
		} else {
			base = name; sub(/^.*\//, "", base)
			if (!(base in owner)) next
			n = split(owner[base], o, / +/)
			for (i = 1; i <= n; i++)
				if (o[i] != "" && (file == o[i] || index(file, o[i] "/") == 1)) next
			print where ": <" name "> belongs to" owner[base] " only"
		}
	}'
}

# What files use of each other: every header of the tree, then every .c.
uses() { # RULE
	{
		sources core store tui tests | grep '\.h$'
		sources core store tui tests | grep '\.c$'
	} | xargs awk -v RULE="$1" -f "$here/uses.awk" | sort
}

# Layers are read from the #include lines, so what comes in through another
# header would pass them: every .c includes what it uses.
includes() { uses includes; }

# Files of a folder that call each other are one file, or split wrongly.
circles() { uses circles; }

# A .c file begins with config.h, then its own header if it has one, or the one
# that the files of its folder share.
order() {
	sources core store tui tests | grep '\.c$' | while read -r f; do
		own=${f%.c}.h
		[ -f "$own" ] || own=
		awk -v f="$f" -v own="$own" '
		/^#include/ {
			n++
			name = $2; gsub(/[<">]/, "", name)
			if (n == 1 && name != "config.h") {
				print f ":" FNR ": the first include is not config.h"; exit
			}
			if (n == 2) {
				if (own != "" && name != own && name !~ /_int\.h$/) print f ":" FNR ": its own header comes first"
				exit
			}
		}' "$f"
	done
}

# core/ and store/ never print, never exit, and see the clock and chance only
# through core/base.
calls() {
	bare core store | awk '
	function bad(why) { split($0, p, ":"); print p[1] ":" p[2] ": " why }
	{
		file = $0; sub(/:.*/, "", file)
		text = $0; sub(/^[^:]*:[^:]*:/, "", text)
		if (file == "core/base/mem.c" || file == "store/mem.c") next
		if (text ~ /(^|[^A-Za-z0-9_])(printf|vprintf|puts|putchar|perror|warnx?|errx?)[ \t]*\(/)
			bad("prints")
		else if (text ~ /(^|[^A-Za-z0-9_])(stdout|stderr|stdin)([^A-Za-z0-9_]|$)/)
			bad("prints")
		if (text ~ /(^|[^A-Za-z0-9_])(exit|_exit|_Exit|quick_exit|abort|raise)[ \t]*\(/)
			bad("exits")
		if (text ~ /(^|[^A-Za-z0-9_.>])(rand|srand|random|srandom|drand48|lrand48|rand_r|arc4random)[ \t]*\(/)
			bad("random numbers come from core/base/rng.h")
		if (file ~ /^core\// && file != "core/base/clock.c" &&
		    text ~ /(^|[^A-Za-z0-9_.>])(time|gettimeofday|clock_gettime|clock)[ \t]*\(/)
			bad("the time comes from core/base/clock.h")
		if (file ~ /^core\// && file !~ /^core\/base\// &&
		    text ~ /(^|[^A-Za-z0-9_])(malloc|calloc|realloc|strdup|strndup|asprintf)[ \t]*\(/)
			bad("memory comes from core/base/mem.h")
	}'
}

# Calls that overrun.
unsafe() {
	bare core store tui | awk '
	/(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca)[ \t]*\(/ {
		split($0, p, ":"); print p[1] ":" p[2] ": a call that can overrun"
	}'
}

# Threads and courses share core/ and store/: what is not constant belongs to a
# caller.  What is filled once, under a pthread_once_t, says so on its line.
state() {
	sources core store |
	xargs grep -HnE '^[[:space:]]*static [^(]*[;=]|^(struct [a-z_]+ [*a-z_]|u?int|double |float |bool |char |size_t |atomic_)[^()]*[;=]' |
	grep -vE '\*const |static const [^*]*$|static_assert| pthread_once_t |/\* (filled once|never written) \*/' |
	sed 's/^\([^:]*:[^:]*\):.*/\1: state that nobody owns/'
}

spdx() {
	written | grep -E '\.(c|h|sh|mk|am|ac|[1-9])$|^bootstrap$|^\.ci/run$' |
	while read -r f; do
		head -n 2 "$f" | grep -q 'SPDX-License-Identifier: MIT' ||
			printf '%s:1: no SPDX line\n' "$f"
	done
}

size() {
	written | grep -E '\.(c|h|sh)$|^bootstrap$' | while read -r f; do
		n=$(wc -l <"$f")
		[ "$n" -le 800 ] || printf '%s:%s: over 800 lines\n' "$f" "$n"
	done
}

# Paths of one machine, and work left for later.
machine() {
	written | xargs grep -HnIE '(^|[^a-zA-Z0-9_.$}])/(work|farm|root|tmp/ply|home/[a-z]+)/' |
		sed 's/^\([^:]*:[^:]*\):.*/\1: a path of one machine/'
}

later() {
	sources core store tui tests |
		xargs grep -HnE '(^|[^A-Za-z_])(TODO|FIXME|XXX)([^A-Za-z_]|$)' |
		sed 's/^\([^:]*:[^:]*\):.*/\1: work left for later/'
}

# Every source file is in a list of its folder or of one above, so that it is
# built and shipped.
listed() {
	sources core store tui tests | while read -r f; do
		dir=${f%/*}
		while :; do
			cat "$dir"/*.mk 2>/dev/null | tr ' \t\\' '\n\n\n' |
				sed "s|%D%|$dir|" | grep -qxF "$f" && break
			case $dir in
			*/*) dir=${dir%/*} ;;
			*) printf '%s:1: in no local.mk\n' "$f"; break ;;
			esac
		done
	done
}

# A test's log is named after it without .c or .sh: of two with one name, make
# runs the one and takes its log for the other's.
alone() {
	find tests -name 'test_*.c' -o -name 'test_*.sh' | sort |
		awk '{
			stem = $0
			sub(/\.[a-z]*$/, "", stem)
			if (stem in seen)
				print $0 ":1: has the log of " seen[stem]
			seen[stem] = $0
		}'
}

# As clang-format 14 writes it with .clang-format; other versions differ.  Where
# there is none the rule says so on the error stream and holds.
format() {
	tool=$(command -v clang-format-14 || command -v clang-format)
	case $([ -z "$tool" ] || "$tool" --version) in
	*"version 14."*) ;;
	*) echo "rules.sh: no clang-format 14: not checked" >&2; return 0 ;;
	esac
	for dir in core store tui tests; do
		[ ! -d "$dir" ] || find "$dir" -name '*.[ch]' -o -name '*.inc'
	done | sort |
		xargs "$tool" --style="file:$here/../../.clang-format" --dry-run 2>&1 |
		sed -n 's/^\([^:]*:[0-9]*\):.*\[-Wclang-format-violations\]$/\1: not as clang-format writes it/p'
}

# Not a rule, to be looked at: functions over 60 lines and files over 500.
long() {
	sources core store tui | while read -r f; do
		awk -v f="$f" '
		/^[a-z].*\(/ && !/;$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
		/^\{/ { from = FNR }
		/^\}/ && from {
			if (FNR - from - 1 > 60)
				print f ":" from ": " name "() has " FNR - from - 1 " lines"
			from = 0
		}
		END { if (FNR > 500) print f ":" FNR ": over 500 lines" }' "$f"
	done
}

case $rule in
layers | includes | circles | long | order | calls | unsafe | state | spdx | size | machine | later | listed | alone | format) $rule ;;
*) echo "rules.sh: no rule '$rule'" >&2; exit 2 ;;
esac
