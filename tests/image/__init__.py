"""Tests that build the container image and run it as a deployment does: `make image-test`."""
