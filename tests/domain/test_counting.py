"""Numbers of strings, against sums over compositions and against trying all strings."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from passwords.domain.counting import Demand, completions, count_strings
from tests.domain.oracles import count_by_compositions

demands = st.lists(st.builds(Demand, st.integers(1, 40), st.integers(1, 12)), max_size=4)


@given(demands, st.integers(0, 40), st.integers(0, 30))
def test_the_recurrence_agrees_with_the_sum_over_compositions(
    demands: list[Demand], free: int, length: int
) -> None:
    sizes = [*(demand.size for demand in demands), free]
    minimums = [*(demand.minimum for demand in demands), 0]

    counted = count_strings(tuple(demands), free=free, length=length)

    assert counted == count_by_compositions(sizes, minimums, length)


@given(
    st.lists(st.builds(Demand, st.integers(1, 2), st.integers(1, 3)), max_size=3),
    st.integers(0, 1),
    st.integers(0, 6),
)
def test_the_recurrence_agrees_with_trying_all_strings(
    demands: list[Demand], free: int, length: int
) -> None:
    labels = [index for index, demand in enumerate(demands) for _ in range(demand.size)]
    everything = product([*labels, *["free"] * free], repeat=length)
    found = sum(
        all(string.count(index) >= demand.minimum for index, demand in enumerate(demands))
        for string in everything
    )

    counted = count_strings(tuple(demands), free=free, length=length)

    assert counted == found


def test_each_subset_of_classes_is_counted_for_each_length() -> None:
    tables = completions((Demand(2, 1), Demand(3, 2)), free=1, length=3)

    assert tables == (
        [1, 1, 1, 1],  # the free character alone
        [0, 2, 3**2 - 1, 3**3 - 1],  # with one or more of two
        [0, 0, 3**2, 3 * 3**2 + 3**3],  # with two or more of three
        [0, 0, 0, 3 * 2 * 3**2],  # with both
    )
