# shellcheck shell=bash
# doctor, status, rollback and destroy. Sourced by deploy.sh.

# doctor: everything that is missing, at once, each with the command that mends it.
doctor() {
	local step='' line found=0
	local -a faults=()
	while IFS= read -r line; do
		case $line in
		'' | '# none'* | *'already') ;;
		'# '*) step=${line#\# } ;;
		*)
			faults+=("$step"$'\t'"$line")
			found=1
			;;
		esac
	done < <(
		local_faults
		infra
		migrate
		functions
		observability
	)
	if ! wait "$!"; then
		faults+=("$step"$'\t'"# gcloud may not look here, nor could doctor look any further; its words stand above")
		found=1
	fi
	report "${faults[@]}"
	exit "$found"
}

# local_faults: what is wrong on this side, in the form of a step and what mends it.
local_faults() {
	printf '# this machine\n'
	[[ -z $(git -C "$HERE" status --porcelain) ]] || printf 'git commit  (or git stash: the working tree has changes)\n'
	[[ -f $HERE/ops/env/$ENVIRONMENT.env || $ENVIRONMENT == dev ]] ||
		printf '# none: ops/env/%s.env would hold settings of this environment\n' "$ENVIRONMENT"
}

# report FAULT...: as a table, or with --json as one list.
report() {
	local one
	if [[ -n $JSON ]]; then
		printf '%s\n' "$@" | python3 -c 'import json, sys; print(json.dumps([dict(zip(("step", "command"), line.rstrip("\n").split("\t", 1))) for line in sys.stdin if line.strip()]))'
		return
	fi
	for one in "$@"; do printf '%-24s %s\n' "${one%%$'\t'*}" "${one#*$'\t'}"; done
	(($# > 0)) || printf 'Nothing is missing.\n'
}

# status: what runs of each function, and whether its subscription is what we promise.
status() {
	local one state trigger commit subscription
	ask TRIGGERS_NOW eventarc triggers list "--location=$REGION" \
		'--format=csv[no-heading](name.basename(),transport.pubsub.subscription.basename())'
	ask SUBSCRIPTIONS_NOW pubsub subscriptions list "--format=csv[no-heading]($POLICY_COLUMNS)"
	printf '%-10s %-10s %-26s %-42s %s\n' function state revision commit subscription
	for one in "${CHOSEN[@]}"; do
		ask FOUND functions describe "vividly-$one" --gen2 "--region=$REGION" \
			'--format=csv[no-heading](name.basename(),state,eventTrigger.trigger.basename(),labels.source,labels.git)'
		IFS=, read -r _ state trigger _ commit <<<"$FOUND"
		ask SERVING run services describe "vividly-$one" "--region=$REGION" \
			'--format=value(status.traffic[0].revisionName)'
		subscription="not there"
		if [[ -n $trigger ]]; then
			subscription=$(row "$TRIGGERS_NOW" "$trigger")
			subscription=${subscription#*,}
			[[ $(row "$SUBSCRIPTIONS_NOW" "$subscription") == "$subscription,$(policy "${DEAD_TOPIC[$one]:-}")" ]] &&
				subscription="as promised" || subscription="drifted: ./deploy.sh --only functions --function $one"
		elif [[ ${ARROW[$one]} == http ]]; then
			subscription=none
		fi
		printf '%-10s %-10s %-26s %-42s %s\n' "$one" "${state:-absent}" "${SERVING:--}" "${commit:--}" "$subscription"
	done
}

# rollback FUNCTION [REVISION|latest]: send all deliveries to an older revision, or forward again.
rollback() {
	local one=$1 to=${2:-} serving ready
	chosen "$one" || refuse "there is no function \"$one\"; there are ${FUNCTIONS[*]}"
	step "rollback of $one" "Its revisions: gcloud run revisions list --service=vividly-$one --region=$REGION --project=$PROJECT"
	if [[ $to == latest ]]; then
		cloud run services update-traffic "vividly-$one" "--region=$REGION" --to-latest
		return
	fi
	if [[ -z $to ]]; then
		ask serving run services describe "vividly-$one" "--region=$REGION" '--format=value(status.traffic[0].revisionName)'
		ask ready run revisions list "--service=vividly-$one" "--region=$REGION" '--sort-by=~metadata.creationTimestamp' \
			'--filter=status.conditions[0].status=True' '--format=value(metadata.name)'
		[[ $MODE == plan ]] && ready=REVISION
		# The newest is first: what comes after the serving one was there before it.
		[[ $'\n'$ready == *$'\n'"$serving"$'\n'* ]] && ready=${ready#*"$serving"$'\n'}
		to=${ready%%$'\n'*}
		[[ -n $to && $to != "$serving" ]] || refuse "vividly-$one has no older revision to go back to"
	fi
	cloud run services update-traffic "vividly-$one" "--region=$REGION" "--to-revisions=$to=100"
	printf '# Forward again: ./deploy.sh rollback %s latest --project %s --region %s\n' "$one" "$PROJECT" "$REGION"
}

# destroy: take away what runs once nothing waits any more; --with-data takes what was made, too.
destroy() {
	[[ $CONFIRM == "$PROJECT" ]] || refuse "destroy takes the pipeline of $PROJECT away; say so with --confirm $PROJECT"
	drain
	destroy_what_runs
	[[ -z $WITH_DATA ]] || destroy_data
	[[ -n $WITH_DATA ]] || printf '# The database, Firestore, buckets and dead letters are kept; --with-data takes them, too.\n# Accounts, network, images and metrics stay: they cost nothing, or next to it.\n'
}

# drain: wait until every subscription is empty; whoever publishes requests has to stop before.
drain() {
	step "drain" "Stop whoever publishes to content-requests, or drop what waits with --no-drain."
	[[ -z $NO_DRAIN && $MODE == live ]] || return 0
	local tries waiting
	for ((tries = CANARY_TRIES; tries > 0; tries--)); do
		waiting=$(undelivered)
		[[ $waiting == 0 ]] && return
		printf '# %s messages wait\n' "$waiting"
		sleep "$PAUSE_S"
	done
	broken "$waiting messages still wait"
}

# undelivered: how many messages wait in all subscriptions but those that keep dead letters.
undelivered() {
	local base=${CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING:-https://monitoring.googleapis.com/}
	{ gcloud auth print-access-token 2>/dev/null || true; } | python3 "$HERE/ops/deploy/undelivered.py" "$base" "$PROJECT"
}

destroy_what_runs() {
	step "what runs" "What is gone already is not asked for again."
	local one there
	ask there alpha monitoring policies list '--filter=userLabels.app="vividly"' '--format=value(name)'
	[[ $MODE != plan ]] || there=projects/$PROJECT/alertPolicies/EACH
	for one in $there; do cloud alpha monitoring policies delete "$one"; done # before all is silent
	ask there scheduler jobs list "--location=$REGION" '--format=value(name.basename())'
	for one in vividly-tick vividly-canary; do
		gone "$there" "$one" || cloud scheduler jobs delete "$one" "--location=$REGION"
	done
	ask there eventarc triggers list "--location=$REGION" '--format=value(name.basename())'
	for one in "${DEAD_TOPICS[@]}"; do
		gone "$there" "vividly-repair-$one" || cloud eventarc triggers delete "vividly-repair-$one" "--location=$REGION"
	done
	ask there functions list --v2 "--regions=$REGION" '--format=value(name.basename())'
	for one in "${FUNCTIONS[@]}"; do
		gone "$there" "vividly-$one" || cloud functions delete "vividly-$one" --gen2 "--region=$REGION"
	done
	ask there run jobs list "--region=$REGION" '--format=value(metadata.name)'
	gone "$there" vividly-migrate || cloud run jobs delete vividly-migrate "--region=$REGION"
	ask there compute networks vpc-access connectors list "--region=$REGION" '--format=value(name.basename())'
	gone "$there" "$CONNECTOR" || cloud compute networks vpc-access connectors delete "$CONNECTOR" "--region=$REGION"
}

destroy_data() {
	step "data" "What is protected has its protection taken away first; do that by hand where it is refused."
	local one there
	ask there pubsub subscriptions list '--format=value(name.basename())'
	for one in "${DEAD_TOPICS[@]/%/-pull}" "${KEPT_TOPICS[@]/%/-canary}"; do
		gone "$there" "$one" || cloud pubsub subscriptions delete "$one"
	done
	ask there pubsub topics list '--format=value(name.basename())'
	for one in "${TOPICS[@]}"; do gone "$there" "$one" || cloud pubsub topics delete "$one"; done
	ask there sql instances list '--format=value(name)'
	if ! gone "$there" "$SQL"; then
		cloud sql instances patch "$SQL" --no-deletion-protection
		cloud sql instances delete "$SQL"
	fi
	ask there firestore databases list '--format=value(name.basename())'
	if ! gone "$there" "(default)"; then
		cloud firestore databases update '--database=(default)' --no-delete-protection
		cloud firestore databases delete '--database=(default)'
	fi
	ask there storage buckets list '--format=value(name)'
	for one in generated oer scenes builds; do
		gone "$there" "${BUCKET[$one]}" || cloud storage rm --recursive "gs://${BUCKET[$one]}"
	done
}

# gone LIST NAME: whether it is not there any more; a plan assumes that everything is.
gone() {
	[[ $MODE != plan ]] && ! has "$1" "$2"
}
