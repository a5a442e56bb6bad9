"""What tests of publishing share: a clock that stands after all days they publish on, whenever they run."""

from datetime import UTC, datetime

import pytest


@pytest.fixture(autouse=True)
def late_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the year 2031."""
    monkeypatch.setattr("portal.clock.clock", lambda: datetime(2031, 1, 1, 12, tzinfo=UTC))
