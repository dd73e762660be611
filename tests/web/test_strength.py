"""The strength of a recipe: exact, in words, and free of charge."""

from fractions import Fraction

import pytest
from django.utils import translation

from passwords import domain
from passwords.domain.guessing import SECONDS_PER_YEAR, UNIVERSE_YEARS, Duration, Unit, duration
from passwords.numbers import bits_text
from passwords.presentation import durations
from passwords.presentation.strength import report, verdict
from tests.web.conftest import Visit

pytestmark = pytest.mark.any_database

YEAR = Fraction(SECONDS_PER_YEAR)
UNIVERSE = YEAR * UNIVERSE_YEARS


def test_a_recipe_that_cannot_be_names_its_field(get: Visit) -> None:
    answer = get("/?kind=pin&length=99", headers={"accept-language": "en"})

    summary = answer.page.one(id="problems")
    assert summary.text.strip() == "Length: must be between 3 and 32"
    link = summary.one("a")
    field = answer.page.one(id=link.attributes["href"].removeprefix("#"))
    assert field.attributes["name"] == "length"
    beside = answer.page.one(id=field.attributes["aria-describedby"])
    assert answer.page.one("main").text.count(beside.text) == 2


@pytest.mark.parametrize(
    ("kind", "parameters", "counting"),
    [
        ("characters", {"length": 8}, "N = 94<sup>8</sup>, minus those"),
        (
            "characters",
            {
                "length": 8,
                "symbols": False,
                **dict.fromkeys(("min_lowercase", "min_uppercase", "min_digits"), 0),
            },
            "N = 62<sup>8</sup>",
        ),
        ("passphrase", {"words": 6}, "N = 7,772<sup>6</sup>"),
        ("passphrase", {"words": 6, "separator": "."}, "N = 7,776<sup>6</sup>"),
        (
            "passphrase",
            {"words": 6, "insert": "digit"},
            "N = 7,772<sup>6</sup> &times; 60 (digits and symbols)",
        ),
        (
            "passphrase",
            {
                "words": 3,
                "separators": "_.:",
                "capitalize": "random",
                "insert_digits": 1,
                "insert_symbols": 1,
            },
            "N = 7,776<sup>3</sup> &times; 9 (separators) &times; 8 (capitals) &times; 1,200 (d",
        ),
        ("pin", {"length": 4}, "N = 10<sup>4</sup>"),
        ("pin", {"length": 4, "repeats_or_runs": False}, "N = 10<sup>4</sup> &minus; 120"),
        ("token", {"encoding": "hex", "bytes": 16}, "N = 2<sup>128</sup>"),
        ("token", {"encoding": "uuid4"}, "N = 2<sup>122</sup>"),
        ("token", {"encoding": "wireguard"}, "N = 2<sup>251</sup>"),
        ("token", {"encoding": "base58", "bytes": 16}, "N = 58<sup>22</sup>"),
        ("token", {"encoding": "django"}, "N = 50<sup>50</sup>"),
        (
            "pattern",
            {"pattern": "UU-dU"},
            "N = 36<sup>3</sup> \N{MULTIPLICATION SIGN} 10",
        ),
    ],
)
def test_the_formula_is_that_of_the_recipe(
    kind: str, parameters: dict[str, object], counting: str
) -> None:
    with translation.override("en"):
        assert report(domain.build(kind, parameters)).counting.startswith(counting)


@pytest.mark.parametrize(
    ("parameters", "left_out"),
    [
        ({"separator": "-"}, "7,772 of the list's 7,776 words are "),
        ({"separator": "", "wordlist": "eff-short-1"}, "1,295 of the list's 1,296 words are "),
        ({"separator": "."}, ""),
        ({"wordlist": "es"}, ""),
    ],
)
def test_the_words_that_are_left_out_are_listed(
    parameters: dict[str, object], left_out: str
) -> None:
    with translation.override("en"):
        listed = report(domain.build("passphrase", parameters)).left_out

    assert listed.startswith(left_out)
    assert bool(listed) == bool(left_out)


def test_the_number_of_secrets_is_given_in_full_or_to_three_figures() -> None:
    with translation.override("en"):
        assert report(domain.build("pin", {"length": 4})).possibilities == "10,000"
        huge = report(domain.build("token", {"bytes": 1024})).possibilities
    assert huge == "&asymp; 1.09 &times; 10<sup>2,466</sup>"


def test_numbers_are_written_as_the_language_does() -> None:
    with translation.override("pt-br"):
        huge = report(domain.build("token", {"bytes": 1024}))

    assert huge.bits == "8.192,00"
    assert huge.counting == "N = 2<sup>8.192</sup>"
    assert huge.possibilities == "&asymp; 1,09 &times; 10<sup>2.466</sup>"


@pytest.mark.parametrize(
    ("language", "fault"),
    [("en", "at most 106.3 bits"), ("pt-br", "no máximo 106,3 bits"), ("es", "106,3 bits")],
)
def test_an_error_writes_an_entropy_as_the_language_does(
    get: Visit, language: str, fault: str
) -> None:
    answer = get("/?kind=pin&measure=bits&bits=256", headers={"accept-language": language})

    assert fault in answer.page.one(id="problems").text


def test_the_meter_ends_where_more_makes_no_difference() -> None:
    assert report(domain.build("token", {"bytes": 1024})).meter == "128.00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (Fraction(1, 2), "less than a second"),
        (Fraction(1), "1 second"),
        (Fraction(3, 2), "1.5 seconds"),
        (Fraction(7200), "2 hours"),
        (86_400 * Fraction(45), "45 days"),
        (YEAR * 10, "10 years"),
        (YEAR * 35_000, "35 thousand years"),
        (YEAR * 2_500_000, "2.5 million years"),
        (YEAR * 10**9, "1 billion years"),
        (UNIVERSE * 25, "25 times the age of the universe"),
        (UNIVERSE * 7_000, "7 thousand times the age of the universe"),
        (UNIVERSE * 9_100_000, "9.1 million times the age of the universe"),
        (UNIVERSE * 30 * 10**9, "30 billion times the age of the universe"),
        (UNIVERSE * 10**23, "10<sup>23</sup> times the age of the universe"),
    ],
)
def test_a_duration_is_written_in_words(seconds: Fraction, text: str) -> None:
    with translation.override("en"):
        assert durations.in_words(duration(seconds)) == text


@pytest.mark.parametrize(
    ("language", "years", "text"),
    [
        ("pt-br", 1_000, "1 mil anos"),
        ("pt-br", 1_000_000, "1 milhão de anos"),
        ("pt-br", 1_500_000, "1,5 milhão de anos"),
        ("pt-br", 2_500_000, "2,5 milhões de anos"),
        ("pt-br", 10**9, "1 bilhão de anos"),
        ("pt-br", 14 * 10**8, "1,4 bilhão de anos"),
        ("es", 1_000, "mil años"),
        ("es", 1_000_000, "1 millón de años"),
        ("es", 1_500_000, "1,5 millones de años"),
        ("es", 10**9, "mil millones de años"),
    ],
)
def test_one_million_is_singular(language: str, years: int, text: str) -> None:
    with translation.override(language):
        assert durations.in_words(duration(YEAR * years)) == text


def test_rounding_never_leaves_the_words_behind() -> None:
    last = Duration(amount=Fraction(14 * 10**9), unit=Unit.YEAR)

    with translation.override("en"):
        assert durations.in_words(last) == "14 billion years"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "just now"), (1, "1 min ago"), (60, "1 h ago"), (1440 * 5, "5 days ago")],
)
def test_an_age_is_written_briefly(minutes: int, text: str) -> None:
    with translation.override("en"):
        assert durations.age(minutes) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(1, "1 min left"), (1440, "24 h left"), (1440 * 3, "3 days left")]
)
def test_the_time_left_is_written_briefly(minutes: int, text: str) -> None:
    with translation.override("en"):
        assert durations.time_left(minutes) == text


@pytest.mark.parametrize(
    ("length", "label", "chances"),
    [
        (3, "Too short for a PIN", ["333", "100"]),
        (4, "Enough for a card", ["3,333", "1,000"]),
        (6, "Good PIN", ["333,333", "100,000"]),
        (8, "Good PIN", ["33,333,333", "10,000,000"]),
        (9, "Strong PIN", ["333,333,333", "100,000,000"]),
        (32, "Strong PIN", ["10<sup>31</sup>", "10<sup>31</sup>"]),
    ],
)
def test_a_pin_is_judged_by_the_tries_before_a_lock(
    length: int, label: str, chances: list[str]
) -> None:
    recipe = domain.build("pin", {"length": length})

    with translation.override("en"):
        found = report(recipe)

        assert str(found.verdict.label) == label
        outcomes = [attack.outcome for attack in found.attacks]
        assert outcomes[:2] == [f"1 chance in {number}" for number in chances]


def test_a_website_gives_a_pin_of_six_digits_seven_months() -> None:
    with translation.override("en"):
        *_locks, website = report(domain.build("pin", {"length": 6})).attacks

        assert (str(website.limit), website.outcome) == ("100 guesses an hour", "210 days")


def test_the_meter_of_pins_ends_at_the_longest_of_a_card() -> None:
    longest = report(domain.build("pin", {"length": 12}))

    assert longest.meter == longest.meter_end == "39.86"
    assert report(domain.build("pin", {"length": 32})).meter == "39.86"


def test_a_secret_that_is_no_pin_is_judged_by_its_entropy() -> None:
    old = {"length": 4, "symbols": False, "uppercase": False, "lowercase": False}

    assert verdict(domain.build("characters", old)).level == 0
    assert verdict(domain.build("token", {"bytes": 1024})).level == 4


def test_the_preset_for_pins_is_not_called_weak(post: Visit) -> None:
    answer = post(policy="pin")

    beside_secret = answer.page.one(class_="verdict")
    assert beside_secret.attributes["data-level"] == "3"
    assert beside_secret.one("strong").text == answer.page.one("em").text == "PIN bom"


def test_bits_are_rounded_down_and_written_as_the_language_does() -> None:
    with translation.override("pt-br"):
        assert bits_text(77.549, 2) == "77,54"
