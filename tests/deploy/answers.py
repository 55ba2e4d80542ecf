"""What the small control plane answers: a table of (methods, path, function), first match wins."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile

P = "projects/[^/]+"
L = f"{P}/locations/[^/]+"
AGENTS = {"pubsub": "gcp-sa-pubsub", "eventarc": "gcp-sa-eventarc"}
# How each API calls a list; elsewhere it is the collection's own name.
LISTS = {"serviceAccounts": "accounts", "services": "services"}
DONE = {"name": "operations/done", "done": True, "status": "DONE"}
COLLECTIONS = (
    "serviceAccounts|databases|topics|subscriptions|repositories|connectors|triggers|functions|jobs"
    "|metrics|notificationChannels|alertPolicies|dashboards|tags|fields|roles|networks|addresses"
    "|instances|users|operations|b|o|executions|revisions"
)
READY = [{"type": "Ready", "status": "True"}, {"type": "Completed", "status": "True"}]


class Refused(Exception):
    """An answer that is an error: (code, text)."""


def project_of(project, request):
    return {
        "projectId": project.id,
        "projectNumber": project.number,
        "lifecycleState": "ACTIVE",
        "name": project.id,
    }


def enable(project, request, *_):
    new = set(request.json["serviceIds"]) - project.enabled
    project.enabled |= new
    project.created += [f"serviceusage:{one}" for one in sorted(new)]
    return DONE


def enabled(project, request):
    return {
        "services": [
            {"config": {"name": name}, "state": "ENABLED", "name": f"projects/x/services/{name}"}
            for name in sorted(project.enabled)
        ]
    }


def service_agent(project, request, service):
    agent = f"service-{project.number}@{AGENTS[service]}.iam.gserviceaccount.com"
    bind(
        project,
        f"cloudresourcemanager:projects/{project.id}",
        f"roles/{service}.serviceAgent",
        agent,
    )
    project.created.append(agent)
    return {**DONE, "response": {"email": agent, "uniqueId": "1"}}


def storage_agent(project, request):
    return {
        "email_address": f"service-{project.number}@gs-project-accounts.iam.gserviceaccount.com"
    }


def bind(project, key, role, account):
    policy = project.policies.setdefault(key, {"bindings": [], "etag": "AA=="})
    policy["bindings"].append({"role": role, "members": [f"serviceAccount:{account}"]})


def policy(project, request, path):
    key = f"{request.api}:{path}"
    if request.api != "cloudresourcemanager":
        project.get(key)
    return project.policies.get(key, {"etag": "AA=="})


def set_policy(project, request, path):
    key = f"{request.api}:{path}"
    if request.api != "cloudresourcemanager":
        project.get(key)
    given = request.json.get("policy", request.json)
    known = {
        f"service-{project.number}@{agent}.iam.gserviceaccount.com" for agent in AGENTS.values()
    }
    for binding in given.get("bindings", ()):
        for member in binding["members"]:
            account = member.partition(":")[2]
            ours = f"iam:projects/{project.id}/serviceAccounts/{account}"
            if account.endswith(f"@{project.id}.iam.gserviceaccount.com") and (
                ours not in project.resources
            ):
                raise Refused(400, f"Service account {account} does not exist.")
            if (
                account.startswith("service-")
                and "gcp-sa-pubsub" in account
                and account not in known
            ):
                raise Refused(400, f"Service account {account} does not exist.")
    project.policies[key] = given
    return given


def make_account(project, request):
    email = f"{request.json['accountId']}@{project.id}.iam.gserviceaccount.com"
    name = f"projects/{project.id}/serviceAccounts/{email}"
    return project.make(f"iam:{name}", {"name": name, "email": email})


def make_role(project, request):
    name = f"projects/{project.id}/roles/{request.json['roleId']}"
    return project.make(f"iam:{name}", {"name": name, **request.json["role"]})


def make_named(project, request):
    """Make what its body names; compute's, Cloud SQL's, and a metric."""
    content = request.json
    name = content["name"].rpartition("/")[2]
    if request.api == "logging":
        name = content["name"].replace("/", "%2F")  # as gcloud asks for it later
    if request.api == "sql" and request.path.endswith("/instances"):
        content |= {"state": "RUNNABLE", "serviceAccountEmailAddress": "sql@gcp-sa-cloud-sql.iam"}
        operation = {"name": "sql-1", "kind": "sql#operation", "status": "PENDING"}
        project.resources[f"sql:projects/{project.id}/operations/sql-1"] = operation
    project.make(f"{request.key}/{name}", content)
    kind = {"compute": "compute#operation", "sql": "sql#operation"}
    if request.api not in kind:
        return content
    target = f"{request.base}/{request.api}/v1/{request.path}/{name}"
    return {
        "kind": kind[request.api], "name": "done", "status": "DONE", "progress": 100,
        "operationType": "insert", "targetLink": target, "targetProject": project.id,
        "selfLink": f"{request.base}/compute/v1/projects/{project.id}/global/operations/done",
    }  # fmt: skip


def sql_operation(project, request, name):
    """Finish at the second look."""
    operation = project.resources.get(request.key, {"name": name, "kind": "sql#operation"})
    operation["status"] = "DONE"
    return operation


def sql_done(project, request, *_):
    """Take a change of an instance."""
    if request.method == "PATCH":
        merge(project.get(request.key), request.json)
    return {"kind": "sql#operation", "name": "done", "status": "DONE", "operationType": "UPDATE"}


def make_by_query(project, request, collection):
    """Make what the query names; gives an operation that is done, or the resource."""
    identity = next(value for name, value in request.query.items() if name.endswith("Id"))
    path = f"{collection}/{identity}"
    content = {**request.json, "name": path, "state": "READY"}
    project.make(f"{request.api}:{path}", content)
    if request.api == "eventarc":
        with_subscription(project, content)
    project.responses[identity] = content
    return {**DONE, "name": f"{collection.rpartition('/')[0]}/operations/{identity}"}


def with_subscription(project, trigger):
    """Give a trigger its subscription, with the numbers that Eventarc chooses."""
    name = trigger["name"].rpartition("/")[2]
    path = f"projects/{project.id}/subscriptions/eventarc-us-central1-{name}-sub-111"
    trigger["transport"] = {
        "pubsub": {"subscription": path, **trigger.get("transport", {}).get("pubsub", {})}
    }
    content = {
        "name": path, "ackDeadlineSeconds": 10, "messageRetentionDuration": "86400s",
        "expirationPolicy": {}, "retryPolicy": {"minimumBackoff": "10s", "maximumBackoff": "600s"},
    }  # fmt: skip
    project.make(f"pubsub:{path}", content)


def put_named(project, request):
    """Make a topic or a subscription."""
    return project.make(request.key, request.json)


def update(project, request):
    """Change a resource; Pub/Sub wraps what it sends."""
    content = project.get(request.key)
    sent = request.json
    for wrapper in ("subscription", "topic"):
        if isinstance(sent.get(wrapper), dict):
            sent = sent[wrapper]
    merge(content, sent)
    return content


def merge(content, sent):
    for name, value in sent.items():
        if isinstance(value, dict) and isinstance(content.get(name), dict):
            merge(content[name], value)
        else:
            content[name] = value


def make_ttl(project, request):
    """Turn a time to live on."""
    if request.key not in project.resources:
        project.make(request.key, {"name": request.path, "ttlConfig": {"state": "ACTIVE"}})
    return {**DONE, "name": f"projects/{project.id}/databases/(default)/operations/done"}


def make_bucket(project, request):
    content = request.json
    name = content["name"]
    facts = {
        "kind": "storage#bucket",
        "id": name,
        "storageClass": "STANDARD",
        "metageneration": "1",
    }
    return project.make(f"storage:b/{name}", {**content, **facts})


def bucket_policy(project, request, bucket):
    return policy(project, request, f"b/{bucket}") if request.method == "GET" else set_policy(
        project, request, f"b/{bucket}"
    )  # fmt: skip


def upload_object(project, request, bucket):
    """Take a multipart upload."""
    boundary = request.body.split(b"\n", 1)[0].strip()
    parts = request.body.split(boundary)
    described = json.loads(parts[1].split(b"\n\n", 1)[-1].split(b"\r\n\r\n", 1)[-1] or b"{}")
    content = re.split(rb"\r?\n\r?\n", parts[2], maxsplit=1)[1]
    content = re.sub(rb"\r?\n\Z", b"", content)  # one belongs to the boundary
    name = described.get("name") or request.query["name"]
    digest = base64.b64encode(hashlib.md5(content).digest()).decode()  # noqa: S324 - the protocol's
    stored = {
        "kind": "storage#object", "bucket": bucket, "name": name, "generation": "1",
        "size": str(len(content)), "md5Hash": digest, "storageClass": "STANDARD",
    }  # fmt: skip
    project.resources[f"storage:b/{bucket}/o/{name}"] = stored
    return stored


def upload_url(project, request, location):
    name = f"upload-{len(project.zips)}"
    project.zips[name] = []
    return {
        "uploadUrl": f"{request.base}/upload/{name}",
        "storageSource": {"bucket": "gcf-v2-uploads", "object": name},
    }


def upload_zip(project, request, name):
    with zipfile.ZipFile(io.BytesIO(request.body)) as opened:
        names = opened.namelist()
    project.zips[name] = sorted(one for one in names if not one.endswith("/"))
    return {}


def make_function(project, request, location):
    """Make a function, with the service behind it and the trigger before it."""
    name = request.query["functionId"]
    content = {**request.json, "name": f"{location}/functions/{name}", "state": "ACTIVE"}
    content["environment"] = "GEN_2"
    service = {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": project.id, "annotations": {}},
        "spec": {
            "template": {"metadata": {"annotations": {}}, "spec": {"containers": [{"image": "x"}]}},
            "traffic": [{"latestRevision": True, "percent": 100}],
        },
        "status": {
            "conditions": READY,
            "observedGeneration": 1,
            "traffic": [{"revisionName": f"{name}-00001-abc", "percent": 100}],
        },
    }
    content["serviceConfig"]["service"] = (
        f"projects/{project.id}/locations/us-central1/services/{name}"
    )
    project.make(request.key + f"/{name}", content)
    project.resources[f"run:{location}/services/{name}"] = service  # whose policy is asked for
    knative(project, name, service)
    if "eventTrigger" in content:
        trigger = {"name": f"{location}/triggers/{name}-222"}
        project.resources[f"eventarc:{trigger['name']}"] = trigger
        with_subscription(project, trigger)
        content["eventTrigger"]["trigger"] = trigger["name"]
    return function_operation(project, request, location, content)


def knative(project, name, service):
    """Let a service and one more revision than it serves be seen, as Cloud Run tells them."""
    project.resources[f"run:namespaces/{project.id}/services/{name}"] = service
    for number in (1, 2):
        revision = f"{name}-0000{number}-abc"
        project.resources[f"run:namespaces/{project.id}/revisions/{revision}"] = {
            "metadata": {
                "name": revision, "creationTimestamp": f"2026-01-0{number}T00:00:00Z",
                "labels": {"serving.knative.dev/service": name},
            },
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        }  # fmt: skip
    service["status"]["traffic"][0]["revisionName"] = f"{name}-00002-abc"


def update_function(project, request, location, name):
    content = project.get(request.key)
    sent = request.json
    project.masks.append(request.query.get("updateMask", ""))
    for mask in request.query.get("updateMask", "").split(","):
        if mask == "labels":
            content["labels"] = sent.get("labels", {})
    content["buildConfig"] = sent.get("buildConfig", content["buildConfig"])
    return function_operation(project, request, location, content)


def function_operation(project, request, location, content):
    kind = "type.googleapis.com/google.cloud.functions.v2."
    return {
        "name": f"{location}/operations/done", "done": True,
        "metadata": {"@type": f"{kind}OperationMetadata", "stages": []},
        "response": {"@type": f"{kind}Function", **content},
    }  # fmt: skip


def operation(project, request, *_):
    kind = "type.googleapis.com/google.cloud.functions.v2.OperationMetadata"
    about = {"metadata": {"@type": kind, "stages": []}} if request.api == "cloudfunctions" else {}
    made = project.responses.get(request.path.rpartition("/")[2])
    return {**DONE, "name": request.path, **about, **({"response": made} if made else {})}


def runtimes(project, request, location):
    return {
        "runtimes": [
            {
                "name": "python312",
                "environment": "GEN_2",
                "stage": "GA",
                "displayName": "Python 3.12",
            }
        ]
    }


def listing(project, request, collection, last):
    found = project.below(request.key)
    if request.api in ("compute", "sql", "storage") or request.path.startswith("namespaces"):
        wanted = request.query.get("labelSelector", "").rpartition("=")[2].strip()
        labelled = [one for one in found if wanted in str(one.get("metadata", {}).get("labels"))]
        return {"items": labelled if wanted else found, "metadata": {}}
    return {LISTS.get(last, last): found}


def connections(project, request, service):
    """List the peerings, or make one."""
    key = f"servicenetworking:{request.path}/vividly"
    if request.method == "GET":
        return {"connections": [project.resources[key]] if key in project.resources else []}
    project.make(key, request.json)
    network = project.get(f"compute:projects/{project.id}/global/networks/vividly")
    network["peerings"] = [{"name": "servicenetworking-googleapis-com"}]
    return DONE


def describe(project, request):
    return project.get(request.key)


def delete(project, request):
    project.get(request.key)
    del project.resources[request.key]
    if request.api == "sql":
        return sql_done(project, request)
    return {**DONE, "name": f"{re.sub('/[^/]+/[^/]+$', '', request.path)}/operations/done"}


def make_build(project, request, location):
    """Build an image, at once."""
    image = next(iter(request.json["substitutions"].values()))
    tag = image.rpartition(":")[2]
    home = f"{location}/repositories/vividly/packages/migrate/tags"
    project.resources[f"artifactregistry:{home}/{tag}"] = {"name": f"{home}/{tag}"}
    project.created.append(f"image:{tag}")
    build = {"id": "build-1", "name": f"{location}/builds/build-1", "status": "SUCCESS"}
    build = {**request.json, **build, "projectId": project.id}
    project.resources[f"cloudbuild:{location}/builds/build-1"] = build
    kind = "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata"
    return {**DONE, "name": "operations/build", "metadata": {"@type": kind, "build": build}}


def make_job(project, request, namespace):
    content = request.json
    name = content["metadata"]["name"]
    content["metadata"] |= {"generation": 1, "namespace": namespace, "selfLink": "x"}
    content["status"] = {"conditions": READY, "observedGeneration": 1}
    return project.make(f"{request.key}/{name}", content)


def replace_job(project, request, namespace, name):
    content = project.get(request.key)
    status = content["status"]
    content |= request.json
    content["status"] = status
    return content


def replace_service(project, request, namespace, name):
    """Take a new division of the traffic."""
    content = project.get(request.key)
    content["spec"] = request.json["spec"]
    content["status"]["traffic"] = [
        {"revisionName": f"{name}-00002-abc", **one} for one in request.json["spec"]["traffic"]
    ]
    return content


def run_job(project, request, namespace, name):
    job = project.get(f"run:namespaces/{namespace}/jobs/{name}")
    job["status"]["latestCreatedExecution"] = {
        "name": f"{name}-1", "completionStatus": "EXECUTION_SUCCEEDED",
    }  # fmt: skip
    execution = {
        "apiVersion": "run.googleapis.com/v1", "kind": "Execution",
        "metadata": {
            "name": f"{name}-1", "namespace": namespace, "generation": 1,
            "labels": {"run.googleapis.com/job": name},
        },
        "spec": {"taskCount": 1},
        "status": {"conditions": READY, "observedGeneration": 1, "succeededCount": 1},
    }  # fmt: skip
    key = f"run:namespaces/{namespace}/executions/{name}-1"
    project.resources[key] = execution
    project.created.append(key)
    return execution


def publish(project, request, topic):
    project.published += request.json["messages"]
    return {"messageIds": [str(len(project.published))]}


def pull(project, request, subscription):
    """Answer what was published last, as the pipeline would."""
    if not (project.answer_canary and project.published):
        return {}
    asked = json.loads(base64.urlsafe_b64decode(project.published[-1]["data"]))
    answer = json.dumps({"request_id": asked["request_id"], "status": "completed"}).encode()
    message = {
        "data": base64.b64encode(answer).decode(),
        "messageId": "1",
        "publishTime": "2026-01-01T00:00:00Z",
    }
    return {"receivedMessages": [{"ackId": "a", "message": message}]}


def monitoring_make(project, request, collection):
    name = f"{collection}/{len(project.created)}"
    content = {**request.json, "name": name, "etag": "e1"}
    return project.make(f"monitoring:{name}", content)


def time_series(project, request):
    count = project.waiting.pop(0) if project.waiting else 0
    labels = {"subscription_id": "eventarc-us-central1-vividly-ingest-sub"}
    return {
        "timeSeries": [
            {"resource": {"labels": labels}, "points": [{"value": {"int64Value": str(count)}}]}
        ]
    }


def nothing(project, request, *_):
    return {}


ANSWERS = (
    ("POST", r"(?:cloudresourcemanager):(projects/[^/]+):getIamPolicy", policy),
    ("POST", r"(?:cloudresourcemanager):(projects/[^/]+):setIamPolicy", set_policy),
    ("GET", rf"cloudresourcemanager:{P}", project_of),
    ("POST", rf"serviceusage:({P})/services:batchEnable", enable),
    ("GET", rf"serviceusage:{P}/services", enabled),
    ("POST", rf"serviceusage:{P}/services/(\w+)\.googleapis\.com:generate\w+", service_agent),
    ("GET", r"(?!servicenetworking|sql)\w+:(?:.*/)?(operations/.*)", operation),
    ("POST", r"compute:(.*operations/done)/wait", operation),
    ("GET", rf"storage:{P}/serviceAccount", storage_agent),
    ("GET|POST", r"\w+:(.+):getIamPolicy", policy),
    ("POST", r"\w+:(.+):setIamPolicy", set_policy),
    ("POST", rf"iam:{P}/serviceAccounts", make_account),
    ("POST", r"iam:permissions:queryTestablePermissions", nothing),
    ("POST", rf"iam:{P}/roles", make_role),
    ("POST", rf"compute:{P}/global/(?:networks|addresses)", make_named),
    ("GET|POST", r"servicenetworking:services/([^/]+)/connections", connections),
    ("GET", r"servicenetworking:operations/.*", operation),
    ("PATCH", r"servicenetworking:services/([^/]+)/connections/-", connections),
    ("GET", rf"sql:{P}/operations/(.+)", sql_operation),
    ("POST", rf"sql:{P}/instances(?:/[^/]+/(?:users|databases))?", make_named),
    ("POST", rf"sql:{P}/instances/[^/]+/import", sql_done),
    ("PATCH", rf"sql:{P}/instances/[^/]+", sql_done),
    ("POST", rf"(?:artifactregistry|vpcaccess|eventarc):({L}/\w+)", make_by_query),
    ("POST", rf"firestore:({P}/databases)", make_by_query),
    ("PATCH", r"firestore:.*/fields/expires_at", make_ttl),
    ("POST", r"storage:b", make_bucket),
    ("GET|PUT", r"storage:b/([^/]+)/iam", bucket_policy),
    ("POST", r"storage:upload/storage/v1/b/([^/]+)/o", upload_object),
    ("PUT", rf"pubsub:{P}/(?:topics|subscriptions)/[^/]+", put_named),
    ("POST", rf"pubsub:{P}/topics/([^/]+):publish", publish),
    ("POST", rf"pubsub:{P}/subscriptions/([^/]+):pull", pull),
    ("POST", rf"pubsub:{P}/subscriptions/([^/]+):acknowledge", nothing),
    ("POST", rf"cloudfunctions:({L})/functions:generateUploadUrl", upload_url),
    ("PUT", r"cloudfunctions:upload/(.+)", upload_zip),
    ("GET", rf"cloudfunctions:({L})/runtimes", runtimes),
    ("POST", rf"cloudfunctions:({L})/functions", make_function),
    ("PATCH", rf"cloudfunctions:({L})/functions/([^/]+)", update_function),
    ("POST", rf"cloudbuild:({L})/builds", make_build),
    ("POST", r"run:namespaces/([^/]+)/jobs", make_job),
    ("PUT", r"run:namespaces/([^/]+)/jobs/([^/:]+)", replace_job),
    ("PUT", r"run:namespaces/([^/]+)/services/([^/:]+)", replace_service),
    ("POST", r"run:namespaces/([^/]+)/jobs/([^/:]+):run", run_job),
    ("POST", rf"cloudscheduler:{L}/jobs", make_named),
    ("POST", rf"logging:{P}/metrics", make_named),
    ("PUT", rf"logging:{P}/metrics/.+", update),
    ("POST", r"logging:entries:list", nothing),
    ("POST", rf"monitoring:({P}/(?:alertPolicies|notification\w+|dashboards))", monitoring_make),
    ("GET", rf"monitoring:{P}/timeSeries", time_series),
    ("PATCH", r"\w+:.*", update),
    ("DELETE", r"\w+:.*", delete),
    ("GET", rf"\w+:(.*/)?({COLLECTIONS})", listing),
    ("GET", r"\w+:.*", describe),
)  # fmt: skip
