"""Settings come from the environment or their default; one that can't be read is refused in a sentence."""

from pathlib import Path

import pytest

from portal.errors import BadSetting
from portal.settings import SETTINGS, Settings, read


def test_without_an_environment_the_shipped_releases_are_shown_to_this_machine_alone() -> None:
    assert read({}) == Settings()
    assert Path(read({}).releases).parts[-2:] == ("data", "releases")
    assert (read({}).host, read({}).port) == ("127.0.0.1", 8501)


def test_the_environment_wins_and_an_empty_variable_is_as_none() -> None:
    settings = read({"PORTAL_PORT": "9000", "PORTAL_HOST": ""})
    assert (settings.port, settings.host) == (9000, "127.0.0.1")


def test_a_folder_may_begin_at_home() -> None:
    assert read({"PORTAL_RELEASES": "~/releases"}).releases == str(Path.home() / "releases")


@pytest.mark.parametrize("given", ["eighty", "-1", "8501.5", "²", "٣", " 80 80"])
def test_a_port_that_is_no_number_is_refused_with_its_name(given: str) -> None:
    with pytest.raises(BadSetting, match="PORTAL_PORT") as refused:
        read({"PORTAL_PORT": given})
    assert "whole number" in str(refused.value)


@pytest.mark.parametrize("given", ["co-response.example.org", "ftp://x.org", 'https://x.org/"', "https://x.org/?a=b"])
def test_an_address_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(BadSetting, match="PORTAL_ADDRESS"):
        read({"PORTAL_ADDRESS": given})


def test_an_unknown_way_to_log_is_refused() -> None:
    with pytest.raises(BadSetting, match="PORTAL_LOG is 'xml'"):
        read({"PORTAL_LOG": "xml"})


def test_english_is_always_rendered_and_the_others_are_named() -> None:
    assert read({}).languages == ("en", "es", "pt-BR", "ht", "ne")
    assert read({"PORTAL_AHEAD": "none"}).languages == ("en",)
    assert read({"PORTAL_AHEAD": "ht, es"}).languages == ("en", "ht", "es")


@pytest.mark.parametrize("settings", [
    Settings(), Settings(ahead=(), metrics=True, pseudo=True, port=9000, address="https://portal.example.org"),
    Settings(releases="postgresql+psycopg://reader@db/portal", cache=Path("/var/cache/portal"), log="json")])
def test_a_child_process_gets_the_same_settings(settings: Settings) -> None:
    assert read(settings.environment()) == settings


def test_every_setting_is_declared_once() -> None:
    assert [setting.name for setting in SETTINGS] == list(Settings.__dataclass_fields__)


@pytest.mark.parametrize(("url", "path", "site"), [
    ("https://example.org/portal", "/portal", "https://example.org/portal"),
    ("http://127.0.0.1:8501/a/co-response/", "/a/co-response", "http://127.0.0.1:8501/a/co-response"),
    ("/portal/", "/portal", "http://127.0.0.1:8501/portal"), ("https://example.org", "", "https://example.org")])
def test_an_address_may_have_a_path(url: str, path: str, site: str) -> None:
    settings = read({"PORTAL_ADDRESS": url})
    assert (settings.path, settings.site) == (path, site)


@pytest.mark.parametrize("url", [
    "https://example.org/a b", "https://example.org/<x>", "https://example.org/..", "//example.org", "/a//b",
    'https://example.org/"', "https://example.org/a?b"])
def test_an_address_with_another_path_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="PORTAL_ADDRESS"):
        read({"PORTAL_ADDRESS": url})


def test_who_may_show_the_pages_in_a_frame_is_named_by_addresses_without_a_path() -> None:
    two = read({"PORTAL_FRAMED_BY": "https://www.example.org http://localhost:3000"})
    assert two.framed_by == ("https://www.example.org", "http://localhost:3000")
    for wrong in ("*", "example.org", "https://example.org/page", "https://a.example; script-src *"):
        with pytest.raises(BadSetting, match="PORTAL_FRAMED_BY"):
            read({"PORTAL_FRAMED_BY": wrong})
