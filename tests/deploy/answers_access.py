"""Accounts, roles and policies, as the small control plane tells them."""

from __future__ import annotations

import re

from tests.deploy.answering import DONE, Refused

AGENTS = {"pubsub": "gcp-sa-pubsub", "eventarc": "gcp-sa-eventarc"}


def enable(project, request, *_):
    if not project.pays:
        raise Refused(400, "Billing must be enabled for activation of service(s)")
    asked = re.findall(r"services/([^/:]+):enable$", request.path)  # one alone is in the path
    new = set(asked or request.json["serviceIds"]) - project.enabled
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


def bucket_policy(project, request, bucket):
    return policy(project, request, f"b/{bucket}") if request.method == "GET" else set_policy(
        project, request, f"b/{bucket}"
    )  # fmt: skip


def project_of(project, request):
    return {
        "projectId": project.id,
        "projectNumber": project.number,
        "lifecycleState": "ACTIVE",
        "name": project.id,
    }


def billing_of(project, request, *_):
    """Tell whether somebody pays."""
    return {"name": f"projects/{project.id}/billingInfo", "billingEnabled": project.pays}
