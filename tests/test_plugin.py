"""The plugin keeps the developer's own environment out of the tests."""

import os

import pytest
from django.conf import settings

from tests.plugin import APP_VARIABLES


def test_the_plugin_lists_every_variable_that_the_settings_read() -> None:
    assert set(APP_VARIABLES) == settings.ENVIRONMENT_NAMES


def test_the_tests_read_no_dotenv_file() -> None:
    assert os.environ["DOTENV"] == ""


@pytest.mark.django_db
def test_the_database_is_the_one_that_the_run_is_for() -> None:
    from django.db import connection  # noqa: PLC0415

    assert (
        connection.vendor
        == {"sqlite": "sqlite", "postgres": "postgresql"}[os.environ.get("TEST_DATABASE", "sqlite")]
    )
