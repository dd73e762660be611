"""Secrets as QR codes (ISO/IEC 18004), drawn here: no secret leaves for a service that draws."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

_PIXELS_PER_MODULE = 6
# The quiet zone of the standard.
_BORDER_MODULES = 4


def qr_code(secret: str) -> SafeString:
    """Return an SVG element without styles; black on white in either theme, as scanners like it.

    A code holds 2,331 bytes at this level of error correction; the longest secret has 2,048.
    """
    import segno  # noqa: PLC0415  # few ask for a code

    code = segno.make(secret, error="m", micro=False, boost_error=False)
    drawing = code.svg_inline(
        scale=_PIXELS_PER_MODULE,
        border=_BORDER_MODULES,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        title=gettext("QR code of the secret"),
    )
    return mark_safe(drawing)  # noqa: S308  # no text of the secret stands in it
