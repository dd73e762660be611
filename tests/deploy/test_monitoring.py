"""Rules and dashboard use metrics that the app has."""

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.live import ROOT
from tests.servers import find_program

SUFFIXES = re.compile(r"_(total|bucket|sum|count|info)$")
METRIC = re.compile(r"\b(senha_gerada_total|giropops_[a-z_]+)\b")


def exported() -> set[str]:
    """Return every metric's name that the app's source gives, without a suffix."""
    folder = ROOT / "giropops" / "monitoring"
    texts = {
        node.value
        for path in folder.glob("metrics*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if re.fullmatch(r"(senha|giropops)_[a-z_]+", text)}


def metrics_of(expression: str) -> set[str]:
    """Return the app's metrics that an expression names, without a suffix."""
    return {SUFFIXES.sub("", name) for name in METRIC.findall(expression)}


def test_the_rules_use_existing_metrics() -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8"))
    expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]

    names = {name for expression in expressions for name in metrics_of(expression)}

    assert "senha_gerada" in names
    assert names <= exported()


def test_prometheus_itself_finds_no_fault() -> None:
    path = str(ROOT / "deploy/prometheus/prometheus.yml")

    checked = subprocess.run(
        [find_program("promtool"), "check", "config", path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "rules found" in checked.stdout


def test_an_alert_reports_each_store_that_fails(tmp_path: Path) -> None:
    for path in ("deploy/prometheus/rules.yml", "tests/deploy/rules.test.yml"):
        shutil.copy(ROOT / path, tmp_path)

    tested = subprocess.run(
        [find_program("promtool"), "test", "rules", str(tmp_path / "rules.test.yml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_alert_says_what_is_wrong_and_how_bad_it_is() -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"] if "alert" in rule]

    assert alerts
    for alert in alerts:
        assert alert["labels"]["severity"] in {"critical", "warning"}
        assert alert["annotations"]["summary"].endswith(".")


@pytest.mark.parametrize("page", ["operations.md", "operations.pt-BR.md"])
def test_the_page_on_operations_explains_every_alert_with_existing_metrics(page: str) -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8"))
    alerts = [
        rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule
    ]
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")

    assert re.findall(r"^- \*\*(\w+)\*\*:", text, flags=re.MULTILINE) == alerts
    assert metrics_of(text) <= exported()


def test_the_dashboard_uses_existing_metrics() -> None:
    path = ROOT / "deploy/grafana/dashboards/giropops-senhas.json"
    dashboard = json.loads(path.read_text(encoding="utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]

    names = {name for expression in expressions for name in metrics_of(expression)}

    assert "senha_gerada" in names
    assert names <= exported()


def test_its_panels_have_places_and_names_of_their_own() -> None:
    path = ROOT / "deploy/grafana/dashboards/giropops-senhas.json"
    panels = json.loads(path.read_text(encoding="utf-8"))["panels"]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({panel["title"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells)


def test_grafana_uses_the_provisioned_data_source() -> None:
    path = ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml"
    (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["datasources"]
    dashboard = (ROOT / "deploy/grafana/dashboards/giropops-senhas.json").read_text("utf-8")

    assert set(re.findall(r'"uid": "(prometheus)"', dashboard)) == {source["uid"]}
