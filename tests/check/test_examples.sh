#!/bin/sh
# SPDX-License-Identifier: MIT
# What the manuals tell to type is run as they print it, on a small lab.
set -u
. "$top_srcdir/tests/check/tap.sh"
. "$top_srcdir/tests/lab/lab.sh"
unset XDG_DATA_HOME
HOME=$scratch/home
lab=$HOME/.local/share/plyscope/lab.db
PLYSCOPE_LAB=$lab # begins empty
export HOME PLYSCOPE_LAB
mkdir -p "$scratch/bin" "$HOME"
cd "$scratch" || exit 99

# The program, with what makes its commands take seconds put behind them.  The
# screens are opened and left again, and a server hears that it may go.
cat >bin/plyscope <<END
#!/bin/sh
case \${1:-} in
'') printf 'expect Menu\nsave-screen -\n' | exec "$program" --script - ;;
train) exec "$program" "\$@" --recipe "$scratch/tiny.conf" --games 40 ;;
imitate) exec "$program" "\$@" --recipe "$scratch/tiny.conf" --match 2 ;;
match) exec "$program" "\$@" --games 2 ;;
gtp) echo quit | exec "$program" "\$@" ;;
*) exec "$program" "\$@" ;;
esac
END
chmod +x bin/plyscope
PATH=$scratch/bin:$PATH

# What a page tells to type, as it is printed, a line each, with <line> where one
# goes on: what follows $ in any block, and the commands under EXAMPLES.
examples() { # PAGE
	mandoc -T utf8 -O width=200 "$1" | col -bx | awk '
		/^[A-Z]/ { in_examples = $0 == "EXAMPLES"; on = 0 }
		{ match($0, /^ */); indent = RLENGTH }
		/^ *\$ [a-z]/ { give(); sub(/^ *\$ /, ""); text = $0; on = indent; next }
		/^ *$/ || indent < on { give(); on = 0 }
		on { text = text " <line> " $0; next }
		in_examples && /^ +(plyscope|sqlite3|cutechess-cli)( |$)/ {
			give(); sub(/^ +/, ""); text = $0
			if (!/\\$/) give(); else more = 1
			next
		}
		more { text = text " <line> " $0; if (!/\\$/) { give(); more = 0 } }
		function give() { if (text != "") print text; text = "" }
		END { give() }'
}
# Without what this host lacks: the programs of others that an example names.
lacks() { # COMMAND
	case $1 in *...) echo "the rest of it"; return ;; esac
	for other in cutechess-cli gnugo stockfish zstd; do
		case $1 in *$other*)
			command -v $other >/dev/null 2>&1 || { echo $other; return; } ;;
		esac
	done
}
enough() { [ "$(wc -l <list)" -ge "$1" ]; }
answers() { # COMMAND: as a shell gets it
	sh -ec "$1" >said 2>&1 </dev/null
	status=$?
	cat said
	[ $status -eq 0 ] && [ -s said ]
}
run_all() { # PAGE COUNT
	examples "$1" >list
	ok "${1##*/} has examples" enough "$2"
	while IFS= read -r line; do
		missing=$(lacks "$line")
		if [ -n "$missing" ]; then
			skip "$line" "$missing is not here"
		else
			ok "$line" answers "$(printf '%s\n' "$line" | sed 's/ <line> /\n/g')"
		fi
	done <list
}
for needed in sqlite3 mandoc col; do
	command -v $needed >/dev/null 2>&1 || {
		skip "the manuals' examples" "$needed is not here"
		tap_done
		exit
	}
done

for run in 'go:size=9 go9' 'chess chess'; do
	set -- $run
	ok "a lab with $2" "$program" train "$1" --run "$2" --games 2 plies=2 \
		--recipe "$scratch/tiny.conf"
done
run_all "$top_srcdir/man/plyscope.1" 10
human() { # one that a person won
	sqlite3 "$lab" "insert or ignore into agent(spec) values('human');
		update game set first_agent = (select id from agent where spec = 'human')
		where id = (select min(id) from games where winner = 'first')"
}
ok "a game that a person won" human
cp "$lab" lab.db
run_all "$top_srcdir/man/plyscope-lab.5" 5
tap_done
