"""Parameters of the content type change nothing, and break nothing."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import RequestFactory

from giropops.middleware.wsgi import with_plain_content_type

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json; charset=zip", "application/json"),
        ("application/json; x*=nonsense''a", "application/json"),
        ("multipart/form-data; boundary=abc-123", "multipart/form-data; boundary=abc-123"),
        ('multipart/form-data; boundary="a b"', 'multipart/form-data; boundary="a b"'),
        ("multipart/form-data; charset=x; boundary=a; y=z", "multipart/form-data; boundary=a"),
        ("multipart/form-data; Boundary=a", "multipart/form-data; boundary=a"),
        ("multipart/form-data; boundary=" + "a" * 71, "multipart/form-data"),
        ("multipart/form-data; boundary*=x''a", "multipart/form-data"),
        ("", ""),
    ],
)
def test_of_a_content_type_the_media_type_and_the_boundary_are_left(
    sent: str, expected: str
) -> None:
    seen: list[str] = []

    def application(environ: dict[str, Any], _start_response: object) -> Iterable[bytes]:
        seen.append(environ["CONTENT_TYPE"])
        return []

    environ = RequestFactory()._base_environ()  # type: ignore[attr-defined]
    environ["CONTENT_TYPE"] = sent
    list(with_plain_content_type(application)(environ, lambda *_args: lambda _body: None))

    assert seen == [expected]
