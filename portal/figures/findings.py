"""What a headline says of a block: its finding, by the measure and by the base categories that the block holds."""

from portal.language import later, later_n

PluralForms = tuple[str, str]  # of one and of many
HELD = frozenset({"voluntary_care", "hospital_other", "involuntary"})
FINDINGS: dict[str, dict[frozenset[str], PluralForms]] = {
    "demand.by_type": {
        frozenset({"mental_health"}): later_n(
            "{n} of {whole} calls was about mental health", "{n} of {whole} calls were about mental health"),
        frozenset({"mental_health", "substance_use"}): later_n(
            "{n} of {whole} calls was about mental health or substance use",
            "{n} of {whole} calls were about mental health or substance use")},
    "demand.by_origin": {
        frozenset({"officer_request"}): later_n(
            "In {n} of {whole} calls an officer asked for the team",
            "In {n} of {whole} calls an officer asked for the team"),
        frozenset({"officer_request", "follow_up"}): later_n(
            "{n} of {whole} calls came from an officer or was a follow-up",
            "{n} of {whole} calls came from an officer or were a follow-up")},
    "outcome.kind": {
        HELD: later_n(
            "{n} of {whole} ended in care, hospital or a hold; they cannot be told apart",
            "{n} of {whole} ended in care, hospital or a hold; they cannot be told apart"),
        HELD - {"involuntary"}: later_n(
            "{n} of {whole} ended in care the person agreed to, or in hospital",
            "{n} of {whole} ended in care the person agreed to, or in hospital"),
        frozenset({"voluntary_care"}): later_n(
            "{n} of {whole} ended in care the person agreed to", "{n} of {whole} ended in care the person agreed to")},
    "care.referral": {
        frozenset({"accepted_only", "kept"}): later_n(
            "{n} of {whole} accepted a referral", "{n} of {whole} accepted a referral"),
        frozenset({"not_accepted"}): later_n(
            "In {n} of {whole} a referral was offered and not accepted",
            "In {n} of {whole} a referral was offered and not accepted")},
    "care.follow_up": {frozenset({"reached"}): later_n(
        "{n} of {whole} was reached again within 7 days", "{n} of {whole} were reached again within 7 days")},
    "care.repeat": {frozenset({"again"}): later_n(
        "{n} of {whole} was to a person seen before", "{n} of {whole} were to a person seen before")},
}
SUMMED = {
    "outcome.contact": later_n("In {n} of {whole} the team spoke with the person",
                               "In {n} of {whole} the team spoke with the person"),
    "outcome.involuntary": later_n("{n} of {whole} ended in a Section 12 or 35 application",
                                   "{n} of {whole} ended in a Section 12 or 35 application"),
}
# The finding of a group of people, and whom its responses were to, by dimension and by the base categories.
TO = later_n("{n} of {whole} responses was to {whom}{more}", "{n} of {whole} responses were to {whom}{more}")
WHOM: dict[str, dict[frozenset[str], str]] = {
    "age_band": {frozenset({"under_18"}): later("someone under 18"),
                 frozenset({"18_24"}): later("someone 18 to 24"),
                 frozenset({"25_44"}): later("someone 25 to 44"),
                 frozenset({"45_64"}): later("someone 45 to 64"),
                 frozenset({"65_over"}): later("someone 65 or over"),
                 frozenset({"under_18", "18_24"}): later("someone under 25"),
                 frozenset({"under_18", "18_24", "25_44"}): later("someone under 45")},
    "race_ethnicity": {frozenset({"asian"}): later("an Asian person"),
                       frozenset({"black"}): later("a Black person"),
                       frozenset({"hispanic"}): later("a Hispanic or Latino person"),
                       frozenset({"white"}): later("a White person")},
    "gender": {frozenset({"woman"}): later("a woman"), frozenset({"man"}): later("a man")},
    "language": {frozenset({"english"}): later("someone who speaks English"),
                 frozenset({"spanish"}): later("someone who speaks Spanish"),
                 frozenset({"portuguese"}): later("someone who speaks Portuguese"),
                 frozenset({"haitian_creole"}): later("someone who speaks Haitian Creole"),
                 frozenset({"nepali"}): later("someone who speaks Nepali")},
    "housing": {frozenset({"housed"}): later("someone with housing"),
                frozenset({"not_housed"}): later("someone without housing")},
}
# Of a group that has no words of its own.
GROUP = {"calls": later("{group}: {part} of {whole} calls"), "responses": later("{group}: {part} of {whole} responses")}
