"""Passwords of random characters from chosen classes."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from passwords.domain import alphabets, passwordrules, strength
from passwords.domain.counting import completions
from passwords.domain.errors import (
    EmptiedAlphabetError,
    EmptiedClassError,
    ForbiddenCharactersError,
    MinimumOfUnchosenClassError,
    MinimumsExceedLengthError,
    NoClassError,
    NotPrintableError,
    TooLongError,
    TooManySetsError,
    TooStrictError,
    UncountableError,
    UnreachableStrengthError,
)
from passwords.domain.passwordrules import PasswordRules
from passwords.domain.sampling import Sampler, sampler_of
from passwords.domain.sets import RuledStrings, max_sets, ruled_strings
from passwords.domain.validation import require_flag, require_text, require_whole_number

MIN_LENGTH = 4
MAX_LENGTH = 256
# More characters than any alphabet has.
MAX_EXCLUDED = 256

CLASS_NAMES = ("lowercase", "uppercase", "digits", "symbols")

# A space only occurs if a password rule names it.
_OCCURRING = frozenset(
    alphabets.LOWERCASE + alphabets.UPPERCASE + alphabets.DIGITS + alphabets.SYMBOLS + " "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterRecipe(strength.Counted):
    """A password of *length* characters, with a minimum for each chosen class.

    Attributes:
        length: characters, 4 to 256.
        lowercase: whether the letters a to z may appear.
        uppercase: whether the letters A to Z may appear.
        digits: whether 0 to 9 may appear.
        symbols: the ASCII punctuation that may appear, at most 32 in any order; "" for none.
        min_lowercase: the minimum number, 0 to *length*; None means 1 for a chosen class and 0 for
            another one. The sum of all minimums is at most *length*.
        min_uppercase: see *min_lowercase*.
        min_digits: see *min_lowercase*.
        min_symbols: see *min_lowercase*.
        exclude_lookalikes: whether to exclude `alphabets.LOOKALIKES`.
        exclude: further characters to exclude, at most 256 printable ones in any order. Characters
            that cannot occur are dropped.
        passwordrules: an Apple password rule, in place of the classes and their minimums, which
            then do not matter; "" for none. It limits the length, too.

    Raises:
        RecipeError: a value is not valid, or no password satisfies all values; names the field.
    """

    kind: ClassVar[str] = "characters"

    length: int = 20
    lowercase: bool = True
    uppercase: bool = True
    digits: bool = True
    symbols: str = alphabets.SYMBOLS
    min_lowercase: int | None = None
    min_uppercase: int | None = None
    min_digits: int | None = None
    min_symbols: int | None = None
    exclude_lookalikes: bool = False
    exclude: str = ""
    passwordrules: str = ""

    def __post_init__(self) -> None:
        require_whole_number("length", self.length, minimum=MIN_LENGTH, maximum=MAX_LENGTH)
        for name in ("lowercase", "uppercase", "digits", "exclude_lookalikes"):
            require_flag(name, getattr(self, name))
        object.__setattr__(self, "symbols", normalize_symbols(self.symbols))
        object.__setattr__(self, "exclude", normalize_exclusions(self.exclude))
        require_text("passwordrules", self.passwordrules)
        if self.passwordrules:
            self._check_rule()
        else:
            self._check_minimums()
            self._check_classes()

    @classmethod
    def for_bits(cls, bits: float, **rules: Any) -> Self:
        """Return the shortest recipe with these *rules* and at least *bits* of entropy.

        The bits are 1 to 2048; *length* in the rules is the maximum length.

        Raises:
            UnreachableStrengthError: the maximum length has fewer bits.
            RecipeError: *bits* or a rule is not valid.
        """
        if rules.get("passwordrules"):
            return cls._for_bits_under_rule(bits, rules)
        strongest = cls(**{"length": MAX_LENGTH} | rules)
        smallest = max(MIN_LENGTH, sum(strongest.minimums.values()))
        return strength.shortest(strongest, bits, rule="length", smallest=smallest)

    @classmethod
    def _for_bits_under_rule(cls, bits: float, rules: dict[str, Any]) -> Self:
        """Return the shortest recipe under a password rule.

        With limits of runs there are fewer passwords than without, so only lengths that have enough
        without are counted exactly; as the limits refuse few, that is a small number of lengths.
        """
        strength.require_bits(bits)
        rule = passwordrules.parse(rules["passwordrules"])
        shortest, longest = rule.lengths(MIN_LENGTH, MAX_LENGTH)
        longest = min(rules.get("length", longest), longest)
        excluded = _excluded(
            rules.get("exclude", ""), lookalikes=rules.get("exclude_lookalikes", False)
        )
        base = _ruled_strings(rule, excluded, longest).base
        counts = completions(base.demands, free=len(base.free), length=longest)[-1]
        for length in range(shortest, longest + 1):
            if strength.reaches(counts[length], bits):
                recipe = cls(**rules | {"length": length})
                if strength.reaches(recipe.count, bits):
                    return recipe
        strongest = cls(**rules | {"length": longest})
        raise UnreachableStrengthError(rule="passwordrules", reachable_bits=strongest.entropy_bits)

    @property
    def size(self) -> int:
        """The number of characters."""
        return self.length

    @property
    def minimums(self) -> dict[str, int]:
        """The minimum number of characters of each class, by its name."""
        return {name: self._minimum(name) for name in CLASS_NAMES}

    @property
    def classes(self) -> dict[str, str]:
        """The characters of each class that may appear, by its name; "" if none may."""
        return {name: _without(self._chosen(name), self.excluded) for name in CLASS_NAMES}

    @property
    def excluded(self) -> frozenset[str]:
        """All characters that may not appear."""
        return _excluded(self.exclude, lookalikes=self.exclude_lookalikes)

    @property
    def alphabet(self) -> str:
        """All characters that may appear."""
        return self.strings.alphabet.decode("ascii")

    @property
    def strings(self) -> RuledStrings:
        """The passwords, in the form for counting and drawing."""
        return _strings(self)

    @property
    def count(self) -> int:
        """The exact number of different passwords."""
        return self.strings.count

    def _chosen(self, name: str) -> str:
        """Return the characters of the class before the exclusions."""
        if name == "symbols":
            return self.symbols
        return str(getattr(alphabets, name.upper())) if getattr(self, name) else ""

    def _minimum(self, name: str) -> int:
        minimum = getattr(self, f"min_{name}")
        return int(bool(self._chosen(name))) if minimum is None else int(minimum)

    def _check_rule(self) -> None:
        """Check that the rule allows passwords, and that they can be counted and drawn."""
        rule = passwordrules.parse(self.passwordrules)
        shortest, longest = rule.lengths(MIN_LENGTH, MAX_LENGTH)
        require_whole_number("length", self.length, minimum=shortest, maximum=longest)
        for members in rule.required:
            if not _without(members, self.excluded):
                raise EmptiedClassError(self._emptying_field(members), rule="passwordrules")
        if not self.alphabet:
            raise EmptiedAlphabetError(self._emptying_field(rule.allowed))
        self._check_cost()

    def _check_cost(self) -> None:
        """Check that there are passwords under the rule, and that one is counted and drawn fast."""
        strings = self.strings
        needed = sum(minimum for _members, minimum in strings.base.classes)
        if needed > self.length:
            raise MinimumsExceedLengthError("length", minimum=needed)
        if not strings.is_countable:
            raise UncountableError("passwordrules", length=self.length)
        if not strings.is_drawable:
            raise TooStrictError("passwordrules", length=self.length)

    def _check_minimums(self) -> None:
        for name in CLASS_NAMES:
            field = f"min_{name}"
            value = getattr(self, field)
            if value is not None:
                require_whole_number(field, value, minimum=0, maximum=self.length)
            if value and not self._chosen(name):
                raise MinimumOfUnchosenClassError(field, rule=name)
        needed = sum(self.minimums.values())
        if needed > self.length:
            raise MinimumsExceedLengthError("length", minimum=needed)

    def _check_classes(self) -> None:
        """Check that there are characters, also in each class that must appear."""
        if not any(self._chosen(name) for name in CLASS_NAMES):
            raise NoClassError("lowercase")
        classes = self.classes
        for name, minimum in self.minimums.items():
            if minimum and not classes[name]:
                raise EmptiedClassError(
                    self._emptying_field(self._chosen(name)), rule=f"min_{name}"
                )
        if not any(classes.values()):
            raise EmptiedAlphabetError("exclude")

    def _emptying_field(self, members: str) -> str:
        """Return the field that excludes all of *members*."""
        by_lookalikes = self.exclude_lookalikes and not _without(members, alphabets.LOOKALIKES)
        return "exclude_lookalikes" if by_lookalikes else "exclude"


def usual_length(rule: str) -> int:
    """Return the length of passwords under the password rule *rule* if none is given.

    Raises:
        RecipeError: the rule is not valid.
    """
    shortest, longest = passwordrules.parse(rule).lengths(MIN_LENGTH, MAX_LENGTH)
    return min(max(passwordrules.USUAL_LENGTH, shortest), longest)


def normalize_symbols(symbols: str) -> str:
    """Return the symbols sorted, without duplicates: equal sets make equal recipes."""
    found = _require_short_text("symbols", symbols, maximum=len(alphabets.SYMBOLS))
    if not found <= set(alphabets.SYMBOLS):
        raise ForbiddenCharactersError("symbols", allowed=alphabets.SYMBOLS)
    return "".join(sorted(found))


def normalize_exclusions(exclude: str) -> str:
    """Return the characters to exclude that can occur, sorted and without duplicates."""
    found = _require_short_text("exclude", exclude, maximum=MAX_EXCLUDED)
    if not "".join(found).isprintable():
        raise NotPrintableError("exclude")
    return "".join(sorted(found & _OCCURRING))


def _require_short_text(field: str, text: str, *, maximum: int) -> set[str]:
    """Return the characters of *text*, which may have at most *maximum*."""
    require_text(field, text)
    if len(text) > maximum:
        raise TooLongError(field, maximum=maximum)
    return set(text)


def _excluded(exclude: str, *, lookalikes: bool) -> frozenset[str]:
    """Return all excluded characters."""
    require_flag("exclude_lookalikes", lookalikes)
    return frozenset(normalize_exclusions(exclude)).union(
        alphabets.LOOKALIKES if lookalikes else ""
    )


def _without(members: str, excluded: Collection[str]) -> str:
    return "".join(member for member in members if member not in excluded)


def _ruled_strings(rule: PasswordRules, excluded: Collection[str], length: int) -> RuledStrings:
    """Return the strings under a password rule, without the excluded characters.

    Raises:
        TooManySetsError: they could not be counted in a bounded time.
    """
    if len(set(rule.required)) > (maximum := max_sets(length)):
        raise TooManySetsError("passwordrules", maximum=maximum, length=length)
    return ruled_strings(
        length=length,
        alphabet=_without(rule.allowed, excluded).encode("ascii"),
        sets=[(_without(members, excluded).encode("ascii"), 1) for members in rule.required],
        limits=rule.limits,
    )


@lru_cache(maxsize=64)
def _strings(recipe: CharacterRecipe) -> RuledStrings:
    """Return the recipe's strings, in the form for counting and drawing."""
    if recipe.passwordrules:
        rule = passwordrules.parse(recipe.passwordrules)
        return _ruled_strings(rule, recipe.excluded, recipe.length)
    classes = {name: members.encode("ascii") for name, members in recipe.classes.items()}
    return ruled_strings(
        length=recipe.length,
        alphabet=b"".join(classes.values()),
        sets=[(classes[name], minimum) for name, minimum in recipe.minimums.items()],
    )


@lru_cache(maxsize=8)  # each may have megabytes of exact counts
def sampler(recipe: CharacterRecipe) -> Sampler:
    """Return the sampler of this recipe."""
    return sampler_of(recipe.strings)
