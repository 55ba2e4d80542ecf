# shellcheck shell=bash disable=SC2153 # ops/deploy/table.py tells the names in capitals
# The functions: staged, deployed, and their subscriptions held to what we promise. Sourced by deploy.sh.

FOUND='' TRIGGERS_NOW='' SUBSCRIPTIONS_NOW='' # as the cloud tells them

functions() {
	local one
	for one in "${CHOSEN[@]}"; do deploy_function "$one"; done
	triggers_of_repair
	invokers
	subscriptions
	tick
}

# stage FUNCTION: build/<function>/ is, byte for byte, what will run there.
stage() {
	local to=$HERE/build/$1
	rm -rf "$to"
	mkdir -p "$to"
	if [[ $1 == migrate ]]; then
		cp "$HERE/ops/deploy/migrate/"{Procfile,requirements.txt} "$to/"
		cp -r "$HERE/migrations" "$to/"
	else
		cp "$HERE/functions/$1/"{main.py,requirements.txt} "$to/"
	fi
	# Copied, because links to folders are silently left out of an upload.
	tar -C "$HERE" -c --exclude=__pycache__ shared | tar -C "$to" -x
}

# staged FUNCTION: stage it, or only say so in a plan.
staged() {
	[[ $MODE == plan ]] || stage "$1"
	[[ $MODE != plan ]] || printf '# into build/%s: its main.py and requirements.txt, and shared/\n' "$1"
}

# variables_of ACCOUNT: the settings of a process in the cloud, as gcloud's list divided by "::".
variables_of() {
	local one
	printf 'GOOGLE_CLOUD_PROJECT=%s::ENVIRONMENT=%s' "$PROJECT" "$ENVIRONMENT"
	for one in generated oer scenes; do printf '::%s_BUCKET=%s' "${one^^}" "${BUCKET[$one]}"; done
	[[ -v THREADS[$1] ]] && printf '::THREADS=%s' "${THREADS[$1]}"
	[[ $1 == migrate || -v POOL[$1] ]] && printf '::DATABASE_URL=cloudsql://%s:%s:%s/%s?user=%s' \
		"$PROJECT" "$REGION" "$SQL" "$DATABASE" "$(database_user "$1")"
	[[ ${ARROW[$1]:-} == http ]] && printf '::COMMIT=%s' "$COMMIT"
	[[ $1 == migrate || ! -f $HERE/ops/env/$ENVIRONMENT.env ]] && return
	while IFS= read -r one; do
		[[ $one =~ ^[A-Z] ]] && printf '::%s' "$one"
	done <"$HERE/ops/env/$ENVIRONMENT.env"
	return 0
}

deploy_function() {
	local one=$1 source=hash-of-the-staged-folder found state trigger was numbers
	local -a words
	step "function $one" "In a new project Eventarc's own account takes some minutes to be known. A build's log: gcloud builds list --region=$REGION --project=$PROJECT"
	staged "$one"
	mapfile -t words < <(words_of "$one")
	[[ $MODE == plan ]] || source=$(hash_of "$HERE/build/$one" "${words[@]}")
	await_function "$one"
	IFS=, read -r found state trigger was numbers <<<"$FOUND"
	if [[ $state == ACTIVE && $was == "$source" && -z $ONE_FUNCTION && (-n $trigger || ${ARROW[$one]} == http) ]] &&
		numbers_hold "$one" "$numbers"; then
		printf '# vividly-%s runs exactly this already\n' "$one"
		return
	fi
	# With trigger flags an update would make the trigger anew, and drop what waits for it.
	if [[ -z $found || -z $trigger ]]; then mapfile -t -O ${#words[@]} words < <(trigger_words "$one"); fi
	if [[ -n $HOLD && -n $found ]]; then
		hold "$one"
	else
		words+=(--serve-all-traffic-latest-revision)
	fi
	cloud functions deploy "vividly-$one" "${words[@]}" --format=none \
		"--update-labels=app=vividly,stage=$one,env=$ENVIRONMENT,git=$COMMIT,source=$source"
}

NUMBERS=serviceConfig.availableMemory,serviceConfig.timeoutSeconds,serviceConfig.maxInstanceCount,serviceConfig.maxInstanceRequestConcurrency

# numbers_hold FUNCTION MEMORY,TIMEOUT,INSTANCES,THREADS: whether what runs has the table's numbers.
numbers_hold() {
	local memory timeout instances threads
	IFS=, read -r memory timeout instances threads <<<"$2"
	[[ $memory != *Gi ]] || memory=$((${memory%Gi} * 1024))Mi
	[[ ${memory:-${MEMORY_MIB[$1]}Mi} == "${MEMORY_MIB[$1]}Mi" &&
		${timeout:-${TIMEOUT_S[$1]}} == "${TIMEOUT_S[$1]}" &&
		${instances:-${INSTANCES[$1]}} == "${INSTANCES[$1]}" &&
		${threads:-${THREADS[$1]}} == "${THREADS[$1]}" ]]
}

# await_function FUNCTION: read name, state, trigger, source and numbers into FOUND, once it stands still.
await_function() {
	local tries
	for ((tries = 40; tries > 0; tries--)); do
		ask FOUND functions describe "vividly-$1" --gen2 "--region=$REGION" \
			"--format=csv[no-heading](name.basename(),state,eventTrigger.trigger.basename(),labels.source,$NUMBERS)"
		[[ $FOUND == *,DEPLOYING,* ]] || return 0
		sleep "$PAUSE_S"
	done
}

# words_of FUNCTION: the flags of every deploy, one a line; the numbers are those of shared/limits.py.
words_of() {
	local ingress=internal-only
	[[ ${ARROW[$1]} == http ]] && ingress=$STATUS_INGRESS
	printf '%s\n' --gen2 "--region=$REGION" --runtime=python312 "--source=build/$1" "--entry-point=$1" \
		"--service-account=$(account "$1")" \
		"--build-service-account=projects/$PROJECT/serviceAccounts/$(account build)" \
		"--docker-repository=projects/$PROJECT/locations/$REGION/repositories/vividly" \
		"--ingress-settings=$ingress" --no-allow-unauthenticated --runtime-update-policy=automatic \
		"--memory=${MEMORY_MIB[$1]}Mi" "--cpu=${CPU[$1]}" "--concurrency=${THREADS[$1]}" \
		"--timeout=${TIMEOUT_S[$1]}s" "--max-instances=${INSTANCES[$1]}" \
		"--set-env-vars=^::^$(variables_of "$1")"
	[[ -v POOL[$1] ]] && printf '%s\n' "--vpc-connector=$CONNECTOR" --egress-settings=private-ranges-only
	return 0
}

# trigger_words FUNCTION: the flags by which its trigger is made; on its first deploy only.
trigger_words() {
	case ${ARROW[$1]} in
	http) printf '%s\n' --trigger-http ;;
	topic:*) printf '%s\n' "--trigger-topic=${ARROW[$1]#*:}" "--trigger-service-account=$(account trigger)" --retry ;;
	bucket:*)
		printf '%s\n' "--trigger-location=$REGION" \
			--trigger-event-filters=type=google.cloud.storage.object.v1.finalized \
			"--trigger-event-filters=bucket=${BUCKET[${ARROW[$1]#*:}]}" \
			"--trigger-service-account=$(account trigger)" --retry
		;;
	esac
}

# triggers_of_repair: a function has one trigger of its own; every dead topic gets one more.
triggers_of_repair() {
	chosen repair || return 0
	step "triggers of repair" "A trigger needs its function: is vividly-repair there?"
	local one there
	ask there eventarc triggers list "--location=$REGION" '--format=value(name.basename())'
	for one in "${DEAD_TOPICS[@]}"; do
		has "$there" "vividly-repair-$one" || cloud eventarc triggers create "vividly-repair-$one" \
			"--location=$REGION" --destination-run-service=vividly-repair \
			"--destination-run-region=$REGION" \
			--event-filters=type=google.cloud.pubsub.topic.v1.messagePublished \
			"--transport-topic=projects/$PROJECT/topics/$one" "--service-account=$(account trigger)"
	done
}

# invokers: triggers call event functions; the others ask whoever comes for a token themselves.
invokers() {
	step "invokers" "Granting needs roles/run.admin. Where the organisation forbids allUsers, say who may call status: STATUS_INVOKERS=serviceAccount:…"
	local one caller
	for one in "${CHOSEN[@]}"; do
		if [[ ${ARROW[$one]} != http ]]; then
			grant trigger service "vividly-$one" roles/run.invoker
			continue
		fi
		for caller in $STATUS_INVOKERS; do grant "$caller" service "vividly-$one" roles/run.invoker; done
	done
}

# subscriptions: Eventarc makes them with numbers of its own, and may make them again.
subscriptions() {
	step "subscriptions" "Each is Eventarc's; one that was deleted comes back with its trigger: gcloud eventarc triggers list --location=$REGION"
	local one trigger subscription
	ask TRIGGERS_NOW eventarc triggers list "--location=$REGION" \
		'--format=csv[no-heading](name.basename(),transport.pubsub.subscription.basename())'
	ask SUBSCRIPTIONS_NOW pubsub subscriptions list "--format=csv[no-heading]($POLICY_COLUMNS)"
	for one in "${CHOSEN[@]}"; do
		[[ ${ARROW[$one]} == http ]] && continue
		await_function "$one"
		IFS=, read -r _ _ trigger _ <<<"$FOUND"
		subscription=$(subscription_of "${trigger:-vividly-$one}")
		if [[ -v DEAD_TOPIC[$one] ]]; then
			# Nothing is given up unless Google's own account may move it.
			grant agent:pubsub topic "${DEAD_TOPIC[$one]}" roles/pubsub.publisher
			grant agent:pubsub subscription "$subscription" roles/pubsub.subscriber
		fi
		hold_to_policy "$subscription" "${DEAD_TOPIC[$one]:-}"
	done
	chosen repair || return 0
	for one in "${DEAD_TOPICS[@]}"; do hold_to_policy "$(subscription_of "vividly-repair-$one")" ""; done
}

POLICY_COLUMNS='name.basename(),ackDeadlineSeconds,messageRetentionDuration,expirationPolicy.ttl,retryPolicy.minimumBackoff,retryPolicy.maximumBackoff,deadLetterPolicy.deadLetterTopic.basename(),deadLetterPolicy.maxDeliveryAttempts'

# subscription_of TRIGGER: whose deliveries it makes; a plan can only say what it will look like.
subscription_of() {
	local found
	found=$(row "$TRIGGERS_NOW" "$1")
	[[ -n $found || $MODE != live ]] || return 1
	found=${found#*,}
	printf '%s' "${found:-eventarc-$REGION-$1-sub}"
}

# policy DEAD-TOPIC: the settings that we promise, as POLICY_COLUMNS shows them.
policy() {
	local dead=,
	[[ -n $1 ]] && dead="$1,$MAX_DELIVERIES"
	printf '%s,%ss,,%ss,%ss,%s' "$ACK_DEADLINE_S" "$((SUBSCRIPTION_KEPT_DAYS * 86400))" \
		"$LEAST_BACKOFF_S" "$MOST_BACKOFF_S" "$dead"
}

# hold_to_policy SUBSCRIPTION DEAD-TOPIC: all settings at once, as an omitted half is reset.
hold_to_policy() {
	local -a dead=()
	[[ $(row "$SUBSCRIPTIONS_NOW" "$1") == "$1,$(policy "$2")" ]] && return
	[[ -n $2 ]] && dead=("--dead-letter-topic=$2" "--max-delivery-attempts=$MAX_DELIVERIES")
	cloud pubsub subscriptions update "$1" "${dead[@]}" "--min-retry-delay=${LEAST_BACKOFF_S}s" \
		"--max-retry-delay=${MOST_BACKOFF_S}s" "--ack-deadline=$ACK_DEADLINE_S" \
		"--message-retention-duration=${SUBSCRIPTION_KEPT_DAYS}d" --expiration-period=never
}

# tick: repair looks around each minute, and sends a canary every ten.
tick() {
	chosen repair || return 0
	step "tick" "Cloud Scheduler is not in every region; see gcloud scheduler locations list."
	local there
	ask there scheduler jobs list "--location=$REGION" '--format=csv[no-heading](name.basename(),state)'
	scheduled vividly-tick '* * * * *' "$TICK"
	scheduled vividly-canary '*/10 * * * *' "$CANARY_TICK"
}

# scheduled JOB SCHEDULE MESSAGE: have repair told so, again and again; a job that was paused goes on.
scheduled() {
	if [[ $there != *"$1,"* ]]; then
		cloud scheduler jobs create pubsub "$1" "--location=$REGION" "--schedule=$2" \
			"--topic=projects/$PROJECT/topics/$TICK_TOPIC" "--message-body=$3" --format=none
	elif [[ $there == *"$1,PAUSED"* ]]; then
		cloud scheduler jobs resume "$1" "--location=$REGION"
	fi
}

# chosen FUNCTION: whether this run is about it.
chosen() {
	[[ " ${CHOSEN[*]} " == *" $1 "* ]]
}
