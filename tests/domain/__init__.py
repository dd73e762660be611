"""Tests of the pure domain: no Django, no server, no clock."""
