# SPDX-License-Identifier: MIT
# Completion of plyscope for bash: the program itself knows what may come next.
_plyscope() {
	local line=${COMP_LINE:0:COMP_POINT} reply cur head
	local -a words
	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=('')
	cur=${words[${#words[@]}-1]}
	# Readline replaces what is behind the last of its own word breaks.
	head=
	[[ $cur == *[:=]* && $COMP_WORDBREAKS == *:* ]] && head=${cur%"${cur##*[:=]}"}
	COMPREPLY=()
	while IFS= read -r reply; do
		if [[ $reply == :file ]]; then
			compopt -o filenames 2>/dev/null
			while IFS= read -r reply; do
				COMPREPLY+=("$reply")
			done < <(compgen -f -- "$cur")
		else
			[[ $reply == *[:/=] ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("${reply#"$head"}")
		fi
	done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _plyscope plyscope
