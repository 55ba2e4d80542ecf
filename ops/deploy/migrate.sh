# shellcheck shell=bash
# The schema, before any function that needs it. Sourced by deploy.sh.
#
# The database has a private address, so its migrations run next to it: the image of a one-shot
# Cloud Run job holds the same `python -m shared.migrate` that runs on a laptop.

migrate() {
	database_roles
	migrations
}

# database_roles: accounts begin without any right; only the instance itself can give them some.
database_roles() {
	step "database roles" "The import's own words: gcloud sql operations list --instance=$SQL --project=$PROJECT"
	local file=build/roles.sql reader there label=hash-of-the-roles
	if [[ $MODE != plan ]]; then
		mkdir -p build
		roles_sql >"$file"
		label=$(sha256sum "$file" | cut -c1-40)
	fi
	ask there sql instances describe "$SQL" \
		'--format=csv[no-heading](serviceAccountEmailAddress,settings.userLabels.roles)'
	[[ ${there#*,} == "$label" && $MODE != plan ]] && return
	reader=${there%%,*}
	[[ -n $reader ]] || reader="SQL_AGENT@gcp-sa-cloud-sql.iam.gserviceaccount.com"
	grant "serviceAccount:$reader" bucket builds roles/storage.objectViewer
	cloud storage cp "$file" "gs://${BUCKET[builds]}/roles.sql"
	cloud sql import sql "$SQL" "gs://${BUCKET[builds]}/roles.sql" "--database=$DATABASE" --user=postgres
	cloud beta sql instances patch "$SQL" "--update-labels=app=vividly,env=$ENVIRONMENT,roles=$label"
}

# roles_sql: SQL that may run any number of times; migrations grant the tables to these roles.
roles_sql() {
	local who kind role
	for role in pipeline_rw library_rw status_ro; do
		printf "do \$\$ begin create role %s nologin; exception when duplicate_object then null; end \$\$;\n" "$role"
		printf 'grant usage on schema public to %s;\n' "$role"
	done
	printf 'grant create, usage on schema public to "%s";\n' "$(database_user migrate)"
	while IFS=$'\t' read -r who kind _ role _; do
		[[ $kind == sql && $who != '#'* ]] && has_account "$who" &&
			printf 'grant %s to "%s";\n' "$role" "$(database_user "$who")"
	done <"$HERE/ops/deploy/access.tsv"
	return 0
}

migrations() {
	step "migrations" "What the job said: gcloud run jobs executions list --job=vividly-migrate --region=$REGION --project=$PROJECT"
	local tag=hash-of-the-folder image there state
	local -a settings
	staged migrate
	[[ $MODE == plan ]] || tag=$(hash_of "$HERE/build/migrate")
	image="$REGION-docker.pkg.dev/$PROJECT/vividly/migrate:$tag"
	ask there artifacts tags list --package=migrate --repository=vividly "--location=$REGION" \
		'--format=value(name.basename())'
	has "$there" "$tag" || cloud builds submit build/migrate --config=ops/deploy/image.yaml \
		"--substitutions=_IMAGE=$image" "--region=$REGION" \
		"--service-account=projects/$PROJECT/serviceAccounts/$(account build)" \
		"--gcs-source-staging-dir=gs://${BUCKET[builds]}/source" --suppress-logs --format=none
	settings=(
		"--image=$image" --command=migrate "--service-account=$(account migrate)"
		"--vpc-connector=$CONNECTOR" --vpc-egress=private-ranges-only --max-retries=0
		--task-timeout=3600s "--region=$REGION"
		"--set-env-vars=^::^$(variables_of migrate)"
	)
	ask there run jobs describe vividly-migrate "--region=$REGION" \
		'--format=csv[no-heading](spec.template.spec.template.spec.containers[0].image,status.latestCreatedExecution.completionStatus)'
	state=${there#*,}
	if [[ -z $there ]]; then
		cloud run jobs create vividly-migrate "${settings[@]}"
	elif [[ ${there%%,*} != "$image" ]]; then
		cloud run jobs update vividly-migrate "${settings[@]}"
		state=
	fi
	[[ $state == EXECUTION_SUCCEEDED ]] ||
		cloud run jobs execute vividly-migrate "--region=$REGION" --wait
}
