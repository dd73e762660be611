"""Any recipe can be drawn from: one secret, a list, or a stream of lines."""

import dataclasses
import subprocess
import sys

import pytest

from passwords.domain import RECIPES, Recipe, build, draw, draw_many, longest, stream
from tests.domain.sources import RepeatableBytes

FORKING = """
import os, sys
from passwords.domain import CharacterRecipe, PassphraseRecipe, PinRecipe, TokenRecipe, draw, stream

recipes = [
    CharacterRecipe(), CharacterRecipe(min_digits=3), CharacterRecipe(min_digits=17),
    PinRecipe(length=24, repeats_or_runs=False), TokenRecipe(), PassphraseRecipe(words=10),
]
streams = [stream(recipe, 20_000) for recipe in recipes]
for recipe, lines in zip(recipes, streams):
    draw(recipe)
    next(lines)  # whatever the parent might buffer, it has begun to
for _ in range(4):
    if not (child := os.fork()):
        for recipe, lines in zip(recipes, streams):
            sys.stdout.buffer.write(next(lines)[:20_000].rpartition(b"\\n")[0] + b"\\n")
            sys.stdout.write(draw(recipe) + "\\n")
            sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(params=sorted(RECIPES))
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return RECIPES[request.param]()


def test_a_recipe_has_its_kind_size_and_entropy(recipe: Recipe) -> None:
    assert RECIPES[recipe.kind] is type(recipe)
    assert recipe.size > 0
    assert 2**recipe.entropy_bits == pytest.approx(recipe.count)


def test_a_recipe_cannot_be_changed(recipe: Recipe) -> None:
    name = dataclasses.fields(recipe)[0].name

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(recipe, name, None)


def test_each_secret_is_another_one(recipe: Recipe) -> None:
    secrets = {draw(recipe), *draw_many(recipe, 1000)}

    assert len(secrets) > 990  # of a million PINs, one or two may well come twice


@pytest.mark.parametrize("count", [0, 1, 2, 5000])
def test_the_requested_number_of_secrets_is_drawn(recipe: Recipe, count: int) -> None:
    listed = draw_many(recipe, count)
    streamed = b"".join(stream(recipe, count))

    assert len(listed) == count
    assert streamed.count(b"\n") == count
    assert streamed.isascii()


def test_a_long_list_is_what_the_stream_gives(recipe: Recipe) -> None:
    listed = draw_many(recipe, 101, random_bytes=RepeatableBytes("same"))
    streamed = b"".join(stream(recipe, 101, random_bytes=RepeatableBytes("same")))

    assert streamed.decode("ascii").split("\n") == [*listed, ""]


def test_a_single_secret_comes_from_the_given_source(recipe: Recipe) -> None:
    first, second = (draw(recipe, random_bytes=RepeatableBytes("same")) for _ in range(2))

    assert first == second


def test_a_negative_number_of_secrets_is_refused_at_once(recipe: Recipe) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        stream(recipe, -1)


def test_forked_processes_never_give_the_same_secret() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKING], capture_output=True, check=True, timeout=60
    )

    secrets = done.stdout.splitlines()

    assert len(secrets) > 10_000
    assert len(set(secrets)) == len(secrets)


def test_no_secret_is_longer_than_the_longest(recipe: Recipe) -> None:
    drawn = draw_many(recipe, 50)

    assert max(len(secret.encode()) for secret in drawn) <= longest(recipe)


def test_the_longest_passphrase_has_the_longest_words_and_all_that_is_between_and_beside() -> None:
    recipe = RECIPES["passphrase"](words=3, separator=" - ", insert="digit")  # type: ignore[call-arg]  # of one of them

    assert longest(recipe) == 3 * len("aftermath") + 2 * len(" - ") + 1


def test_the_longest_passphrase_has_all_inserted_characters_and_one_of_the_separators() -> None:
    recipe = build("passphrase", {"words": 3, "separators": ".-", "insert_digits": 2})

    assert longest(recipe) == 3 * len("aftermath") + 2 + 2
