"""The request helper: turns a few choices into an email, a letter or words for the phone. Nothing is stored."""

from collections.abc import Mapping
from urllib.parse import quote

from portal.language import t
from portal.render.content import Edition
from portal.render.facts import Contact, contacts
from portal.render.forms import Field, Filled, SelectOptions, any_of, one_of
from portal.render.markup import block
from portal.render.rendered import RenderedRelease


def _ways() -> SelectOptions:
    return (("email", t("Write an email")), ("letter", t("Write a letter")), ("phone", t("Say it on the phone")))


def _aids() -> SelectOptions:
    return (("asl", t("An American Sign Language (ASL) interpreter")), ("cart", t("Live captions (CART)")),
            ("listening", t("A hearing device (assistive listening)")), ("braille", t("Braille")),
            ("large", t("Large print")), ("audio", t("Audio")), ("file", t("A file that a screen reader can read")),
            ("wheelchair", t("A place that I can reach with a wheelchair")), ("policy", t("A change in a rule")),
            ("other", t("Something else, which I explain")))


def _events() -> SelectOptions:
    return (("meeting", t("a public meeting")), ("program", t("a City program or service")),
            ("document", t("a document")), ("website", t("this website")))


def _replies() -> SelectOptions:
    return (("email", t("by email")), ("phone", t("by phone")), ("relay", t("by phone through the relay service, 711")),
            ("post", t("by post")))


def fields(given: Mapping[str, str]) -> tuple[Field, ...]:
    """The form's fields, as the URL's query fills them."""
    return (one_of("way", t("How will you ask?"), _ways(), given),
            one_of("what", t("What is it for?"), _events(), given),
            any_of("aid", t("What do you need? Choose any."), _aids(), given),
            one_of("reply", t("How should the City answer?"), _replies(), given))


def lines(chosen: tuple[Field, ...], spoken_aloud: bool) -> tuple[str, ...]:
    """The paragraphs of the request; what only the writer knows is in square brackets."""
    words = {field.name: [label for value, label in field.options if value in field.chosen] for field in chosen}
    aids = words["aid"] or [t("[say what you need]")]
    return (
        t("Hello, my name is [your name].") if spoken_aloud else t("Dear Adrienne Pomeroy,"),
        t("I am asking for help to take part, as a person with a disability."),
        t("It is for {what}: [name, day and place].", what=words["what"][0]),
        t("I need: {aids}.", aids="; ".join(aids)),
        t("Please answer me {how}: [your address or number].", how=words["reply"][0]),
        t("If you can't give me this, please tell me what else would work, and how I can appeal."),
        t("Thank you.") if spoken_aloud else t("Thank you. [your name]"))


def _mail(to: Contact, paragraphs: tuple[str, ...]) -> str:
    subject = quote(t("Request for an accommodation"))
    return f"mailto:{to.email}?subject={subject}&body={quote(chr(10).join(paragraphs))}"


def filled(_: RenderedRelease | None, given: Mapping[str, str], edition: Edition) -> Filled:
    """The form, and the request that its choices make."""
    chosen = fields(given)
    way, to = chosen[0].chosen[0], contacts()["accessibility"]
    paragraphs = lines(chosen, way == "phone")
    mail = _mail(to, paragraphs) if way == "email" else ""
    return Filled(chosen, "", block("request_text", way, paragraphs, to, mail))
