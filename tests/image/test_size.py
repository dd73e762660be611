"""The image weighs no more than it may, in bytes above its base."""

from tests.image.containers import docker
from tools.image_size import MEGABYTE, own_size

BASE = "cgr.dev/chainguard/python:latest"


def test_it_adds_no_more_to_the_base_than_the_courses_flask_app(image: str) -> None:
    # `make image-size` watches the goal below it, 14.4 MB.
    assert own_size(image, BASE) <= 18.3 * MEGABYTE


def test_the_postgresql_driver_adds_at_most_12_mb_more(image: str, postgres_image: str) -> None:
    assert own_size(postgres_image, image) <= 12 * MEGABYTE


def test_it_is_built_on_its_base(image: str) -> None:
    layers = docker("inspect", "--format", "{{json .RootFS.Layers}}", image)
    base = docker("inspect", "--format", "{{json .RootFS.Layers}}", BASE)

    assert layers.startswith(base.removesuffix("]"))
