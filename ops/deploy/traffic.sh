# shellcheck shell=bash disable=SC2153 # ops/deploy/table.py tells the names in capitals
# Which revision answers: shift, rollback, release. Sourced by deploy.sh.
#
# Eventarc, Pub/Sub and callers all know a service by its address alone, so Cloud Run divides what
# arrives there between its revisions, events as well as questions.

FIRST_SHARE=10   # percent of the deliveries that a new revision gets before a canary judges it
SHARE_LESSONS=20 # so many lessons meet a tenth at each stage at least once in 88 of 100 releases

TRAFFIC='' NEWEST='' SERVING='' # of the service at hand

# traffic_of FUNCTION: read the newest revision, the one that serves most besides it, and the division.
traffic_of() {
	local revision percent most=0
	NEWEST='' SERVING=''
	ask TRAFFIC run services describe "vividly-$1" "--region=$REGION" '--flatten=status.traffic[]' \
		'--format=csv[no-heading](status.latestReadyRevisionName,status.traffic.revisionName,status.traffic.percent)'
	[[ $MODE != plan ]] || TRAFFIC=$'NEWEST,SERVING,100'
	while IFS=, read -r NEWEST revision percent; do
		[[ $revision != "$NEWEST" && ${percent:-0} -gt $most ]] && SERVING=$revision most=$percent
	done <<<"$TRAFFIC"
	NEWEST=${TRAFFIC%%,*}
}

# divide FUNCTION PERCENT: let its newest revision have that share, and the one before it the rest.
divide() {
	local to="$NEWEST=$2,$SERVING=$((100 - $2))"
	[[ $2 != 0 ]] || to="$SERVING=100"
	[[ $2 != 100 ]] || to="$NEWEST=100"
	as_wanted "${to%%,*}" && { [[ $to != *,* ]] || as_wanted "${to#*,}"; } && return
	if [[ $2 == 100 ]]; then
		cloud run services update-traffic "vividly-$1" "--region=$REGION" --to-latest
	else
		cloud run services update-traffic "vividly-$1" "--region=$REGION" "--to-revisions=$to"
	fi
}

# as_wanted REVISION=PERCENT: whether that is its share already.
as_wanted() {
	has "$TRAFFIC" "$NEWEST,${1/=/,}"
}

# shift_to PERCENT: the share of the newest revision of each chosen function.
shift_to() {
	step "traffic: $1 % to the newest revision" "Its revisions: gcloud run revisions list --region=$REGION --project=$PROJECT"
	local one
	for one in "${CHOSEN[@]}"; do
		traffic_of "$one"
		if [[ -z $NEWEST ]]; then
			printf '# vividly-%s is not there yet\n' "$one"
		elif [[ -z $SERVING && $1 != 100 ]]; then
			printf '# vividly-%s has no older revision that serves\n' "$one"
		else
			divide "$one" "$1"
		fi
	done
}

# hold FUNCTION: what serves now goes on to, whatever is deployed.
hold() {
	local serving
	traffic_of "$1"
	serving=${SERVING:-$NEWEST}
	[[ -z $serving ]] || has "$(pinned_of "$1")" "$serving,100" ||
		cloud run services update-traffic "vividly-$1" "--region=$REGION" "--to-revisions=$serving=100"
}

# pinned_of FUNCTION: the division that was asked for by the names of revisions.
pinned_of() {
	local found
	ask found run services describe "vividly-$1" "--region=$REGION" '--flatten=spec.traffic[]' \
		'--format=csv[no-heading](spec.traffic.revisionName,spec.traffic.percent)'
	printf '%s' "$found"
}

# rollback FUNCTION [REVISION|latest]: send all deliveries to an older revision, or forward again.
rollback() {
	local one=$1 to=${2:-} ready
	chosen "$one" || refuse "there is no function \"$one\"; there are ${FUNCTIONS[*]}"
	step "rollback of $one" "Its revisions: gcloud run revisions list --service=vividly-$one --region=$REGION --project=$PROJECT"
	if [[ $to == latest ]]; then
		cloud run services update-traffic "vividly-$one" "--region=$REGION" --to-latest
		return
	fi
	if [[ -z $to ]]; then
		ask SERVING run services describe "vividly-$one" "--region=$REGION" '--format=value(status.traffic[0].revisionName)'
		ask ready run revisions list "--service=vividly-$one" "--region=$REGION" '--sort-by=~metadata.creationTimestamp' \
			'--filter=status.conditions[0].status=True' '--format=value(metadata.name)'
		[[ $MODE == plan ]] && ready=REVISION
		# The newest is first: what comes after the serving one was there before it.
		[[ $'\n'$ready == *$'\n'"$SERVING"$'\n'* ]] && ready=${ready#*"$SERVING"$'\n'}
		to=${ready%%$'\n'*}
		[[ -n $to && $to != "$SERVING" ]] || refuse "vividly-$one has no older revision to go back to"
	fi
	cloud run services update-traffic "vividly-$one" "--region=$REGION" "--to-revisions=$to=100"
	printf '# Forward again: ./deploy.sh rollback %s latest --project %s --region %s\n' "$one" "$PROJECT" "$REGION"
}

# release: deploy while the old code serves, try the new on a tenth, then all of it or none.
release() {
	clean_tree
	permission
	HOLD=yes LESSONS=${LESSONS:-$SHARE_LESSONS}
	infra
	migrate
	functions
	observability
	shift_to "$FIRST_SHARE"
	local code=0
	(trap 'exit 130' INT TERM && canary) || code=$?
	((code != 130)) || interrupted
	if ((code == 0)); then
		shift_to 100
		step "released"
		return
	fi
	shift_to 0
	STEP="release" WAY_ON="What it said stands above; the revisions that served before serve all again. See the new code's log: gcloud functions logs read vividly-NAME --gen2 --region=$REGION --project=$PROJECT"
	broken "a lesson of its own"
}
