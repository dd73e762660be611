"""The tests of the page, in-process."""
