"""The portal's own columns: what an extract holds once a mapping has been applied. Each column stands here once."""

from dataclasses import dataclass
from typing import Literal

NOT_RECORDED = "not_recorded"  # the category of a value the source collects but this row does not hold

ColumnKind = Literal["text", "time", "date", "yes_no", "category"]


@dataclass(frozen=True)
class Column:
    """One column: `categories` are its allowed values where `kind` is "category" (NOT_RECORDED is always allowed)."""

    name: str
    kind: ColumnKind
    help: str
    categories: tuple[str, ...] = ()


COLUMNS = (
    Column("call_id", "text", "the key that makes an incident distinct"),
    Column("received", "time", "when the call was received"),
    Column("dispatched", "time", "when the first unit was sent"),
    Column("officer_arrived", "time", "when the first police officer was on scene"),
    Column("arrived", "time", "when the team was on scene"),
    Column("cleared", "time", "when the team was free again"),
    Column("origin", "category", "where the call came from", ("call_911", "officer_request", "follow_up")),
    Column("call_type", "category", "what the call was about; only calls of these types are counted",
           ("mental_health", "substance_use", "welfare_check", "disturbance")),
    Column("eligibility", "category", "whether it met the written dispatch rule; never screened is said apart",
           ("eligible", "not_eligible", "not_screened")),
    Column("answered_by", "category", "who came: team means at least one co-responder arrived",
           ("team", "police", "medical", "nobody")),
    Column("staffed", "yes_no", "whether the team was on duty when the call was received"),
    Column("unmet_reason", "category", "why the team did not come to an eligible call while on duty",
           ("on_another_call", "not_sent", "other")),
    Column("outcome", "category", "what happened on the scene",
           ("resolved_on_scene", "voluntary_care", "involuntary", "hospital_other", "declined", "no_contact")),
    Column("arrest", "yes_no", "whether a person was arrested"),
    Column("arrest_possible", "yes_no", "whether an arrest would have been legally possible"),
    Column("force", "yes_no", "whether an officer used force"),
    Column("injury_resident", "yes_no", "whether a resident was hurt"),
    Column("injury_responder", "yes_no", "whether a co-responder was hurt"),
    Column("injury_officer", "yes_no", "whether an officer was hurt"),
    Column("transport", "yes_no", "whether a person was taken somewhere"),
    Column("section_12", "yes_no", "whether a Section 12 application was made"),
    Column("referral_offered", "yes_no", "whether a referral to care was offered"),
    Column("referral_accepted", "yes_no", "whether it was accepted"),
    Column("appointment_kept", "yes_no", "whether the first appointment was kept within 30 days"),
    Column("follow_up_agreed", "yes_no", "whether a follow-up was agreed"),
    Column("follow_up_reached", "yes_no", "whether the follow-up reached the person within 7 days"),
    Column("age_band", "category", "age", ("under_18", "18_24", "25_44", "45_64", "65_over")),
    Column("race_ethnicity", "category", "race and ethnicity", ("asian", "black", "hispanic", "white", "another")),
    Column("gender", "category", "gender", ("woman", "man", "another")),
    Column("language", "category", "language spoken",
           ("english", "spanish", "portuguese", "haitian_creole", "nepali", "another")),
    Column("housing", "category", "housing", ("housed", "not_housed")),
    Column("person_key", "text", "a key that stays the same for one person; used to count people, never published"),
    Column("recorded_on", "date", "the day the row was entered; late rows count in the next open period"),
)
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = ("call_id", "received")

# earlier event, later event, the reason if they run backwards
EVENT_ORDER = (
    ("received", "dispatched", "dispatched_before_received"),
    ("received", "officer_arrived", "arrival_before_received"),
    ("dispatched", "officer_arrived", "arrival_before_dispatch"),
    ("received", "arrived", "arrival_before_received"),
    ("dispatched", "arrived", "arrival_before_dispatch"),
    ("arrived", "cleared", "cleared_before_arrival"),
    ("received", "cleared", "cleared_before_received"),
)

ROSTER_COLUMNS = (
    Column("shift_start", "time", "planned start of a shift"),
    Column("shift_end", "time", "planned end"),
    Column("covered_start", "time", "when somebody was really on duty; empty: nobody came"),
    Column("covered_end", "time", "until when"),
)
