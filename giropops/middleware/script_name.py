"""Serve below a path prefix, whether or not the Ingress removes it."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def without_prefix(app: WSGIApplication, prefix: str) -> WSGIApplication:
    """Return *app* with *prefix* removed from paths; Django adds it to the URLs that it writes."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return app(environ, start_response)

    return serve
