"""The characters of secrets."""

import string

LOWERCASE = string.ascii_lowercase
UPPERCASE = string.ascii_uppercase
DIGITS = string.digits
SYMBOLS = string.punctuation
"""The 32 printable ASCII characters that are neither letter, digit nor space."""

LOOKALIKE_GROUPS = ("Il1|", "O0o", "'`", ".,", ":;")
"""Characters that look alike in many typefaces.

Pairs that look alike only in handwriting (5 S, 2 Z, 8 B) are not in the groups, because each
excluded character reduces the strength.
"""

LOOKALIKES = "".join(LOOKALIKE_GROUPS)
