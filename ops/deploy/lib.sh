# shellcheck shell=bash
# What every step uses: ask, run, step and refuse. Sourced by deploy.sh.

# By this the audit log, and the alert on drift, know our changes from everybody else's.
export CLOUDSDK_METRICS_ENVIRONMENT=vividly-deploy

# MODE says what becomes of a command: live runs it, plan prints it and asks nobody, diff asks
# the project and prints only what would change.
MODE=live
STEP="reading the command line"
WAY_ON="./deploy.sh --help tells what it understands."
DOING=             # the change that is being made
exec {TERMINAL}>&2 # where people read, wherever a command's own words go
AGAIN="Mend that and give the same command again: what is done stays done."
# What gcloud's services say of a thing, or of a whole API, that is not there yet.
ABSENT='not[ _]found|does not exist|could not find|cannot find|status=\[?404|SERVICE_DISABLED|has not been used in project'

# refuse SENTENCE: a mistake of the caller's, who can mend it; exit code 2.
refuse() {
	printf '%s: %s\n' "${0##*/}" "$1" >&2
	exit 2
}

# step NAME [WAY-ON]: begin a step; the way on is told when it breaks.
step() {
	STEP=$1
	WAY_ON=${2:-}
	[[ -n $JSON && $BASH_SUBSHELL == 0 ]] || printf '\n# %s\n' "$STEP"
}

# run WORD...: the only place from which anything is changed.
run() {
	if [[ $MODE == live ]]; then
		DOING=$(quoted "$@")
		printf '+ %s\n' "$DOING" >&"$TERMINAL"
		"$@"
		DOING=
	else
		quoted "$@"
	fi
}

# cloud WORD...: change something in the project.
cloud() {
	run gcloud "$@" --project="$PROJECT"
}

# quoted WORD...: print a command as a shell would read it again.
quoted() {
	local word line=
	for word in "$@"; do
		if [[ $word == *\'* ]]; then
			printf -v word %q "$word"
		elif [[ ! $word =~ ^[A-Za-z0-9_./:=@%+,^-]+$ ]]; then
			word="'$word'"
		fi
		line+="$word "
	done
	printf '%s\n' "${line% }"
}

# ask NAME WORD...: put gcloud's answer into a variable; it is empty for what is not there.
ask() {
	local -n __answer=$1
	local __code=0
	shift
	__answer=
	[[ $MODE == plan ]] && return
	__answer=$(gcloud "$@" --project="$PROJECT" 2>"$SCRATCH/said") || __code=$?
	((__code == 0)) && return
	((__code > 128)) && interrupted
	__answer=
	grep -qiE "$ABSENT" "$SCRATCH/said" && return
	cat "$SCRATCH/said" >&2
	broken "$(quoted gcloud "$@")"
}

# has LIST NAME: whether a list, one name a line, has this one.
has() {
	[[ $'\n'$1$'\n' == *$'\n'"$2"$'\n'* ]]
}

# row LIST NAME [SEPARATOR]: the line of a list of comma separated values that begins with this name.
row() {
	local line by=${3:-,}
	while IFS= read -r line; do
		[[ ${line%%"$by"*} == "$2" ]] && printf '%s\n' "$line" && return
	done <<<"$1"
	return 0
}

# patiently TRIES WORD...: run what may fail until a new account is known everywhere.
patiently() {
	local tries=$1
	shift
	while ((--tries > 0)); do
		if run "$@" 2>"$SCRATCH/said"; then return; fi
		grep -qiE 'does not exist|not found|invalid|permission.*denied on' "$SCRATCH/said" || break
		sleep "$PAUSE_S"
	done
	run "$@"
}

# broken COMMAND: say where it stopped and how to go on.
broken() {
	((BASH_SUBSHELL == 0)) || exit 1 # whoever asked for it tells
	local at=0
	while [[ ${BASH_SOURCE[at]} == */lib.sh && $at -lt $((${#BASH_SOURCE[@]} - 1)) ]]; do ((++at)); done
	local line=${BASH_LINENO[at - 1]}
	printf '\n%s stopped in the step "%s", %s line %s:\n  %s\n' \
		"${0##*/}" "$STEP" "${BASH_SOURCE[at]##*/}" "$line" "${DOING:-$1}" >&"$TERMINAL"
	[[ -n $WAY_ON ]] && printf '%s\n' "$WAY_ON" >&"$TERMINAL"
	printf '%s\n' "$AGAIN" >&"$TERMINAL"
	trap - ERR
	exit 1
}

# interrupted: Ctrl-C; nothing has to be undone.
interrupted() {
	trap - ERR INT TERM
	printf '\n%s was interrupted in the step "%s".\nGive the same command again: it goes on where it was.\n' \
		"${0##*/}" "$STEP" >&"$TERMINAL"
	exit 130
}

# hash_of FOLDER WORD...: name a folder's content together with some words; fits into a label.
hash_of() {
	local folder=$1
	shift
	{
		(cd "$folder" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
		printf '%s\0' "$@"
	} | sha256sum | cut -c1-40
}
