"""Tests of the commands: most of them in this process, some as programs of their own."""
