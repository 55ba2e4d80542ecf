# shellcheck shell=bash disable=SC2153 # ops/deploy/table.py tells the names in capitals
# Everything that stands still: from APIs to the database. Sourced by deploy.sh.

APIS=(
	aiplatform artifactregistry cloudbuild cloudfunctions cloudquotas cloudresourcemanager cloudscheduler
	cloudtrace compute eventarc firestore iam iamcredentials logging monitoring pubsub run servicenetworking
	sqladmin storage telemetry texttospeech vpcaccess
)
NETWORK_RANGE=10.8.0.0/28 # of the connector; the database's own range is Google's to choose

infra() {
	apis
	place
	service_agents
	accounts
	roles
	network
	sql_begins
	repository
	buckets
	topics
	firestore
	sql
	secrets
	access
}

apis() {
	step "APIs" "An API is enabled only with billing: gcloud billing projects link $PROJECT --billing-account=ACCOUNT"
	local api enabled
	local -a missing=()
	ask enabled services list --enabled '--format=value(config.name)'
	for api in "${APIS[@]}"; do
		has "$enabled" "$api.googleapis.com" || missing+=("$api.googleapis.com")
	done
	((${#missing[@]} == 0)) || cloud services enable "${missing[@]}"
}

# place: now that Cloud Run is enabled, whether there is such a region.
place() {
	[[ $MODE != live ]] || known_region ||
		refuse "Cloud Run knows no region $REGION; gcloud run regions list --project=$PROJECT shows which"
}

service_agents() {
	step "service agents" "They come with their APIs; a minute later they are there."
	local service
	policy_of projects "$PROJECT"
	for service in pubsub eventarc; do
		[[ $POLICY == *"@gcp-sa-$service.iam."* ]] ||
			cloud beta services identity create "--service=$service.googleapis.com"
	done
	[[ $POLICY == *"@gs-project-accounts.iam."* ]] || cloud storage service-agent --format=none
}

accounts() {
	step "service accounts" "Creating them needs roles/iam.serviceAccountAdmin."
	local one there
	ask there iam service-accounts list '--format=value(email)'
	for one in "${ACCOUNTS[@]}"; do
		has "$there" "$(account "$one")" ||
			cloud iam service-accounts create "vividly-$one" "--display-name=Vividly: $one"
	done
}

# roles: none of Google's own roles lets an account call a model and nothing else.
roles() {
	step "roles" "Creating a role needs roles/iam.roleAdmin; one deleted less than 7 days ago comes back by: gcloud iam roles undelete vividlyPredict --project=$PROJECT"
	local there
	ask there iam roles list '--format=value(name.basename())'
	has "$there" vividlyPredict || cloud iam roles create vividlyPredict --title="Call a model" \
		--permissions=aiplatform.endpoints.predict
}

network() {
	step "network" "The connector needs a range of its own: $NETWORK_RANGE must be free in the network $NETWORK."
	local there
	ask there compute networks list '--format=value(name)'
	has "$there" "$NETWORK" || cloud compute networks create "$NETWORK" --subnet-mode=custom
	ask there compute addresses list --global '--format=value(name)'
	has "$there" "$NETWORK-sql" || cloud compute addresses create "$NETWORK-sql" --global \
		--purpose=VPC_PEERING --prefix-length=20 "--network=$NETWORK"
	ask there compute networks describe "$NETWORK" '--format=value(peerings.name.list())'
	[[ $there == *servicenetworking* ]] || cloud services vpc-peerings connect \
		--service=servicenetworking.googleapis.com "--ranges=$NETWORK-sql" "--network=$NETWORK"
	ask there compute networks vpc-access connectors list "--region=$REGION" \
		'--format=csv[no-heading](name.basename(),state)'
	# A connector that could not be made stays as an error, and its name with it.
	if has "$there" "$CONNECTOR,ERROR"; then
		cloud compute networks vpc-access connectors delete "$CONNECTOR" "--region=$REGION"
		there=
	fi
	[[ $there == *"$CONNECTOR,"* ]] || cloud compute networks vpc-access connectors create \
		"$CONNECTOR" "--region=$REGION" "--network=$NETWORK" "--range=$NETWORK_RANGE" \
		--min-instances=2 --max-instances=3 --machine-type=e2-micro
}

# sql_begins: a database takes ten minutes to come, so it is asked for first and awaited last.
sql_begins() {
	step "Cloud SQL" "Cloud SQL takes a name again only a week after it was deleted: choose another with SQL_INSTANCE."
	local there
	ask there sql instances list '--format=csv[no-heading](name,settings.deletionProtectionEnabled)'
	if [[ -z $(row "$there" "$SQL") ]]; then
		cloud sql instances create "$SQL" --database-version=POSTGRES_16 --edition=enterprise \
			"--tier=$SQL_TIER" "--availability-type=$SQL_AVAILABILITY" "--region=$REGION" \
			"--database-flags=$SQL_FLAGS" --connector-enforcement=REQUIRED --deletion-protection \
			--no-assign-ip "--network=projects/$PROJECT/global/networks/$NETWORK" \
			--enable-point-in-time-recovery --backup-start-time=08:00 --storage-auto-increase --async
	elif [[ $(row "$there" "$SQL") != "$SQL,True" ]]; then
		cloud sql instances patch "$SQL" --deletion-protection
	fi
}

sql() {
	step "database" "Where it stands still, look at: gcloud sql operations list --instance=$SQL --project=$PROJECT"
	local waiting one there
	ask waiting sql operations list "--instance=$SQL" '--filter=status!=DONE' '--format=value(name)'
	for one in $waiting; do cloud sql operations wait "$one" --timeout=unlimited; done
	ask there sql instances describe "$SQL" '--format=value(settings.databaseFlags.list())'
	[[ $MODE == plan || $there == *"$MAX_CONNECTIONS"* ]] ||
		cloud sql instances patch "$SQL" "--database-flags=$SQL_FLAGS"
	ask there sql databases list "--instance=$SQL" '--format=value(name)'
	has "$there" "$DATABASE" || cloud sql databases create "$DATABASE" "--instance=$SQL"
	ask there sql users list "--instance=$SQL" '--format=value(name)'
	for one in "${DATABASE_ACCOUNTS[@]}"; do
		has "$there" "$(database_user "$one")" || cloud sql users create "$(database_user "$one")" \
			"--instance=$SQL" --type=cloud_iam_service_account
	done
}

repository() {
	step "images" "One project holds one environment; Artifact Registry's label tells which."
	local there
	ask there artifacts repositories list "--location=$REGION" \
		'--format=csv[no-heading](name.basename(),labels.env,cleanupPolicies.list())'
	if [[ -z $(row "$there" vividly) ]]; then
		cloud artifacts repositories create vividly --repository-format=docker "--location=$REGION" \
			"--labels=app=vividly,env=$ENVIRONMENT"
	fi
	[[ $there == *keep-newest* ]] || cloud artifacts repositories set-cleanup-policies vividly \
		"--location=$REGION" --policy=ops/deploy/images.json --no-dry-run
}

buckets() {
	step "buckets" "Bucket names are shared with the world; where one is taken, set GENERATED_BUCKET, OER_BUCKET, SCENES_BUCKET or BUILDS_BUCKET."
	local one there days
	ask there storage buckets list \
		'--format=csv[no-heading](name,uniform_bucket_level_access,public_access_prevention,lifecycle_config.rule.len())'
	for one in generated oer scenes builds; do
		days=7d
		[[ $one == scenes || $one == builds ]] && days=0 # what renews itself need not be kept
		if [[ -z $(row "$there" "${BUCKET[$one]}") ]]; then
			cloud storage buckets create "gs://${BUCKET[$one]}" "--location=$REGION" \
				"--lifecycle-file=ops/deploy/lifecycle/$one.json" --uniform-bucket-level-access \
				--public-access-prevention "--soft-delete-duration=$days"
		elif [[ $(row "$there" "${BUCKET[$one]}") != "${BUCKET[$one]},True,enforced,$(rules_of "$one")" ]]; then
			cloud storage buckets update "gs://${BUCKET[$one]}" \
				"--lifecycle-file=ops/deploy/lifecycle/$one.json" --uniform-bucket-level-access \
				--public-access-prevention
		fi
	done
}

# rules_of BUCKET: how many rules its lifecycle file has.
rules_of() {
	grep -c '"action"' "$HERE/ops/deploy/lifecycle/$1.json"
}

topics() {
	step "topics" "Topics and subscriptions need roles/pubsub.editor."
	local one there kept="$((SUBSCRIPTION_KEPT_DAYS * 86400))s"
	ask there pubsub topics list '--format=csv[no-heading](name.basename(),messageRetentionDuration)'
	for one in "${TOPICS[@]}"; do
		if [[ -z $(row "$there" "$one") ]]; then
			cloud pubsub topics create "$one" "--message-retention-duration=${SUBSCRIPTION_KEPT_DAYS}d" \
				"--message-storage-policy-allowed-regions=$REGION" "--labels=app=vividly,env=$ENVIRONMENT"
		elif [[ $(row "$there" "$one") != "$one,$kept" ]]; then
			cloud pubsub topics update "$one" "--message-retention-duration=${SUBSCRIPTION_KEPT_DAYS}d"
		fi
	done
	# A dead letter without any subscription is lost; this one keeps it for as long as may be.
	ask there pubsub subscriptions list '--format=csv[no-heading](name.basename(),messageRetentionDuration,expirationPolicy.ttl)'
	kept="$((DEAD_KEPT_DAYS * 86400))s"
	for one in "${DEAD_TOPICS[@]}"; do
		if [[ -z $(row "$there" "$one-pull") ]]; then
			cloud pubsub subscriptions create "$one-pull" "--topic=$one" --expiration-period=never \
				"--message-retention-duration=${DEAD_KEPT_DAYS}d" --ack-deadline=60
		elif [[ $(row "$there" "$one-pull") != "$one-pull,$kept," ]]; then
			cloud pubsub subscriptions update "$one-pull" --expiration-period=never \
				"--message-retention-duration=${DEAD_KEPT_DAYS}d"
		fi
	done
	for one in "${KEPT_TOPICS[@]}"; do # by which the canary sees its answer
		[[ -n $(row "$there" "$one-canary") ]] || cloud pubsub subscriptions create "$one-canary" "--topic=$one" \
			--expiration-period=never --message-retention-duration=1h --ack-deadline=60
	done
}

firestore() {
	step "Firestore" "A project's database keeps its place for ever; if it is elsewhere or in Datastore mode, take another project."
	local there
	ask there firestore databases list '--format=csv[no-heading](name.basename(),type)'
	[[ -n $(row "$there" "(default)") ]] || cloud firestore databases create "--location=$REGION" \
		--type=firestore-native --delete-protection --enable-pitr
	ask there firestore fields ttls list --collection-group=claims '--format=value(name.basename())'
	has "$there" expires_at || cloud firestore fields ttls update expires_at \
		--collection-group=claims --enable-ttl --async
}

# secrets: there are none. Accounts prove who they are to the database and to each other, so
# nothing has to be kept, mounted or rotated.
secrets() {
	step "secrets"
	printf '# none: every account proves who it is, to the database as well\n'
}
