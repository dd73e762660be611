"""The page on rules: each document of another program in it is imported."""

import json
import re
from pathlib import Path

import pytest

from passwords.policies import files

PROGRAMS = ["Vault", "Bitwarden", "Bitwarden", "KeePassXC"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["rules.md", "rules.pt-BR.md"])
def test_each_document_of_another_program_gives_the_recipe_in_the_table(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    documents = re.findall(r"^```(?:hcl|json|ini)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    rows = re.findall(r"^\| (\w+) \| `(\{.*\})` \| ([0-9.]+) \|$", text, re.MULTILINE)

    assert [program for program, _recipe, _bits in rows] == PROGRAMS
    for document, (_program, parameters, bits) in zip(documents, rows, strict=True):
        (step,) = files.plan(document, name="example")
        assert step.policy.parameters == json.loads(parameters)
        assert f"{step.policy.recipe().entropy_bits:.1f}" == bits
