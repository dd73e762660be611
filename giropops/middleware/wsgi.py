"""WSGI middleware: plain content types, HEAD without a body, and a removed path prefix."""

import re
from collections.abc import Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# RFC 2046, section 5.1.1: a boundary has 1 to 70 of these characters, and does not end in a space.
_BOUNDARY: Final = re.compile(
    r';\s*boundary=("[\w\'()+,\-./:=? ]{0,69}[\w\'()+,\-./:=?]"|[\w\'+\-.]{1,70})\s*(?:;|$)',
    re.ASCII | re.IGNORECASE,
)


def with_plain_content_type(application: WSGIApplication) -> WSGIApplication:
    """Return *application* with only media type and boundary in the Content-Type.

    All text is UTF-8. Django looks up any ``charset`` that a client sends, and raises an exception
    outside of its error handling for an RFC 2231 parameter with an unknown one.
    """

    def plain(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        content_type: Any = environ.get("CONTENT_TYPE", "")
        media_type, semicolon, _parameters = content_type.partition(";")
        if semicolon:
            boundary = _BOUNDARY.search(content_type)
            environ["CONTENT_TYPE"] = media_type + (f"; boundary={boundary[1]}" if boundary else "")
        return application(environ, start_response)

    return plain


def without_head_body(application: WSGIApplication) -> WSGIApplication:
    """Return *application* with no body after HEAD: gunicorn logs a warning for each.

    Django leaves the removal to the server. The Content-Length stays (RFC 9110, section 9.3.2).
    """

    def bare(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response: Any = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return response  # type: ignore[no-any-return]  # may have `close`, as PEP 3333 says
        if hasattr(response, "close"):
            response.close()
        return []

    return bare


def without_prefix(app: WSGIApplication, prefix: str) -> WSGIApplication:
    """Return *app* with *prefix* removed from paths; Django adds it to the URLs that it writes."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return app(environ, start_response)

    return serve
