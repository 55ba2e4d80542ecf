# shellcheck shell=bash disable=SC2153 # ops/deploy/table.py tells the names in capitals
# doctor: everything that is missing or has drifted, each with the command that mends it. Sourced by deploy.sh.

# What a deployment goes through, each part looked at by itself: one that may not be looked at
# hides no other.
LOOKED_AT=(
	this_machine clock settings_hold billing apis region quota service_agents accounts roles network
	sql_begins repository buckets topics firestore sql access database_roles migrations
	deploy_function triggers_of_repair invokers subscriptions tick traffic
	metrics channel policies dashboards budget
)

FAULTS=() # step, sentence and command, divided by tabs

doctor() {
	local one part
	for part in "${LOOKED_AT[@]}"; do
		if [[ $part == deploy_function ]]; then
			for one in "${CHOSEN[@]}"; do look_at "$part" "$one"; done
		else
			look_at "$part"
		fi
	done
	report
	((${#FAULTS[@]} == 0)) || exit 1
	exit 0
}

# look_at PART [WORD]: add what a part would change, or why it could not be looked at.
look_at() {
	local line step='' said=$SCRATCH/first
	while IFS= read -r line; do
		case $line in
		'' | '# none'* | *'already') ;;
		'# '*) step=${line#\# } ;;
		*$'\t'*) FAULTS+=("$step"$'\t'"$line") ;;
		*) FAULTS+=("$step"$'\t\t'"$line") ;;
		esac
	done < <("$@" 2>"$said")
	wait "$!" && return
	FAULTS+=("${step:-$1}"$'\t'"could not be looked at: $(first_words "$said")"$'\t'"$AGAIN")
}

# first_words FILE: what was said first, on one line.
first_words() {
	local said
	said=$(grep -m 1 -v '^$' "$1" || true)
	printf '%s' "${said//$'\t'/ }"
}

# fault SENTENCE WORD...: what is wrong, and what mends it.
fault() {
	printf '%s\t%s\n' "$1" "$(quoted "${@:2}")"
}

# report: as a table, or with --json as one list.
report() {
	local one step said mends
	if [[ -n $JSON ]]; then
		printf '%s\n' "${FAULTS[@]}" | python3 -c 'import json, sys; print(json.dumps([dict(zip(("step", "said", "command"), line.rstrip("\n").split("\t", 2))) for line in sys.stdin if line.strip()]))'
		return
	fi
	for one in "${FAULTS[@]}"; do
		IFS=$'\t' read -r step said mends <<<"${one/$'\t\t'/$'\t'-$'\t'}"
		[[ $said == - ]] || printf '%-24s %s\n' "$step" "$said"
		printf '%-24s %s\n' "$([[ $said == - ]] && printf '%s' "$step")" "$mends"
	done
	((${#FAULTS[@]} > 0)) || printf 'Nothing is missing.\n'
}

this_machine() {
	step "this machine"
	[[ -z $(git -C "$HERE" status --porcelain) ]] || fault "the working tree has changes; prod is deployed from a commit" git commit
	[[ -f $HERE/ops/env/$ENVIRONMENT.env || $ENVIRONMENT == dev ]] ||
		printf '# none: ops/env/%s.env would hold settings of this environment\n' "$ENVIRONMENT"
}

# clock: Google refuses the tokens of a machine whose clock is wrong.
clock() {
	step "clock"
	local ahead base=${CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER:-https://cloudresourcemanager.googleapis.com/}
	ahead=$(python3 ops/deploy/clock.py "$base")
	((${ahead#-} <= MOST_AHEAD_S)) ||
		fault "the clock here is $ahead s ahead of Google's" sudo timedatectl set-ntp true
}
MOST_AHEAD_S=60

# settings_hold: what every function would be given is read as the functions read it.
settings_hold() {
	step "settings"
	local one
	variables_of script | python3 ops/deploy/settings.py >"$SCRATCH/problems"
	while IFS= read -r one; do fault "$one" vi "ops/env/$ENVIRONMENT.env"; done <"$SCRATCH/problems"
}

billing() {
	step "billing"
	pays || fault "$PROJECT has no billing account" gcloud billing projects link "$PROJECT" --billing-account=ACCOUNT
}

region() {
	step "region"
	known_region || fault "Cloud Run knows no region $REGION" gcloud run regions list "--project=$PROJECT"
}

# quota: what all instances together may take, in thousandths of a processor.
quota() {
	step "quota"
	local one there may needed=0
	for one in "${FUNCTIONS[@]}"; do needed=$((needed + ${INSTANCES[$one]} * ${CPU[$one]} * 1000)); done
	ask there beta quotas info describe CpuAllocPerProjectRegion --service=run.googleapis.com \
		'--flatten=dimensionsInfos[]' \
		'--format=csv[no-heading](dimensionsInfos.dimensions.region,dimensionsInfos.details.value)'
	may=$(row "$there" "$REGION")
	may=${may:-$(row "$there" "")}
	may=${may#*,}
	[[ -z $may || $may == -1 || $may -ge $needed ]] ||
		fault "all instances together take $((needed / 1000)) processors, and $REGION allows $((may / 1000))" \
			gcloud beta quotas preferences create --service=run.googleapis.com \
			--quota-id=CpuAllocPerProjectRegion "--preferred-value=$needed" \
			"--dimensions=region=$REGION" "--project=$PROJECT"
}

# traffic: the newest revision of each function has all of it, unless somebody rolled back.
traffic() {
	step "traffic"
	local one
	for one in "${CHOSEN[@]}"; do
		traffic_of "$one"
		[[ -z $NEWEST ]] || has "$TRAFFIC" "$NEWEST,$NEWEST,100" ||
			fault "vividly-$one answers by $SERVING, not by its newest revision alone" \
				gcloud run services update-traffic "vividly-$one" "--region=$REGION" --to-latest "--project=$PROJECT"
	done
}
