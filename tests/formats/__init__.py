"""Tests of the formats: no Django, no server; documents are read by the programs they are for."""
