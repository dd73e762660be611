"""The characters that secrets are made of."""

import string

LOWERCASE = string.ascii_lowercase
UPPERCASE = string.ascii_uppercase
DIGITS = string.digits
SYMBOLS = string.punctuation
"""The 32 printable ASCII characters that are neither letter, digit nor space."""

LOOKALIKE_GROUPS = ("Il1|", "O0o", "'`", ".,", ":;")
"""Characters that one takes for another when reading a secret off a screen or paper.

Strokes (capital i, small L, one, bar) and rings (capital O, zero, small o) are the same shape
in many sans-serif typefaces; the two quotes, and the dots with and without a tail, differ by
a few pixels. Pairs that only handwriting confuses (5 S, 2 Z, 8 B) stay: each character
dropped costs strength.
"""

LOOKALIKES = "".join(LOOKALIKE_GROUPS)
"""Every character of `LOOKALIKE_GROUPS`; all of a group go, so that none is left to doubt."""
