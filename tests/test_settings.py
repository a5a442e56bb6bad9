"""Settings come from the environment or their default; one that can't be read is refused in a sentence."""

from pathlib import Path

import pytest

from portal.errors import BadSetting
from portal.settings import SETTINGS, folder, number, setting


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in SETTINGS:
        monkeypatch.delenv(one.variable, raising=False)


def test_without_an_environment_the_shipped_releases_are_shown_to_this_machine_alone() -> None:
    assert folder("releases").parts[-2:] == ("data", "releases")
    assert setting("host") == "127.0.0.1"
    assert number("port") == 8501


def test_the_environment_wins_and_an_empty_variable_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PORT", "9000")
    monkeypatch.setenv("PORTAL_HOST", "")
    assert number("port") == 9000
    assert setting("host") == "127.0.0.1"


def test_a_folder_may_begin_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RELEASES", "~/releases")
    assert folder("releases") == Path.home() / "releases"


@pytest.mark.parametrize("given", ["eighty", "-1", "8501.5", "²", "٣", " 80 80"])
def test_a_port_that_is_no_number_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PORTAL_PORT", given)
    with pytest.raises(BadSetting, match="PORTAL_PORT") as refused:
        number("port")
    assert "whole number" in str(refused.value)


def test_a_setting_nobody_declared_does_not_exist() -> None:
    with pytest.raises(KeyError):
        setting("colour")
