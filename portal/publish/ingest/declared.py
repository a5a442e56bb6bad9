"""What a mapping declares beside its columns: breaks, the license, remarks that are right, what problems lead to.

Each function takes its table of the mapping and raises MappingWrong for whatever in it isn't known.
"""

from datetime import date

from portal.contract.contract import BREAKS
from portal.publish.ingest.problems import CHOICES, NEVER_LEFT_OUT, REASONS, RowChoice
from portal.publish.ingest.remark import REMARKS
from portal.publish.ingest.section import TomlTable, suggestion


def read_license(section: TomlTable) -> tuple[str, str]:
    """The title and URL of the terms of the published data; both empty until the City has named them."""
    title, url = section.text("title", ""), section.text("address", "")
    if bool(title) != url.startswith("https://") or bool(title) != bool(url):
        raise section.wrong("", "a license has a title and an address that begins with https://",
                            'Write title = "…" and address = "https://…".')
    section.reject_unknown()
    return title, url


def read_breaks(section: TomlTable) -> tuple[tuple[str, str], ...]:
    """Days from which something is counted in another way: 2027-01-01 = "new_hours", or a list of kinds."""
    found = []
    for day in section.remaining:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise section.wrong(repr(day), "it is no day", 'Write it like 2027-01-01 = "new_hours".') from None
        kinds = section.texts(day)
        if strange := [kind for kind in kinds if kind not in BREAKS]:
            raise section.wrong(day, f"{strange[0]!r} is not possible{suggestion(strange[0], BREAKS)}",
                                f"Take one of: {', '.join(BREAKS)}.")
        found += [(day, kind) for kind in kinds]
    return tuple(sorted(found))


def read_accepted_remarks(section: TomlTable) -> dict[str, str]:
    """Remarks by name (`kind:where`) or kind, each with the reason why it is accepted."""
    reasons = {}
    for name in section.remaining:
        kind = name.partition(":")[0]
        if kind not in REMARKS:
            raise section.wrong(repr(name), f"there is no such remark{suggestion(kind, REMARKS)}",
                                "Write it as --dry-run names it, with the reason why it is right.")
        reasons[name] = section.text(name)
        if not reasons[name].strip():
            raise section.wrong(repr(name), "it has no reason",
                                "Write why it is right, for whoever reads it next year.")
    return reasons


def read_choices(section: TomlTable) -> dict[str, RowChoice]:
    """What to do about rows with each problem that the mapping names."""
    chosen: dict[str, RowChoice] = {}
    for key in section.remaining:
        if key in REASONS:
            chosen[key] = "leave_out" if section.text(key, allowed=CHOICES) == "leave_out" else "refuse"
            if chosen[key] == "leave_out" and key in NEVER_LEFT_OUT:
                raise section.wrong(key, "these rows can't be left out, since others are wrong too and can't be told",
                                    "Mend what makes them wrong.")
    if unknown := section.remaining:
        raise section.wrong(repr(unknown[0]), f"this reason is not known{suggestion(unknown[0], REASONS)}",
                            f"Known are: {', '.join(REASONS)}.")
    return chosen
