"""The contract, tried against the live app: the app allows and refuses the same."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import APIOperation, Case, CheckContext, Response
from schemathesis.specs.openapi.stateful import OpenAPIStateMachine

from passwords.api.contract import build_contract
from passwords.domain import errors
from tests.live import LiveApp

AnyCase = Case[APIOperation[Any, Any, Any, Any]]

EXAMPLES: Final = 40
STEPS: Final = 6

CONFIG: Final = schemathesis.Config.from_dict(
    {
        "generation": {"deterministic": True, "max-examples": EXAMPLES},
        # A schema cannot say whether fields that are each valid are also valid together, whether
        # the id of a link is taken (409), or whether an owner has too many links (429).
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422", "429"]}
        },
    }
)
CONTRACT: Final = build_contract()
# A copy: it resolves references in place.
SCHEMA: Final = schemathesis.openapi.from_dict(deepcopy(CONTRACT), config=CONFIG)
HYPOTHESIS: Final = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),  # they speak of the speed of the machine
)

# Errors of one field, which do not depend on the others.
OF_ONE_FIELD: Final = (
    errors.WrongTypeError.template,
    *(subclass.template for subclass in errors.WrongTypeError.__subclasses__()),
    errors.UnknownChoiceError.template.partition("%")[0],
    errors.UnknownParameterError.template.partition("%")[0],
    errors.TooLongError.template.partition("%")[0],
)
# These end where the length does.
MINIMUMS: Final = {"min_lowercase", "min_uppercase", "min_digits", "min_symbols"}


def refusal_of_what_the_schema_allows_is_about_several_fields(
    _context: CheckContext, response: Response, case: AnyCase
) -> None:
    """Fail when the schema allows one field what the app refuses it."""
    if response.status_code != 422 or case.meta is None:
        return
    if not case.meta.generation.mode.is_positive:
        return
    ((field, messages),) = response.json()["errors"].items()
    assert not messages[0].startswith(OF_ONE_FIELD)
    assert field in MINIMUMS or not messages[0].startswith("must be between")


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A client that keeps its cookie and reads English."""
    with requests.Session() as session:
        session.headers["Accept-Language"] = "en"
        yield session


@SCHEMA.parametrize()
@HYPOTHESIS
def test_the_app_follows_its_contract(
    case: AnyCase, live_app: LiveApp, session: requests.Session
) -> None:
    case.call_and_validate(
        base_url=live_app.base_url,
        session=session,
        additional_checks=[refusal_of_what_the_schema_allows_is_about_several_fields],
    )


def test_drawn_secrets_can_be_listed_and_deleted_by_following_the_links(
    live_app: LiveApp,
) -> None:
    statuses: set[tuple[str, int]] = set()

    class Visitor(SCHEMA.as_state_machine()):  # type: ignore[misc]  # made from the contract
        """One client with its cookie, which follows links in any order."""

        def setup(self) -> None:
            self.session = requests.Session()

        def teardown(self) -> None:
            self.session.close()

        def get_call_kwargs(self, case: AnyCase) -> dict[str, Any]:  # noqa: ARG002  # the same for all
            return {"session": self.session, "base_url": live_app.base_url}

        def after_call(self, response: Response, case: AnyCase) -> None:
            statuses.add((case.operation.label, response.status_code))

    assert issubclass(Visitor, OpenAPIStateMachine)
    Visitor.run(settings=HYPOTHESIS)

    assert ("DELETE /api/v1/recents/{id}", 204) in statuses
    assert ("GET /api/v1/recents", 200) in statuses
