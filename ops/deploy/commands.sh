# shellcheck shell=bash
# status and destroy. Sourced by deploy.sh.

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
