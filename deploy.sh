#!/usr/bin/env bash
# Take a Google Cloud project to a running pipeline.  a project -> topics, tables, functions, alerts
#
# Every step looks first, makes what is missing and mends what has drifted, so the same command
# may be given again at any time. The steps are in ops/deploy/, their numbers in shared/limits.py.
set -Eeuo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$HERE"
source ops/deploy/lib.sh
source ops/deploy/access.sh
source ops/deploy/infra.sh
source ops/deploy/migrate.sh
source ops/deploy/functions.sh
source ops/deploy/observe.sh
source ops/deploy/traffic.sh
source ops/deploy/commands.sh
source ops/deploy/doctor.sh
trap 'broken "$BASH_COMMAND"' ERR
trap interrupted INT TERM

usage() {
	cat <<'TEXT'
./deploy.sh --project P --region R [what] [how]

  what   (nothing)                      everything: infra, migrate, functions, observability, canary
         --only infra|migrate|functions|observability|canary   one part of it
         --function NAME                one function, whether it changed or not
         doctor [--json]                list everything that is missing, with the command that mends it
         status                         what runs, from which commit, with which subscription
         rollback FUNCTION [REVISION]   the revision before, or that one; "latest" goes forward again
         release                        deploy beside what serves, try it on a tenth, then all of it or none
         shift PERCENT                  so much of what arrives goes to the newest revisions; 0 goes back
         canary                         only the lesson at the end
         destroy --confirm P            drain, then take away what runs; data stays without --with-data

  how    --env dev|staging|prod         one project holds one environment (dev)
         --dry-run                      print every command of a first deployment, ask and change nothing
         --diff                         look, and print only the commands that would change something
         --yes                          do not ask before changing anything
         --alert-email ADDRESS          whom alerts reach; prod needs somebody
         --budget USD                   warn at 50 and 90 % of so much a month
         --canary video|audio|text|none the lesson at the end (text)
         --hold                         deploy, and let what serves now go on serving
         --lessons N                    so many lessons for a canary (1, for a release 20)
         --no-drain, --with-data        for destroy: drop what waits; take the data, too

Settings of an environment stand in ops/env/<env>.env, one NAME=value a line, and reach every function.
Variables: GENERATED_BUCKET, OER_BUCKET, SCENES_BUCKET, BUILDS_BUCKET, SQL_INSTANCE,
STATUS_INVOKERS and STATUS_INGRESS (who reaches status, which asks everybody for a token itself).
TEXT
}

COMMAND=deploy PROJECT='' REGION='' ENVIRONMENT=dev ONLY='' ONE_FUNCTION='' YES='' JSON='' CONFIRM=''
ALERT_EMAIL='' BUDGET_USD='' CANARY=text LESSONS='' HOLD='' NO_DRAIN='' WITH_DATA='' CHANNEL_NOW=''
WORDS=()

# value FLAG [VALUE]: what follows a flag.
value() {
	[[ -n ${2:-} && $2 != --* ]] || refuse "$1 needs a value; ./deploy.sh --help shows which"
	printf '%s' "$2"
}

understand() {
	while (($# > 0)); do
		case $1 in
		-h | --help)
			usage
			exit 0
			;;
		--project) PROJECT=$(value "$@") || exit 2 ;;
		--region) REGION=$(value "$@") || exit 2 ;;
		--env) ENVIRONMENT=$(value "$@") || exit 2 ;;
		--only) ONLY=$(value "$@") || exit 2 ;;
		--function) ONE_FUNCTION=$(value "$@") || exit 2 ;;
		--confirm) CONFIRM=$(value "$@") || exit 2 ;;
		--alert-email) ALERT_EMAIL=$(value "$@") || exit 2 ;;
		--budget) BUDGET_USD=$(value "$@") || exit 2 ;;
		--canary) CANARY=$(value "$@") || exit 2 ;;
		--lessons) LESSONS=$(value "$@") || exit 2 ;;
		--dry-run) MODE='plan' ;;
		--diff) MODE='diff' ;;
		--yes) YES=yes ;;
		--hold) HOLD=yes ;;
		--json) JSON=yes ;;
		--no-drain) NO_DRAIN=yes ;;
		--with-data) WITH_DATA=yes ;;
		-*) refuse "there is no $1; ./deploy.sh --help shows what there is" ;;
		*) WORDS+=("$1") ;;
		esac
		case $1 in
		--project | --region | --env | --only | --function | --confirm | --alert-email | --budget | --canary | --lessons) shift 2 ;;
		*) shift ;;
		esac
	done
	case ${WORDS[0]:-deploy} in
	canary) ONLY=canary ;;
	deploy | doctor | status | rollback | release | shift | destroy) COMMAND=${WORDS[0]:-deploy} ;;
	*) refuse "there is no command \"${WORDS[0]}\"; there are doctor, status, release, shift, canary, rollback and destroy" ;;
	esac
}

check() {
	[[ -n $PROJECT ]] || refuse "which project? Say --project ID"
	[[ $PROJECT =~ ^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || refuse "\"$PROJECT\" is not the id of a project: 6 to 30 of a-z, 0-9 and -, beginning with a letter"
	[[ -n $REGION ]] || refuse "which region? Say --region, such as --region us-central1"
	[[ $REGION =~ ^[a-z]+-[a-z]+[0-9]+$ ]] || refuse "\"$REGION\" is not a region; one is us-central1 (gcloud run regions list)"
	one_of --env "$ENVIRONMENT" dev staging prod
	one_of --only "${ONLY:-infra}" infra migrate functions observability canary
	one_of --canary "$CANARY" video audio text none
	[[ -z $BUDGET_USD || $BUDGET_USD =~ ^[0-9]+$ ]] || refuse "--budget is a whole number of dollars, not \"$BUDGET_USD\""
	[[ -z $ALERT_EMAIL || $ALERT_EMAIL =~ ^[^@[:space:],=]+@[^@[:space:],=]+$ ]] || refuse "--alert-email is an address, not \"$ALERT_EMAIL\""
	[[ -z $ONE_FUNCTION || -z $ONLY || $ONLY == functions ]] || refuse "--function goes with --only functions, not with --only $ONLY"
	[[ $COMMAND != rollback || -n ${WORDS[1]:-} ]] || refuse "roll back which function? ./deploy.sh rollback FUNCTION [REVISION]"
	[[ $COMMAND != shift || ${WORDS[1]:-} =~ ^([0-9]|[1-9][0-9]|100)$ ]] || refuse "shift how much? ./deploy.sh shift PERCENT, from 0 to 100"
	[[ -z $LESSONS || $LESSONS =~ ^[1-9][0-9]?$ ]] || refuse "--lessons is a number from 1 to 99, not \"$LESSONS\""
	[[ $COMMAND != release || $CANARY != none ]] || refuse "a release is judged by its canary; say --canary text, audio or video"
	[[ $COMMAND != release || -z $ONLY$ONE_FUNCTION ]] || refuse "a release is of everything, without --only and --function"
	[[ $COMMAND != destroy || $CONFIRM == "$PROJECT" ]] || refuse "destroy takes the pipeline of $PROJECT away; say so with --confirm $PROJECT"
}

one_of() {
	[[ " ${*:3} " == *" $2 "* ]] || refuse "$1 is one of ${*:3}, not \"$2\""
}

# numbers: take what is in shared/limits.py and local/topology.py into variables.
numbers() {
	local table
	command -v python3 >/dev/null || refuse "python3 is missing; install Python 3.11 or newer"
	table=$(python3 ops/deploy/table.py) || refuse "python3 cannot read shared/limits.py; its words stand above (it needs Python 3.11 or newer)"
	eval "$table"
	CHOSEN=("${FUNCTIONS[@]}")
	[[ -z $ONE_FUNCTION ]] && return
	chosen "$ONE_FUNCTION" || refuse "there is no function \"$ONE_FUNCTION\"; there are ${FUNCTIONS[*]}"
	CHOSEN=("$ONE_FUNCTION")
}

name_everything() {
	local one
	ACCOUNTS=("${FUNCTIONS[@]}" trigger build migrate)
	DATABASE_ACCOUNTS=(migrate)
	for one in "${FUNCTIONS[@]}"; do [[ -v POOL[$one] ]] && DATABASE_ACCOUNTS+=("$one"); done
	NETWORK=vividly CONNECTOR=vividly DATABASE=vividly SQL=${SQL_INSTANCE:-vividly}
	SQL_TIER=db-custom-1-3840 SQL_AVAILABILITY=zonal
	[[ $ENVIRONMENT != prod ]] || SQL_TIER=db-custom-2-7680 SQL_AVAILABILITY=regional
	SQL_FLAGS="cloudsql.iam_authentication=on,max_connections=$MAX_CONNECTIONS"
	declare -gA BUCKET=(
		[generated]=${GENERATED_BUCKET:-$PROJECT-generated} [oer]=${OER_BUCKET:-$PROJECT-oer}
		[scenes]=${SCENES_BUCKET:-$PROJECT-scenes} [builds]=${BUILDS_BUCKET:-$PROJECT-builds}
	)
	STATUS_INVOKERS=${STATUS_INVOKERS:-allUsers} STATUS_INGRESS=${STATUS_INGRESS:-all}
	PAUSE_S=${PAUSE_S:-5} CANARY_TRIES=${CANARY_TRIES:-60}
	SCRATCH=$(mktemp -d)
	trap 'rm -rf "$SCRATCH"' EXIT
	COMMIT=$(git rev-parse HEAD 2>/dev/null || echo unknown)
	NUMBER=PROJECT_NUMBER
}

# account NAME, database_user NAME: what Google Cloud and the database call an account.
account() {
	printf 'vividly-%s@%s.iam.gserviceaccount.com' "$1" "$PROJECT"
}
database_user() {
	printf 'vividly-%s@%s.iam' "$1" "$PROJECT"
}

# reach: see that gcloud can work here, and that this is the project that is meant.
reach() {
	step "reaching $PROJECT"
	local version found
	command -v gcloud >/dev/null || refuse "gcloud is missing; install the Google Cloud SDK: https://cloud.google.com/sdk/docs/install"
	export CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_PROJECT=$PROJECT
	version=$(gcloud version '--format=value("Google Cloud SDK")' 2>/dev/null) || version=0
	((${version%%.*} >= OLDEST_SDK)) || refuse "gcloud $version is too old; gcloud components update brings $OLDEST_SDK or newer"
	if [[ ${CLOUDSDK_AUTH_DISABLE_CREDENTIALS:-} != true ]]; then
		[[ -n $(gcloud auth list --filter=status:ACTIVE '--format=value(account)' 2>/dev/null) ]] ||
			refuse "gcloud knows nobody here; log in with: gcloud auth login"
	fi
	NUMBER=$(gcloud projects describe "$PROJECT" '--format=value(projectNumber)' 2>"$SCRATCH/said") ||
		refuse "the project $PROJECT cannot be reached ($(head -n 1 "$SCRATCH/said")); is the id right, and may you see it?"
	[[ $COMMAND == doctor ]] && return # which lists what is wrong, and stops at nothing
	[[ $COMMAND != deploy && $COMMAND != release ]] || pays ||
		refuse "$PROJECT has no billing account, so nothing can be enabled; gcloud billing projects link $PROJECT --billing-account=ACCOUNT gives it one"
	known_region || refuse "Cloud Run knows no region $REGION; gcloud run regions list --project=$PROJECT shows which"
	ask found artifacts repositories list "--location=$REGION" '--format=csv[no-heading](name.basename(),labels.env)'
	found=$(row "$found" vividly)
	[[ -z $found || ${found#*,} == "$ENVIRONMENT" ]] || refuse "$PROJECT holds the environment ${found#*,}; say --env ${found#*,}, or take another project for $ENVIRONMENT"
}
OLDEST_SDK=528

# pays: whether somebody pays for the project; who may not see that is believed.
pays() {
	local found
	found=$(gcloud billing projects describe "$PROJECT" '--format=value(billingEnabled)' "--project=$PROJECT" 2>/dev/null) || return 0
	[[ $found != False ]]
}

# known_region: whether there is such a region; before its API is enabled nobody can tell.
known_region() {
	local found
	found=$(gcloud run regions list '--format=value(locationId)' "--project=$PROJECT" 2>/dev/null) || return 0
	[[ -z $found ]] || has "$found" "$REGION"
}

# clean_tree: what runs in prod can be found again.
clean_tree() {
	[[ -z $(git status --porcelain 2>/dev/null) && $COMMIT != unknown ]] && return
	[[ $ENVIRONMENT != prod || $MODE != live ]] || refuse "prod is deployed from a commit, and this tree has changes; commit them first"
	COMMIT+=-changed
}

# permission: nobody changes a project by accident.
permission() {
	[[ -n $YES || $MODE != live ]] && return
	[[ -t 0 ]] || refuse "nobody is here to be asked; say --yes to change $PROJECT"
	local answer
	read -rp "$COMMAND changes $PROJECT ($ENVIRONMENT). Go on? [y/N] " answer
	[[ $answer == [yY]* ]] || refuse "nothing was changed"
}

deploy() {
	clean_tree
	permission
	if [[ -z $ONLY && -z $ONE_FUNCTION ]]; then
		infra
		migrate
		functions
		observability
		[[ $CANARY == none ]] || canary
	else
		"${ONLY:-functions}"
	fi
	step "done"
}

main() {
	understand "$@"
	check
	numbers
	name_everything
	[[ $COMMAND != doctor && $COMMAND != status ]] || MODE='diff' # they look, and change nothing
	[[ $MODE == plan ]] || reach
	case $COMMAND in
	rollback)
		permission
		rollback "${WORDS[@]:1}"
		;;
	shift)
		permission
		shift_to "${WORDS[1]}"
		;;
	destroy)
		permission
		destroy
		;;
	*) "$COMMAND" ;;
	esac
}

main "$@"
