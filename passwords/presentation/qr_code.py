"""Secrets as QR codes (ISO/IEC 18004), made on the server: no other service gets the secret."""

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

_PIXELS_PER_MODULE = 6
# The quiet zone of the standard.
_BORDER_MODULES = 4


def qr_code(secret: str) -> SafeString:
    """Return an SVG element without styles; black on white in both themes, for scanners.

    A code holds 2,331 bytes at this level of error correction; the longest secret has 2,048.
    """
    import segno  # noqa: PLC0415  # slow to import, rarely used

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
    return mark_safe(drawing)  # noqa: S308  # it holds no text of the secret
