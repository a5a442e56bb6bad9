"""Each sentence about the City stands on a fact, each fact on a source; nothing is claimed that nobody confirmed."""

import re
import tomllib
from datetime import date

import pytest

from portal.language import day
from portal.language.gather import messages
from portal.navigation import PAGES, page_of
from portal.render.content import Edition, words
from portal.render.facts import LEDGER, Fact, Source, cited, contacts, facts, read, reference, sources
from portal.render.markup import help_box
from tests.content import CITED, LINK, Sentence, keys, sentences, shared, text, texts_of
from tests.source import report

ABOUT = re.compile(
    r"\b(the City|City's|Somerville|police|officers?|City Council|mayor|task force|PSFA|COHR|RSJ|the pilot|this pilot"
    r"|Public Safety for All|Department of|Chief|911|Denver|Cambridge|Indianapolis|by law|the law|reviews?|jail"
    r"|federal)\b",
    re.IGNORECASE)
# facts.md 7: what may not be said without the City's confirmation.
NEVER_CLAIMED = {
    r"(the )?(pilot|program|team) (is|has been) (now )?(running|live|active|operating)": "that it runs",
    r"(every|each|all) (call|caller)s? (gets?|receives?|will get) (a|the) (co-responder|team)": "that one comes",
    r"(no|without any) police (will|officers? will) come|police (will|do) not come": "that police will not come",
    r"nobody (is|will be|was) (arrested|taken to)": "that nobody is arrested or taken to hospital",
    r"(makes|made|keeps) (people|residents|everyone|officers|Somerville) safer|is (safer|faster|cheaper)": "an outcome",
    r"\d+ ?(%|percent) of (residents|people surveyed|respondents)": "a percentage of the survey",
    r"task force of \d+|\d+ (members|people) (of|on) the task force": "the size of the task force",
    r"(licensed|certified) (clinician|social worker|co-responder)|\bclinicians? (goes?|rides?|comes?)": "a license",
    r"HIPAA|\banonym": "that data are this or that",
    r"(endorsed|approved|supported) by (the )?(City|Mayor|Council|Chief)": "endorsement",
    r"COHR (was founded|began|started|has existed since|serves \d)": "COHR's start or size",
    r"(is|works) better than": "that one model is better",
    r"\bward \d\b": "a ward's figures",
    r"official translation": "that a translation is official",
    r"(costs|budget of|funded by|grant of) \$?\d*": "money",
    r"do(es)? not ask about (immigration|papers|status)": "immigration practices",
}
CLAIM = re.compile("|".join(f"(?:{claim})" for claim in NEVER_CLAIMED), re.IGNORECASE)
DENIED = re.compile(r"^(We cannot|Nobody can) promise\b")
# Texts of the contract and the interface that speak of the City: the fact they stand on; "" where they say what this
# site does with what the City says or gives, and claim nothing of it.
OF_THE_CITY = re.compile(
    r"\b(the City|City's|City Council|COHR|PSFA|RSJ|police department|mayor|task force)\b", re.IGNORECASE)
STANDS_ON = {
    "It is the City’s own number, and this site has not checked it. Amounts that cover different things can't be "
    "compared.": "",
    "The City has not said.": "",
    "The City publishing it.": "",
    "The City’s words: {words}": "",
    "What the City says that it costs": "",
    "What the City says that the pilot cost in a quarter, in dollars, and what that covers.": "",
    "The City asking. Nothing is collected.": "",
    "The City collecting it.": "",
    "The City’s records do not hold it.": "",
    "Audits with the City's records": "",
    "If you kept a head hash, you can tell that nothing before it was changed since. Without one nobody can tell, so "
    "keep the brief of each meeting. It does not show that the numbers are right, nor that the first release was: for "
    "that they must be audited with the City's records.": "",
    "No audit with the City's records has been noted here yet.": "",
    "City Council's meetings": "",
    "City page, RSJ": "",
    "Not collected here. We do not know yet where the City takes complaints about a visit.": "",
    "Not in the City’s records, {period}: {groups}. This does not mean there were none.": "",
    "Not known: the City has given this site no records from before the pilot.": "",
    "Not known: the City has not said.": "",  # what it costs, and who pays: so the ledger has us say it
    "Not known: we found no word of the City on their training or license.": "",
    "What the city put into the program.": "",
    "The City says that on {when} the pilot had not started.": "",  # said where content/status.toml cites its word
    "The City says that the pilot ended on {when}.": "",
    "The City says that the pilot paused on {when}.": "",
    "The City says that the pilot started on {when}.": "",
    "the City's own open data on calls waits one month": "open_data",
    "Tell the City: call": "language_contact",
    "The City has not said. What this site can say is below.": "",
    "This site does not seem to hold that. It is about the co-response pilot: its calls, what happened, who is served, "
    "and how it works. For other services of the City, call 311.": "language_contact",
    "The City: {counts}.": "",
    "Release {release} replaced wrong numbers: {question} The City's words: {words}": "",  # whose words follow
    "Release {release} withdrew wrong numbers: {question} The City's words: {words}": "",
    "the site of Jake Wilson, then a councilor, now mayor": "",  # whose site a source is
    "Confirmed by the City": "",
    "Reported by {source}; not confirmed by the City": "",
    "Sources of what is said about the City, the law and the evidence": "",
    "Data is awaited. The first numbers are due 45 days after the first quarter that the City counts. Until then this "
    "page explains what will be shown, and how to get help.": "",
    "the City's records do not hold it": "",  # what a mapping lists as not collected
    "It is not collected until the City asks. With a low response rate, those who answered may not speak for the "
    "others.": "",
    "Responses in which an officer used force as the police department's own reports define it, out of all "
    "responses.": "",  # whose word is counted
}
NUMBER = re.compile(r"(?<![\d.])(?:\+?1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?: x ?\d+)?"
                    r"|(?<![\d.])\b[2-9]11\b(?![\d.])")


def every_sentence() -> list[Sentence]:
    return [sentence for key in keys() if key != "data/privacy" for sentence in sentences(key)]


def test_every_source_and_fact_is_whole() -> None:
    assert len(sources()) > 20
    assert len(facts()) > 40
    for name, source in sources().items():
        assert re.match(r"https://[^\s]+$", source.url), name
        assert source.title and source.short and source.seen, name
    for name, fact in facts().items():
        assert fact.tag in ("CITY", "PUBLIC", "PRESS", "CHECK"), name
        assert fact.says.endswith("."), name
        assert bool(fact.by) == bool(fact.on), f"{name} is confirmed by nobody or on no day"


@pytest.mark.parametrize(("row", "lost"), [
    ('[facts.x]\ntag = "CITY"\nsays = "It is so."', "source"),
    ('[facts.x]\ntag = "CITY"\nsays = "It is so."\nsource = "nobody"', "nobody"),
])
def test_a_fact_without_a_source_is_refused(row: str, lost: str) -> None:
    with pytest.raises(KeyError, match=lost):
        read(f"[sources]\n{row}\n[contacts]\n")


def test_every_mark_names_a_fact_and_none_that_is_still_to_be_checked() -> None:
    marks = {(sentence.key, mark) for sentence in every_sentence() for mark in CITED.findall(sentence.text)}
    assert len(marks) > 40
    unknown = sorted(f"{key}: {mark}" for key, mark in marks if mark not in facts())
    assert not unknown, report("No such fact in content/facts.toml:", unknown)
    unsure = sorted(f"{key}: {mark}" for key, mark in marks if facts()[mark].tag == "CHECK")
    assert not unsure, report("A CHECK is not shown as a fact:", unsure)


def test_every_fact_of_the_ledger_is_cited_somewhere() -> None:
    cited = {mark for key in keys() for mark in CITED.findall(text(key))}
    cited |= {row.get("fact", "") for row in _commitments()} | {row.get("reported", "") for row in _commitments()}
    assert not sorted(set(facts()) - cited), "These facts stand on no page: take them out, or say them."


def _commitments() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = tomllib.loads((LEDGER.parent / "commitments.toml").read_text("utf-8"))["commitment"]
    return rows


def without_fact(found: list[Sentence]) -> list[str]:
    """Sentences about the City, the law or the evidence that name no fact and are not said to be ours."""
    return [f"{row.key}: {row.plain}" for row in found if ABOUT.search(row.plain)
            and not CITED.search(row.text) and "{ours}" not in row.text]


def test_every_sentence_about_the_city_names_its_fact() -> None:
    assert len([sentence for sentence in every_sentence() if ABOUT.search(sentence.plain)]) > 60
    findings = without_fact(every_sentence())
    assert not findings, report("Say on which fact it stands, {fact:id}, or that it is about this site, {ours}:",
                                findings)


def test_a_sentence_without_its_fact_is_found() -> None:
    assert without_fact([Sentence("x", "The City sends a team."), Sentence("x", "It is so. {fact:pairs}")]) == [
        "x: The City sends a team."]


def of_the_interface() -> list[str]:
    """Texts of the contract and the interface that speak of the City. A promise names its fact in its own file."""
    promises = {row["promise"] for row in _commitments()}
    said = {
        text
        for message in messages()
        if message.id
        for text in ([message.id] if isinstance(message.id, str) else message.id)
    }
    return sorted(text for text in said - promises if OF_THE_CITY.search(text) and not text.endswith("?"))


def test_the_contract_and_the_interface_say_nothing_of_the_city_without_a_fact() -> None:
    new = [text for text in of_the_interface() if text not in STANDS_ON]
    assert not new, report("Say in STANDS_ON which fact it stands on, or that it claims nothing of the City:", new)
    assert sorted(set(STANDS_ON) - set(of_the_interface())) == [], "These are said no more."
    assert {fact for fact in STANDS_ON.values() if fact} <= set(facts())
    claims = [text for text in of_the_interface() if CLAIM.search(text) and not DENIED.search(text)]
    assert not claims, report("Never claimed without the City's confirmation:", claims)


def test_nothing_is_claimed_that_the_city_has_not_confirmed() -> None:
    claims = [f"{sentence.key}: {sentence.plain}" for sentence in every_sentence()
              if CLAIM.search(sentence.plain) and not DENIED.search(sentence.plain)]
    assert not claims, report("Never claimed without the City's confirmation:", claims)


@pytest.mark.parametrize("text", [
    "The pilot is running.", "Every caller gets a co-responder.", "Police will not come.", "Nobody is arrested.",
    "It makes residents safer.", "84% of residents want it.", "A task force of 13", "It was endorsed by the Mayor.",
    "Co-response is better than others.", "Figures of ward 3", "A licensed clinician comes.", "It costs $100.",
])
def test_a_claim_is_found(text: str) -> None:
    assert CLAIM.search(text)


def test_the_press_is_reported_and_a_confirmation_shows() -> None:
    source = Source("A paper", "Paper", "https://example.org", "autumn 2026")
    press = Fact("x", "PRESS", "It is so.", source)
    assert "Reported by " in reference(press)
    assert "; not confirmed by the City" in reference(press)
    assert 'href="https://example.org"' in reference(press)
    sure = Fact("x", "PRESS", "It is so.", source, "the police department", "2027-01-15")
    assert "confirmed by the police department, January 15, 2027" in reference(sure)
    assert "not yet" not in reference(sure)
    assert "To be confirmed" in reference(Fact("x", "CHECK", "It is so.", source))


def test_one_line_in_the_ledger_confirms_a_fact() -> None:
    line = '[facts.started]\nconfirmed = { by = "RSJ", on = 2027-01-15 }\n'
    assert "[facts.started]\n" in LEDGER.read_text("utf-8")
    confirmed = read(LEDGER.read_text("utf-8").replace("[facts.started]\n", line))[1]["started"]
    assert (confirmed.by, confirmed.on) == ("RSJ", "2027-01-15")


def test_sentences_in_a_row_from_one_source_show_it_once() -> None:
    html = cited("<p>One. {fact:pairs} Two. {fact:first_of_kind} Three. {ours} Four. {fact:started}</p>")
    assert html.count("City announcement") == 1
    assert html.index("Two.") < html.index("City announcement") < html.index("Three.") < html.index("Reported by")
    assert "{" not in html


def test_no_mark_reaches_a_reader() -> None:
    for key in keys():
        assert not re.search(r"\{(fact|original|ours|#)", words(key, Edition("/plain", ""))), key


def test_the_accessibility_contact_is_the_city_s_letter_by_letter() -> None:
    verbatim = re.search(r'"(Persons with disabilities.*?)"', shared("facts.md"))
    assert verbatim
    assert facts()["accessibility_contact"].says == verbatim[1]
    shown = re.sub(r"\s+", " ", text("accessibility/contact"))
    assert f"> {verbatim[1]} {{fact:accessibility_contact}}" in shown


def test_numbers_to_call_stand_in_the_ledger_alone_and_are_the_same_everywhere() -> None:
    known = {contact.number for contact in contacts().values()} | {"711"}  # the relay service
    found = {(key, number) for key in keys() for number in NUMBER.findall(text(key))}
    assert found
    wrong = sorted(f"{key}: {number}" for key, number in found if number not in known)
    assert not wrong, report("This number is not in content/facts.toml:", wrong)


def test_the_help_box_is_made_from_the_ledger_in_the_order_of_urgency() -> None:
    box = help_box()
    places = [box.index(f'href="tel:{contacts()[name].call}"')
              for name in ("emergency", "lifeline", "help_line", "health_alliance")]
    assert places == sorted(places)
    for contact in contacts().values():
        if contact.checked:
            assert day(date.fromisoformat(contact.checked).isoformat()) in box
    assert ("have not test-called" in box) == any(not contact.checked for contact in list(contacts().values())[:4])


def test_links_within_the_site_lead_somewhere() -> None:
    anchors = {page.slug: set(re.findall(r"\{#([\w-]+)\}", "".join(map(text, texts_of(page.id)))))
               for page in PAGES}
    for page in PAGES:
        anchors[page.slug] |= {name for card in page.cards for name in (card.id, *card.holds)} | set(page.figures)
    for page in PAGES:
        for key in texts_of(page.id):
            for _, url in LINK.findall(text(key)):
                if url.startswith(("page:", "#")):
                    slug, _, anchor = url.removeprefix("page:").partition("#")
                    slug = slug if url.startswith("page:") else page.slug
                    assert page_of(slug), f"{key} leads to {url}"
                    assert not anchor or anchor in anchors[slug], f"{key} leads to {url}"
