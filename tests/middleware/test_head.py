"""A response to HEAD has the headers of GET and no body."""

import http.client

from tests.conftest import StartLiveApp
from tests.servers import HOST


def test_head_gets_the_length_and_no_body_and_logs_no_warning(start_live_app: StartLiveApp) -> None:
    app = start_live_app({})

    connection = http.client.HTTPConnection(HOST, app.port, timeout=30)
    for _ in range(2):  # the second request finds nothing of the first one's body
        connection.request("HEAD", "/api/v1/openapi.json")
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"")
        assert int(response.headers["Content-Length"]) > 0
    connection.close()

    assert "WARNING" not in app.log
