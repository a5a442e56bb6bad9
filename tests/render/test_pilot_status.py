"""Status of the pilot: what content/status.toml may say, and what readers are told."""

import pytest

from portal.errors import StatusWrong
from portal.language import override_language
from portal.render.facts import Fact, Source, facts
from portal.render.pilot_status import pilot_status, read

SOURCE = Source("A notice", "City notice", "https://city.example/notice", "autumn 2026")
LEDGER = {"notice": Fact("notice", "CITY", "It runs.", SOURCE), "paper": Fact("paper", "PRESS", "It runs.", SOURCE),
          "agreed": Fact("agreed", "PRESS", "It runs.", SOURCE, by="Department", on="2027-01-15"),
          "heard": Fact("heard", "CHECK", "It runs.", SOURCE)}


def says(status: str, since: str = "2027-03-31", fact: str = "notice") -> str:
    """The sentence for readers, with its source."""
    found = read(f'status = "{status}"\nsince = {since}\nfact = "{fact}"', LEDGER)
    assert found
    return found.plain


def test_each_status_is_shown_on_the_city_s_word_with_its_source() -> None:
    assert says("not_started") == "The City says that on March 31, 2027 the pilot had not started. (City notice)"
    assert says("running") == "The City says that the pilot started on March 31, 2027. (City notice)"
    assert says("paused") == "The City says that the pilot paused on March 31, 2027. (City notice)"
    assert says("ended").startswith("The City says that the pilot ended on March 31, 2027.")


def test_a_report_of_the_press_is_marked_as_one_until_it_is_confirmed() -> None:
    assert says("running", '"2026-05"', "paper") == (
        "The pilot is reported to have started by May 2026. (Reported by City notice; not confirmed by the City)")
    assert says("running", fact="agreed").startswith("The City says that the pilot started on March 31, 2027.")


def test_an_empty_file_claims_nothing() -> None:
    assert read("# nobody has said anything yet\n", LEDGER) is None


@pytest.mark.parametrize(("text", "sentence"), [
    ("status = running", "is no TOML"),
    ('status = "running"', "fact is missing, since is missing"),
    ('status = "running"\nsince = 2027-03-31\nfact = "notice"\nby = "me"', "by is not known"),
    ('status = "over"\nsince = 2027-03-31\nfact = "notice"', "not_started, running, paused, ended"),
    ('status = "running"\nsince = 2027-03-31\nfact = "rumor"', "takes the name of a fact"),
    ('status = "running"\nsince = 2027-03-31\nfact = "heard"', "neither the City's word nor a report"),
    ('status = "running"\nsince = "2027-03"\nfact = "notice"', "takes a day without quotation marks"),
    ('status = "running"\nsince = "2027-13"\nfact = "paper"', "takes a day without quotation marks"),
    ('status = "running"\nsince = 2027-03-31T10:00:00\nfact = "notice"', "takes a day without quotation marks"),
    ('status = "ended"\nsince = 2027-03-31\nfact = "paper"', "on the City's own word alone"),
])
def test_a_bad_value_gets_one_sentence_that_names_the_file(text: str, sentence: str) -> None:
    with pytest.raises(StatusWrong, match=r"In content/status.toml: ") as refused:
        read(text, LEDGER)
    assert sentence in str(refused.value)


def test_what_ships_is_no_claim_that_nobody_confirmed() -> None:
    """docs: of the pilot's start there is a report of the press alone, until the City confirms that fact."""
    shipped = pilot_status()
    assert shipped is None or shipped.by_the_city or shipped.fact == facts()[shipped.fact.id]
    assert shipped is None or shipped.by_the_city or "reported" in shipped.plain


def test_the_sentence_is_in_the_reader_s_language() -> None:
    shipped = read('status = "running"\nsince = "2026-05"\nfact = "paper"', LEDGER)
    assert shipped
    english = shipped.plain
    for language in ("es", "pt-BR", "ht", "ne"):
        with override_language(language):
            assert shipped.plain != english
            assert "2026" in shipped.plain
