# shellcheck shell=bash
# Metrics, alerts, dashboard, budget, and a lesson to see that all of it works. Sourced by deploy.sh.

STAMP='' STAMPED='' # of the file at hand

observability() {
	metrics
	channel
	policies
	dashboards
	budget
}

# files FOLDER: the JSON files of a folder of ops/, as paths from the top of the repository.
files() {
	local one
	for one in "$HERE/ops/$1/"*.json; do
		[[ -f $one ]] && printf '%s\n' "${one#"$HERE/"}"
	done
	return 0
}

# field FILE KEY: one text of a JSON file.
field() {
	python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$HERE/$1" "$2"
}

# stamp FOLDER FILE [ETAG]: write a file with its own hash in it to STAMPED; where nothing is changed, the file itself is shown.
stamp() {
	STAMPED=$2
	[[ $MODE == plan ]] && return
	STAMP=$(sha256sum "$HERE/$2" | cut -c1-40)
	[[ $MODE == live ]] || return 0
	STAMPED=$SCRATCH/$1.json
	python3 ops/deploy/stamp.py "$1" "$HERE/$2" "$STAMP" "${3:-}" >"$STAMPED"
}

metrics() {
	step "metrics" "A metric keeps its kind and type for ever: one that has to change needs a new name."
	local file name there found
	ask there logging metrics list '--format=csv[no-heading,separator="|"](name,description)'
	for file in $(files metrics); do
		name=$(field "$file" name)
		found=$(row "$there" "$name" '|')
		stamp metrics "$file"
		if [[ -z $found ]]; then
			cloud logging metrics create "$name" "--config-from-file=$STAMPED"
		elif [[ $found != *"[$STAMP]"* ]]; then
			cloud logging metrics update "$name" "--config-from-file=$STAMPED"
		fi
	done
}

# channel: whom alerts reach; prod refuses to have alerts that nobody hears.
channel() {
	step "notification channel" "Say whom to wake: --alert-email ADDRESS"
	ask CHANNEL_NOW beta monitoring channels list '--filter=userLabels.app="vividly"' '--format=value(name)' --limit=1
	[[ -n $CHANNEL_NOW ]] && return
	if [[ -n $ALERT_EMAIL ]]; then
		cloud beta monitoring channels create --display-name=vividly --type=email \
			"--channel-labels=email_address=$ALERT_EMAIL" --user-labels=app=vividly
		ask CHANNEL_NOW beta monitoring channels list '--filter=userLabels.app="vividly"' '--format=value(name)' --limit=1
		CHANNEL_NOW=${CHANNEL_NOW:-projects/$PROJECT/notificationChannels/CHANNEL}
	elif [[ $ENVIRONMENT == prod ]]; then
		refuse 'prod has alerts and nobody to hear them; name somebody with --alert-email ADDRESS'
	fi
}

policies() {
	step "alert policies" "A new metric is known to Monitoring some minutes after it was created: wait, and give the same command again."
	local file there found name is
	local -a heard=()
	[[ -n $CHANNEL_NOW ]] && heard=("$CHANNEL_NOW")
	ask there alpha monitoring policies list '--filter=userLabels.app="vividly"' \
		'--format=csv[no-heading,separator="|"](displayName,name,userLabels.source)'
	for file in $(files policies); do
		found=$(row "$there" "$(field "$file" displayName)" '|')
		stamp policies "$file"
		if [[ -z $found ]]; then
			cloud alpha monitoring policies create "--policy-from-file=$STAMPED" "${heard[@]/#/--notification-channels=}"
			continue
		fi
		IFS='|' read -r _ name is <<<"$found"
		[[ $is == "$STAMP" ]] || cloud alpha monitoring policies update "$name" \
			"--policy-from-file=$STAMPED" "${heard[@]/#/--set-notification-channels=}"
	done
}

dashboards() {
	step "dashboards" "The words of a refusal name the field of the file."
	local file there found name is etag
	ask there monitoring dashboards list \
		'--format=csv[no-heading,separator="|"](displayName,name,labels.source,etag)'
	for file in $(files dashboards); do
		found=$(row "$there" "$(field "$file" displayName)" '|')
		IFS='|' read -r _ name is etag <<<"$found"
		stamp dashboards "$file" "$etag" # an update has to name the version that it replaces
		if [[ -z $found ]]; then
			cloud monitoring dashboards create "--config-from-file=$STAMPED"
		elif [[ $is != "$STAMP" ]]; then
			cloud monitoring dashboards update "${name##*/}" "--config-from-file=$STAMPED"
		fi
	done
}

budget() {
	[[ -n $BUDGET_USD ]] || return 0
	step "budget" "A budget needs roles/billing.costsManager on the billing account."
	local paid there
	ask paid billing projects describe "$PROJECT" '--format=value(billingAccountName.basename())'
	paid=${paid:-BILLING_ACCOUNT}
	ask there billing budgets list "--billing-account=$paid" '--format=value(displayName)'
	has "$there" "vividly-$PROJECT" || cloud billing budgets create "--billing-account=$paid" \
		"--display-name=vividly-$PROJECT" "--budget-amount=${BUDGET_USD}USD" \
		"--filter-projects=projects/$PROJECT" --threshold-rule=percent=0.5 --threshold-rule=percent=0.9
}

# canary: real lessons through the real topic, each awaited as long as the objective allows.
canary() {
	step "canary lesson" "Back to the revision before: ./deploy.sh rollback FUNCTION --project $PROJECT --region $REGION"
	local left
	[[ $MODE == diff ]] && return
	[[ $MODE == plan && -n $LESSONS ]] && printf '# %s lessons, one after the other\n' "$LESSONS"
	for ((left = ${LESSONS:-1}; left > 0; left--)); do
		canary_lesson
		[[ $MODE != plan ]] || return 0
	done
}

# canary_lesson: ask for one, wait for its answer, print its timeline.
canary_lesson() {
	local id=CANARY_ID tries said
	[[ $MODE == live ]] && id=$(python3 -c 'import uuid; print(uuid.uuid4())')
	cloud pubsub topics publish content-requests "--message=$(canary_request "$id")" --format=none
	for ((tries = CANARY_TRIES; tries > 0; tries--)); do
		said=$(run gcloud pubsub subscriptions pull content-completed-canary --auto-ack --limit=100 \
			'--format=value(message.data.decode(base64))' "--project=$PROJECT" 2>/dev/null) || said=
		if [[ $MODE == plan ]]; then
			printf '%s\n' "$said"
			break
		fi
		said=$(grep -F "$id" <<<"$said" || true)
		[[ -n $said ]] && break
		sleep "$PAUSE_S"
	done
	timeline "$id"
	[[ $MODE == plan || $said == *'"completed"'* || $said == *'"refused"'* ]] && return
	printf 'The canary lesson %s %s.\n' "$id" "$([[ -n $said ]] && echo failed || echo 'got no answer in time')" >&2
	broken "a lesson of its own"
}

# canary_request ID: a question that the fresh library refuses and a filled one answers.
canary_request() {
	printf '{"request_id":"%s","student_id":"canary","organization_id":"canary","student_query":"Why does a moving object keep moving?","grade_level":9,"interest":"canary %s","requested_modalities":["%s"]}' \
		"$1" "${1:0:8}" "$CANARY"
}

# timeline ID: what every stage logged of one request, oldest first.
timeline() {
	cloud logging read "jsonPayload.correlation_id=\"$1\"" --order=asc --freshness=1h \
		'--format=table[no-heading](timestamp,jsonPayload.stage,severity,jsonPayload.message)'
}
