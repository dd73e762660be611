"""Tests of the use cases and questions."""
