"""What the small control plane answers: a table of (methods, path, function), first match wins."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from tests.deploy.answering import DONE, L, P, merge
from tests.deploy.answers_access import (
    billing_of,
    bucket_policy,
    enable,
    enabled,
    make_account,
    make_role,
    policy,
    project_of,
    service_agent,
    set_policy,
    storage_agent,
)
from tests.deploy.answers_run import (
    make_build,
    make_function,
    make_job,
    quota_of,
    regions,
    replace_job,
    replace_service,
    run_job,
    runtimes,
    update_function,
    upload_url,
    upload_zip,
    with_subscription,
)

# How an API calls a list where it is not by the collection's own name.
LISTS = {"serviceAccounts": "accounts", "services": "services"}
COLLECTIONS = (
    "serviceAccounts|databases|topics|subscriptions|repositories|connectors|triggers|functions|jobs"
    "|metrics|notificationChannels|alertPolicies|dashboards|tags|fields|roles|networks|addresses"
    "|instances|users|operations|b|o|managedFolders|executions|revisions"
)


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


def operation(project, request, *_):
    kind = "type.googleapis.com/google.cloud.functions.v2.OperationMetadata"
    about = {"metadata": {"@type": kind, "stages": []}} if request.api == "cloudfunctions" else {}
    made = project.responses.get(request.path.rpartition("/")[2])
    return {**DONE, "name": request.path, **about, **({"response": made} if made else {})}


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


def firestore_done(project, request, database):
    return {**DONE, "name": f"{database}/operations/done"}


def layout(project, request, bucket):
    return {"kind": "storage#storageLayout", "bucket": bucket, "locationType": "region"}


def describe(project, request):
    return project.get(request.key)


def delete(project, request):
    project.get(request.key)
    for key in [one for one in project.resources if f"{one}/".startswith(f"{request.key}/")]:
        del project.resources[key]
    if request.api == "sql":
        return sql_done(project, request)
    if request.api == "firestore":
        return firestore_done(project, request, request.path)
    return {**DONE, "name": f"{re.sub('/[^/]+/[^/]+$', '', request.path)}/operations/done"}


def publish(project, request, topic):
    project.before_publish()
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


def resume(project, request, job):
    """Let a paused job run again."""
    content = project.get(f"cloudscheduler:{job}")
    content["state"] = "ENABLED"
    return content


def nothing(project, request, *_):
    return {}


ANSWERS = (
    ("POST", r"(?:cloudresourcemanager):(projects/[^/]+):getIamPolicy", policy),
    ("POST", r"(?:cloudresourcemanager):(projects/[^/]+):setIamPolicy", set_policy),
    ("GET", rf"cloudresourcemanager:{P}", project_of),
    ("POST", rf"serviceusage:({P})/services:batchEnable", enable),
    ("POST", rf"serviceusage:{P}/services/[^/]+:enable", enable),
    ("GET", rf"serviceusage:{P}/services", enabled),
    ("GET", rf"cloudbilling:{P}/billingInfo", billing_of),
    ("GET", rf"cloudquotas:{L}/services/[^/]+/quotaInfos/.+", quota_of),
    ("GET", rf"run:{P}/locations", regions),
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
    ("PATCH", rf"firestore:({P}/databases/[^/]+)", firestore_done),
    ("POST", r"storage:b", make_bucket),
    ("GET", r"storage:b/([^/]+)/storageLayout", layout),
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
    ("POST", rf"cloudscheduler:({L}/jobs/[^/:]+):resume", resume),
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
# fmt: skip
