"""Tests of the audit and of the chain of seals."""
