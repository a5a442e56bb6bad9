"""What a mapping declares beside its columns: breaks, the license, remarks that are right, what problems lead to.

Each function takes its table of the mapping and raises MappingWrong for whatever in it isn't known.
"""

from datetime import date

from portal.contract.contract import BREAKS
from portal.publish.ingest.problems import CHOICES, NEVER_LEFT_OUT, REASONS, Choice
from portal.publish.ingest.remark import REMARKS
from portal.publish.ingest.section import Part, like


def license_of(part: Part) -> tuple[str, str]:
    """The title and address of the terms of the published data; both empty until the City has named them."""
    title, address = part.text("title", ""), part.text("address", "")
    if bool(title) != address.startswith("https://") or bool(title) != bool(address):
        raise part.wrong("", "a license has a title and an address that begins with https://",
                         'Write title = "…" and address = "https://…".')
    part.done()
    return title, address


def breaks(part: Part) -> tuple[tuple[str, str], ...]:
    """Days from which something is counted in another way: 2027-01-01 = "new_hours", or a list of kinds."""
    found = []
    for day in part.left:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise part.wrong(repr(day), "it is no day", 'Write it like 2027-01-01 = "new_hours".') from None
        kinds = part.texts(day)
        if strange := [kind for kind in kinds if kind not in BREAKS]:
            raise part.wrong(day, f"{strange[0]!r} is not possible{like(strange[0], BREAKS)}",
                             f"Take one of: {', '.join(BREAKS)}.")
        found += [(day, kind) for kind in kinds]
    return tuple(sorted(found))


def accepted(part: Part) -> dict[str, str]:
    """Remarks by name (`kind:where`) or kind, each with the reason why it is accepted."""
    reasons = {}
    for name in part.left:
        kind = name.partition(":")[0]
        if kind not in REMARKS:
            raise part.wrong(repr(name), f"there is no such remark{like(kind, REMARKS)}",
                             "Write it as --dry-run names it, with the reason why it is right.")
        reasons[name] = part.text(name)
        if not reasons[name].strip():
            raise part.wrong(repr(name), "it has no reason", "Write why it is right, for whoever reads it next year.")
    return reasons


def choices(part: Part) -> dict[str, Choice]:
    """What to do about rows with each problem that the mapping names."""
    chosen: dict[str, Choice] = {}
    for key in part.left:
        if key in REASONS:
            chosen[key] = "leave_out" if part.text(key, allowed=CHOICES) == "leave_out" else "refuse"
            if chosen[key] == "leave_out" and key in NEVER_LEFT_OUT:
                raise part.wrong(key, "these rows can't be left out, since others are wrong too and can't be told",
                                 "Mend what makes them wrong.")
    if unknown := part.left:
        raise part.wrong(repr(unknown[0]), f"this reason is not known{like(unknown[0], REASONS)}",
                         f"Known are: {', '.join(REASONS)}.")
    return chosen
