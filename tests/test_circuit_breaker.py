"""The circuit breaker: when a store may be called after a failure."""

from __future__ import annotations

from passwords.circuit_breaker import CircuitBreaker


def test_one_caller_may_try_after_each_pause() -> None:
    moments = iter([0.0, 0.4, 0.5, 0.6])
    circuit = CircuitBreaker(pause_seconds=0.5, clock=lambda: next(moments))
    circuit.record_failure()

    allowed = [circuit.allows(), circuit.allows(), circuit.allows()]

    assert allowed == [False, True, False]


def test_a_success_closes_the_circuit_and_says_so_once() -> None:
    circuit = CircuitBreaker(pause_seconds=60)
    circuit.record_failure()

    closed = [circuit.record_success(), circuit.record_success()]

    assert closed == [True, False]
    assert [circuit.allows(), circuit.allows()] == [True, True]
