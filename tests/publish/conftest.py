"""What tests of publishing share: a clock that stands after all days they publish on, whenever they run."""

from collections.abc import Iterator

import pytest

from tests.publish import made


@pytest.fixture(autouse=True)
def late_clock() -> Iterator[None]:
    """It is the year 2031."""
    with made.in_2031():
        yield
