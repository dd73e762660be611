"""The policies let our own pods in, and keep out what they are there to keep out."""

import copy
import fnmatch
from typing import Any

import pytest
import yaml

from tests.deploy.kustomizing import pod_of, render
from tests.live import ROOT

FOLDER = ROOT / "deploy" / "kyverno"
ENVIRONMENTS = ("dev", "staging", "prod")


def policy(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def matches(pattern: Any, found: Any) -> bool:
    """Return whether *found* matches a Kyverno pattern.

    As much as the policies use: maps, lists whose every element is so, `=(if there)`, wildcards,
    and ` | ` between them.
    """
    if isinstance(pattern, dict):
        return isinstance(found, dict) and all(
            _matches_key(key, wanted, found) for key, wanted in pattern.items()
        )
    if isinstance(pattern, list):
        (wanted,) = pattern
        return isinstance(found, list) and all(matches(wanted, element) for element in found)
    if isinstance(pattern, str):
        return isinstance(found, str) and any(
            fnmatch.fnmatchcase(found, one) for one in pattern.split(" | ")
        )
    return bool(pattern == found)


def _matches_key(key: str, wanted: Any, found: dict[str, Any]) -> bool:
    if key.startswith("=("):
        name = key[2:-1]
        return name not in found or matches(wanted, found[name])
    return key in found and matches(wanted, found[key])


def rejections(namespace: str, pod: dict[str, Any]) -> list[str]:
    """Return the names of the pattern rules that keep a pod out of *namespace*."""
    return [
        rule["name"]
        for path in sorted(FOLDER.glob("*.yaml"))
        for rule in policy(path.stem)["spec"]["rules"]
        if any(
            fnmatch.fnmatchcase(namespace, wanted)
            for wanted in rule["match"]["any"][0]["resources"]["namespaces"]
        )
        if not matches(rule.get("validate", {}).get("pattern", {}), {"spec": pod})
    ]


def pods(environment: str) -> list[dict[str, Any]]:
    """Return the pods of an overlay."""
    resources = render(ROOT / "deploy" / "kubernetes" / "overlays" / environment)
    found = [pod for resource in resources if (pod := pod_of(resource))]
    assert found
    return found


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_our_own_pods_are_let_in(environment: str) -> None:
    for pod in pods(environment):
        assert rejections(f"giropops-{environment}", pod) == []


@pytest.mark.parametrize("kind", ["containers", "initContainers", "ephemeralContainers"])
@pytest.mark.parametrize(
    "image",
    [
        "giropops-senhas:1.0.0",
        "elsewhere.example.com/giropops-senhas:1.0.0",
        "registry.example.com/giropops-senhas-of-somebody:1.0.0",
    ],
)
def test_an_image_of_anybody_elses_is_kept_out(kind: str, image: str) -> None:
    pod = copy.deepcopy(pods("prod")[0])
    stranger = {**pod["containers"][0], "image": image}
    pod[kind] = [*pod.get(kind, []), stranger]

    assert rejections("giropops-prod", pod) == ["no-other-image"]


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("containers", 0, "securityContext", "readOnlyRootFilesystem"), False),
        (("containers", 0, "resources", "limits"), {}),
        (("automountServiceAccountToken",), True),
    ],
)
def test_a_pod_that_is_not_hardened_is_kept_out(way: tuple[Any, ...], value: object) -> None:
    pod = copy.deepcopy(pods("dev")[0])
    place: Any = pod
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value

    assert rejections("giropops-dev", pod) == ["nothing-written"]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_the_images_that_must_be_signed_are_those_that_run(environment: str) -> None:
    (rule,) = policy("signed")["spec"]["rules"]
    (check,) = rule["verifyImages"]

    assert check["failureAction"] == "Enforce"
    assert (check["required"], check["verifyDigest"]) == (True, True)
    for pod in pods(environment):
        for container in pod["containers"]:
            assert any(
                fnmatch.fnmatchcase(container["image"], wanted)
                for wanted in check["imageReferences"]
            )


def test_every_rule_that_validates_is_enforced() -> None:
    rules = [rule for path in FOLDER.glob("*.yaml") for rule in policy(path.stem)["spec"]["rules"]]

    actions = [rule["validate"]["failureAction"] for rule in rules if "validate" in rule]

    assert actions == ["Enforce"] * 3
