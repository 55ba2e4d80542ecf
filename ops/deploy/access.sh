# shellcheck shell=bash
# Who may do what: reads ops/deploy/access.tsv, grants what is missing. Sourced by deploy.sh.

declare -A POLICIES=() # of each resource: role,member lines

# member ACCOUNT: an account of the table as policies name it.
member() {
	case $1 in
	agent:pubsub) printf 'serviceAccount:service-%s@gcp-sa-pubsub.iam.gserviceaccount.com' "$NUMBER" ;;
	agent:storage) printf 'serviceAccount:service-%s@gs-project-accounts.iam.gserviceaccount.com' "$NUMBER" ;;
	*:* | all*) printf '%s' "$1" ;; # a member already
	*) printf 'serviceAccount:%s' "$(account "$1")" ;;
	esac
}

# condition NAME: what a conditional grant reaches.
condition() {
	case $1 in
	claims) printf 'title=claims,expression=resource.name=="projects/%s/databases/(default)"' "$PROJECT" ;;
	database) printf 'title=database,expression=resource.name=="projects/%s/instances/%s"&&resource.type=="sqladmin.googleapis.com/Instance"' "$PROJECT" "$SQL" ;;
	sources) printf 'title=sources,expression=resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")' ;;
	-) printf 'None' ;;
	*) refuse "ops/deploy/access.tsv names the condition \"$1\"; ops/deploy/access.sh does not know it" ;;
	esac
}

# grant ACCOUNT KIND RESOURCE ROLE [CONDITION]: add one binding unless the policy has it.
grant() {
	local who role=${4/PROJECT/$PROJECT} limit=${5:--} title=
	local -a kind=() name=() only=()
	who=$(member "$1")
	only=("--condition=$(condition "$limit")")
	case $2 in
	project) kind=(projects) name=("$PROJECT") ;;
	topic) kind=(pubsub topics) name=("$3") only=() ;;
	subscription) kind=(pubsub subscriptions) name=("$3") only=() ;;
	bucket) kind=(storage buckets) name=("gs://${BUCKET[$3]}") ;;
	account) kind=(iam service-accounts) name=("$(account "$3")") ;;
	repository) kind=(artifacts repositories) name=("$3" "--location=$REGION") ;;
	service) kind=(run services) name=("$3" "--region=$REGION") ;;
	*) refuse "ops/deploy/access.tsv has a grant on \"$2\"; ops/deploy/access.sh does not know that kind" ;;
	esac
	policy_of "${kind[*]}" "${name[@]}"
	[[ $limit == - ]] || title=$limit
	has "$POLICY" "$role,$who,$title" && return
	patiently 6 gcloud "${kind[@]}" add-iam-policy-binding "${name[@]}" "--member=$who" \
		"--role=$role" "${only[@]}" --format=none "--project=$PROJECT"
}

# policy_of KIND WORD...: read a resource's policy into POLICY, once.
policy_of() {
	local -a kind
	read -ra kind <<<"$1"
	if [[ ! -v POLICIES["$*"] ]]; then
		ask POLICY "${kind[@]}" get-iam-policy "${@:2}" '--flatten=bindings[].members' \
			'--format=csv[no-heading](bindings.role,bindings.members,bindings.condition.title)'
		POLICIES["$*"]=$POLICY
	fi
	POLICY=${POLICIES["$*"]}
}

# grants KIND...: what the table says of resources of these kinds.
grants() {
	local who kind resource role limit
	while IFS=$'\t' read -r who kind resource role limit <&3; do
		[[ $who == '#'* || " $* " != *" $kind "* ]] && continue
		has_account "$who" && grant "$who" "$kind" "$resource" "$role" "$limit"
	done 3<"$HERE/ops/deploy/access.tsv"
	return 0
}

# has_account ACCOUNT: whether this pipeline has that account; a function may not be there yet.
has_account() {
	[[ $1 == agent:* || " ${ACCOUNTS[*]} " == *" $1 "* ]]
}

access() {
	step "access" "Granting needs roles/resourcemanager.projectIamAdmin or roles/owner on the project."
	grants project account repository bucket topic
}
