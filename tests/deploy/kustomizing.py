"""As much of kustomize as the overlays use, so that they can be checked where there is none.

Resources, components, namespace, labels, images, replicas, and patches: strategic merges of maps
(with `$patch: delete`), and JSON patches (RFC 6902) that replace or remove. Compared once with
kustomize's own engine (pykustomize 0.1.4; it needs Python 3.14, and so is no requirement here),
the three overlays came out the same, object by object.
"""

from pathlib import Path
from typing import Any, Final

import yaml

Resource = dict[str, Any]

IMPLEMENTED: Final = frozenset(
    {"apiVersion", "kind", "labels", "namespace", "resources", "components", "images"}
) | {"replicas", "patches"}


def render(folder: Path) -> list[Resource]:
    """Return the resources of a kustomization, as `kubectl kustomize FOLDER` prints them.

    Raises:
        NotImplementedError: it uses a feature that is not implemented here.
    """
    return _apply(folder, [])


def _apply(folder: Path, resources: list[Resource]) -> list[Resource]:
    rules = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    if unknown := set(rules) - IMPLEMENTED:
        raise NotImplementedError(unknown)
    for name in rules.get("resources", []):
        path = folder / name
        resources = [*resources, *(_apply(path, []) if path.is_dir() else _read(path))]
    for name in rules.get("components", []):
        resources = _apply(folder / name, resources)
    for patch in rules.get("patches", []):
        resources = _patched(resources, patch)
    for resource in resources:
        if "namespace" in rules:
            resource["metadata"]["namespace"] = rules["namespace"]
        for rule in rules.get("labels", []):
            labels = resource["metadata"].get("labels", {})  # an anchor's, perhaps: not to change
            resource["metadata"]["labels"] = {**labels, **rule["pairs"]}
        _set_replicas(resource, rules.get("replicas", []))
        _set_images(resource, rules.get("images", []))
    return resources


def _read(path: Path) -> list[Resource]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def _patched(resources: list[Resource], rule: dict[str, Any]) -> list[Resource]:
    patch = yaml.safe_load(rule["patch"])
    target = rule.get("target") or {"kind": patch["kind"], "name": patch["metadata"]["name"]}
    found = [
        resource
        for resource in resources
        if (resource["kind"], resource["metadata"]["name"]) == (target["kind"], target["name"])
    ]
    if len(found) != 1:
        message = f"{target} is there {len(found)} times"
        raise ValueError(message)
    if isinstance(patch, list):
        for operation in patch:
            _operate(found[0], operation)
    elif patch.get("$patch") == "delete":
        return [resource for resource in resources if resource is not found[0]]
    else:
        _merge(found[0], patch)
    return resources


def _operate(resource: Resource, operation: dict[str, Any]) -> None:
    *way, last = operation["path"].strip("/").split("/")
    place: Any = resource
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    key = int(last) if isinstance(place, list) else last
    _ = place[key]  # what is replaced or removed must be there
    if operation["op"] == "replace":
        place[key] = operation["value"]
    elif operation["op"] == "remove":
        del place[key]
    else:
        raise NotImplementedError(operation["op"])


def _merge(into: dict[str, Any], patch: dict[str, Any]) -> None:
    for key, value in patch.items():
        if isinstance(value, list):
            raise NotImplementedError(key)
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


def _set_replicas(resource: Resource, rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        if (resource["kind"], resource["metadata"]["name"]) == ("Deployment", rule["name"]):
            resource["spec"]["replicas"] = rule["count"]


def _set_images(resource: Resource, rules: list[dict[str, Any]]) -> None:
    for container in containers(resource):
        for rule in rules:
            if container["image"] == rule["name"]:
                name = rule.get("newName", rule["name"])
                container["image"] = f"{name}:{rule['newTag']}"


def pod_of(resource: Resource) -> dict[str, Any] | None:
    """Return the specification of the pods that *resource* makes, if it makes any."""
    spec_of_resource = resource.get("spec", {})
    job = spec_of_resource.get("jobTemplate", {}).get("spec", spec_of_resource)  # of a CronJob
    template = job.get("template", {})
    spec: dict[str, Any] | None = template.get("spec")
    return spec


def containers(resource: Resource) -> list[dict[str, Any]]:
    """Return the containers of the pods that *resource* makes."""
    pod = pod_of(resource)
    return [] if pod is None else list(pod["containers"])
