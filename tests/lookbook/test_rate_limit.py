"""The token bucket, against a clock of the test's own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lookbook.rate_limit import RateLimit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_at_once_and_then_at_its_rate() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    assert [limit.wait_s("a") for _ in range(60)] == [0] * 60
    assert limit.wait_s("a") == 1
    assert limit.wait_s("b") == 0, "each address has its own"
    clock.now += 1
    assert limit.wait_s("a") == 0
    assert limit.wait_s("a", 0.5) == 0.5


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from([0.1, 1.0, 5.0, 20.0])), max_size=60))
def test_never_more_than_the_bucket_and_what_flows_in(asked: list[tuple[float, float]]) -> None:
    clock, taken = Clock(), 0.0
    limit = RateLimit(30, clock)
    for pause, cost in asked:
        clock.now += pause
        wait = limit.wait_s("a", cost)
        taken += cost if wait == 0 else 0
        assert taken <= 30 + clock.now / 2 + 1e-6
        if wait:
            clock.now += wait + 1e-9
            assert limit.wait_s("a", cost) == 0, "what it says is enough"
            taken += cost


def test_a_cost_above_the_bucket_is_had_when_it_is_full() -> None:
    assert RateLimit(10, Clock()).wait_s("a", 20) == 0
