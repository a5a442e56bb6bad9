"""The likeliest to be asked for is built first."""

from portal.builder.tasks import CompressStreamlit, Render, Verify, tasks

IDS = ("2026-Q2", "2026-Q3", "2026-Q4")


def test_the_live_release_in_english_comes_first_then_what_may_go_live_next_then_what_a_roll_back_leads_to() -> None:
    built = [task for task in tasks(IDS, "2026-Q3", ("en", "es")) if isinstance(task, Verify | Render)]
    assert built == [
        Verify("2026-Q3"), Render("2026-Q3", "en"), Verify("2026-Q4"), Verify("2026-Q2"),
        Render("2026-Q4", "en"), Render("2026-Q3", "es"), Render("2026-Q4", "es"),
        Render("2026-Q2", "en"), Render("2026-Q2", "es")]


def test_while_no_release_is_live_the_newest_comes_first() -> None:
    for live in ("", "1999-Q1"):
        first, second, *_ = tasks(IDS, live, ("en",))
        assert (first, second) == (Verify("2026-Q4"), Render("2026-Q4", "en"))


def test_without_a_release_streamlits_files_are_compressed_all_the_same() -> None:
    assert list(tasks((), "", ("en",))) == [CompressStreamlit()]
