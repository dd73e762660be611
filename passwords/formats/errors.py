"""The errors of formats. Like those of recipes they name a field; `as` is the format itself."""

from passwords.domain.errors import RecipeError, _


class BusyError(Exception):
    """This process is hashing for somebody else."""


class NotGivenError(RecipeError):
    """The format needs this field, or the text is empty."""

    template = _("must be given")


class NotMatchingError(RecipeError):
    """The text is not what *pattern* describes; *sample* is."""

    template = _("must look like %(sample)s and match %(pattern)s")


class TooManyBytesError(RecipeError):
    """The text has more bytes in UTF-8 than the field allows."""

    template = _("must not exceed %(maximum)d bytes")


class TooLongToWriteError(RecipeError):
    """The secret is longer than the format takes, or the recipe draws such secrets."""

    template = _("takes secrets of at most %(maximum)d bytes")

    def __init__(self, *, maximum: int) -> None:
        super().__init__("as", maximum=maximum)


class NetworkPasswordError(RecipeError):
    """The secret cannot be the password of a wireless network."""

    template = _("The password of a network has 8 to 63 ASCII characters.")

    def __init__(self) -> None:
        super().__init__("as")


class NotBase32Error(RecipeError):
    """The secret is not random bytes in Base32."""

    template = _("takes only tokens in Base32")

    def __init__(self) -> None:
        super().__init__("as")


class PackageMissingError(RecipeError):
    """The format needs a package of Python that is not installed."""

    template = _("needs the Python package %(package)s, which is not installed here")

    def __init__(self, *, package: str) -> None:
        super().__init__("as", package=package)
