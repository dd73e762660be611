"""The options of commands that make one-time links, and what such commands write.

`generate` loads this module without the models, which only a link needs.
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.management import CommandError
from django.utils.translation import gettext, ngettext

from passwords.management.base import BAD_REQUEST, BadRequestError, PlainCommand, number

if TYPE_CHECKING:
    from passwords.sharing import SharedText, ShareError, ShareOptions

_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_TIME: Final = re.compile(r"([0-9]{1,9})([smhd]?)", re.ASCII)
_ORIGIN: Final = re.compile(r"https?://[^/\s?#]+")
_OPTIONS: Final = {
    "expires_in": "--expires-in",
    "views": "--views",
    "passphrase": "--passphrase",
    "url": "--url",
}


def add_arguments(group: argparse._ActionsContainer) -> None:
    """Add the options; one that is left out is not in the result."""
    group.add_argument(
        "--expires-in",
        metavar="TIME",
        type=_seconds,
        default=argparse.SUPPRESS,
        help="Lifetime: 5m to SHARES_MAX_DAYS, such as 30m, 12h or 7d (default 1d).",
    )
    group.add_argument(
        "--views",
        metavar="N",
        type=number,
        default=argparse.SUPPRESS,
        help="How often the link can be opened (1 to 20; default 1).",
    )
    group.add_argument(
        "--passphrase",
        metavar="words|digits|none",
        default=argparse.SUPPRESS,
        help="The passphrase to draw (default words).",
    )
    group.add_argument(
        "--url",
        metavar="ORIGIN",
        default=argparse.SUPPRESS,
        help="Where the app is, such as https://senhas.example.com (default SITE_URL).",
    )


def given(options: dict[str, Any]) -> str | None:
    """Return the first of these options that was given, or ``None``."""
    return next((option for name, option in _OPTIONS.items() if name in options), None)


def read(options: dict[str, Any]) -> tuple[ShareOptions, str]:
    """Return the options of a link, and its origin.

    Raises:
        BadRequestError: names the first invalid option.
    """
    from passwords import share_requests, validation  # noqa: PLC0415  # they load the models

    origin = options.get("url") or settings.SITE_URL
    if not _ORIGIN.fullmatch(origin):
        message = gettext(
            "must be the app's scheme and host, such as https://senhas.example.com, unless"
            " SITE_URL is set"
        )
        raise BadRequestError("--url", message)
    values: dict[str, Any] = {
        name: options[name] for name in ("expires_in", "views") if name in options
    }
    if "passphrase" in options:
        kind = options["passphrase"]
        values["passphrase"] = None if kind == "none" else kind
    try:
        return share_requests.read_options({**values, "reveal": False}), origin
    except validation.InvalidRequestError as error:
        ((field, (message,)),) = error.errors.items()
        raise BadRequestError(_OPTIONS[field], message) from None


def write(command: PlainCommand, shared: SharedText, *, quiet: bool = False) -> None:
    """Write the link and its passphrase to stdout, a line each, and the terms to stderr."""
    command.emit_lines(filter(None, [shared.link, shared.passphrase]))
    if quiet:
        return
    receipt = shared.receipt
    message = ngettext(
        "It can be opened %(views)d time until %(expires_at)s. Receipt: %(receipt)s",
        "It can be opened %(views)d times until %(expires_at)s. Receipt: %(receipt)s",
        receipt.views_left,
    )
    command.remark(
        message
        % {
            "views": receipt.views_left,
            "expires_at": f"{receipt.expires_at:%Y-%m-%d %H:%M} UTC",
            "receipt": receipt.receipt,
        }
    )
    if shared.passphrase:
        command.remark(gettext("The second line is the passphrase: send it another way."))


def as_command_error(error: ShareError) -> CommandError:
    """Return the error that ends the command: what the input has wrong is a bad request."""
    from passwords import sharing  # noqa: PLC0415  # it loads the models
    from passwords.problems import SHARE_PROBLEMS, wrong_proof_text  # noqa: PLC0415  # likewise

    if isinstance(error, sharing.WrongProofError):
        return CommandError(wrong_proof_text(error))
    _status, field, text = SHARE_PROBLEMS[type(error)]
    if isinstance(
        error,
        (
            sharing.InvalidLinkError,
            sharing.PassphraseNeededError,
            sharing.PassphraseTooLongError,
        ),
    ):
        return CommandError(f"{field}: {text}", returncode=BAD_REQUEST)
    return CommandError(str(text))


def _seconds(text: str) -> int | str:
    """Return the time in seconds, or the text unchanged: then the validation refuses it."""
    match = _TIME.fullmatch(text)
    return int(match[1]) * _SECONDS[match[2]] if match else text
