"""A project as `--only infra` leaves it, made at once: what one function's deployment needs."""

from __future__ import annotations

from local.topology import PIPELINE
from shared.limits import FUNCTIONS

ACCOUNTS = (*FUNCTIONS, "trigger", "build", "migrate")


def seed(project):
    """Put accounts, topics and the images' repository into a project."""
    agent = f"service-{project.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    project.policies[f"cloudresourcemanager:projects/{project.id}"] = {
        "bindings": [{"role": "roles/pubsub.serviceAgent", "members": [f"serviceAccount:{agent}"]}]
    }
    for account in ACCOUNTS:
        email = f"vividly-{account}@{project.id}.iam.gserviceaccount.com"
        name = f"projects/{project.id}/serviceAccounts/{email}"
        project.resources[f"iam:{name}"] = {"name": name, "email": email}
    for topic in PIPELINE.topics:
        name = f"projects/{project.id}/topics/{topic}"
        project.resources[f"pubsub:{name}"] = {"name": name}
    home = f"projects/{project.id}/locations/us-central1/repositories/vividly"
    project.resources[f"artifactregistry:{home}"] = {"name": home, "labels": {"env": "dev"}}
