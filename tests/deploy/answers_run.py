"""Functions, builds, jobs and services, as the small control plane tells them."""

from __future__ import annotations

import io
import zipfile

from tests.deploy.answering import DONE, READY, Refused


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
        "metadata": {"name": name, "namespace": project.id, "annotations": {}, "generation": 1},
        "spec": {
            "template": {"metadata": {"annotations": {}}, "spec": {"containers": [{"image": "x"}]}},
            "traffic": [{"latestRevision": True, "percent": 100}],
        },
        "status": {
            "conditions": READY,
            "observedGeneration": 1,
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
    for _ in range(2):
        new_revision(project, name)
    take_traffic(service)


def new_revision(project, name):
    """Make the newest revision of a service; what arrives goes where the division says."""
    service = project.resources[f"run:namespaces/{project.id}/services/{name}"]
    number = int(service["status"].get("latestReadyRevisionName", "-0-").split("-")[-2]) + 1
    revision = f"{name}-{number:05}-abc"
    project.resources[f"run:namespaces/{project.id}/revisions/{revision}"] = {
        "metadata": {
            "name": revision, "creationTimestamp": f"2026-01-{number:02}T00:00:00Z",
            "labels": {"serving.knative.dev/service": name},
        },
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }  # fmt: skip
    service["status"]["latestReadyRevisionName"] = revision
    service["status"]["latestCreatedRevisionName"] = revision


def take_traffic(service):
    """Divide what arrives as the service's own words say."""
    newest = service["status"]["latestReadyRevisionName"]
    service["status"]["traffic"] = [
        {"revisionName": newest, **one} for one in service["spec"]["traffic"]
    ]


def update_function(project, request, location, name):
    content = project.get(request.key)
    sent = request.json
    project.masks.append(request.query.get("updateMask", ""))
    for mask in request.query.get("updateMask", "").split(","):
        if mask == "labels":
            content["labels"] = sent.get("labels", {})
    content["buildConfig"] = sent.get("buildConfig", content["buildConfig"])
    content["serviceConfig"] |= sent.get("serviceConfig", {})
    new_revision(project, name)
    service = project.resources[f"run:namespaces/{project.id}/services/{name}"]
    if sent.get("serviceConfig", {}).get("allTrafficOnLatestRevision"):
        service["spec"]["traffic"] = [{"latestRevision": True, "percent": 100}]
    take_traffic(service)
    return function_operation(project, request, location, content)


def function_operation(project, request, location, content):
    kind = "type.googleapis.com/google.cloud.functions.v2."
    return {
        "name": f"{location}/operations/done", "done": True,
        "metadata": {"@type": f"{kind}OperationMetadata", "stages": []},
        "response": {"@type": f"{kind}Function", **content},
    }  # fmt: skip


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
    take_traffic(content)
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


def regions(project, request, *_):
    """List where Cloud Run is; who has not enabled it may not ask."""
    if "run.googleapis.com" not in project.enabled:
        raise Refused(403, "Cloud Run Admin API has not been used in project x before")
    return {"locations": [{"locationId": "us-central1"}, {"locationId": "europe-west4"}]}


def quota_of(project, request, *_):
    """Tell what all instances of a region may take, in thousandths of a processor."""
    details = {"value": str(project.processors * 1000)}
    here = {"dimensions": {"region": "us-central1"}, "details": details}
    return {"name": request.path, "dimensionsInfos": [here, {"details": {"value": "20000"}}]}
