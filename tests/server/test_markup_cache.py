"""The markup of live pages is shared between sessions, and never of another release."""

from portal.render.rendered import Snapshot
from portal.server.markup_cache import MarkupCache

BEFORE, AFTER = Snapshot(None, {}, {}, "before"), Snapshot(None, {}, {}, "after")


def test_markup_is_cached_for_its_snapshot_alone() -> None:
    cache = MarkupCache()
    cache.of(BEFORE)["head"] = "before"
    assert cache.of(BEFORE) == {"head": "before"}
    assert cache.of(AFTER) == {}
    cache.of(AFTER)["head"] = "after"
    assert cache.of(AFTER) == {"head": "after"}


def test_a_session_that_began_before_a_new_snapshot_writes_nothing_into_its_markup() -> None:
    cache = MarkupCache()
    old = cache.of(BEFORE)
    cache.of(AFTER)
    old["head"] = "before"
    assert cache.of(AFTER) == {}


def test_addresses_without_end_do_not_fill_the_memory() -> None:
    cache = MarkupCache(entries=3)
    for number in range(100):
        cache.of(BEFORE)[number] = "piece"
        assert len(cache.of(BEFORE)) <= 3
