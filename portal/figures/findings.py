"""What a headline says of a block: its finding, by the measure and by the base categories that the block holds."""

from portal.language import gettext_lazy, ngettext_lazy

PluralForms = tuple[str, str]  # of one and of many
HELD = frozenset({"voluntary_care", "hospital_other", "involuntary"})
FINDINGS: dict[str, dict[frozenset[str], PluralForms]] = {
    "demand.by_type": {
        frozenset({"mental_health"}): ngettext_lazy(
            "{n} of {whole} calls was about mental health", "{n} of {whole} calls were about mental health"),
        frozenset({"mental_health", "substance_use"}): ngettext_lazy(
            "{n} of {whole} calls was about mental health or substance use",
            "{n} of {whole} calls were about mental health or substance use")},
    "demand.by_origin": {
        frozenset({"officer_request"}): ngettext_lazy(
            "In {n} of {whole} calls an officer asked for the team",
            "In {n} of {whole} calls an officer asked for the team"),
        frozenset({"officer_request", "follow_up"}): ngettext_lazy(
            "{n} of {whole} calls came from an officer or was a follow-up",
            "{n} of {whole} calls came from an officer or were a follow-up")},
    "outcome.kind": {
        HELD: ngettext_lazy(
            "{n} of {whole} ended in care, hospital or a hold; they cannot be told apart",
            "{n} of {whole} ended in care, hospital or a hold; they cannot be told apart"),
        HELD - {"involuntary"}: ngettext_lazy(
            "{n} of {whole} ended in care the person agreed to, or in hospital",
            "{n} of {whole} ended in care the person agreed to, or in hospital"),
        frozenset({"voluntary_care"}): ngettext_lazy(
            "{n} of {whole} ended in care the person agreed to", "{n} of {whole} ended in care the person agreed to")},
    "care.referral": {
        frozenset({"accepted_only", "kept"}): ngettext_lazy(
            "{n} of {whole} accepted a referral", "{n} of {whole} accepted a referral"),
        frozenset({"not_accepted"}): ngettext_lazy(
            "In {n} of {whole} a referral was offered and not accepted",
            "In {n} of {whole} a referral was offered and not accepted")},
    "care.follow_up": {frozenset({"reached"}): ngettext_lazy(
        "{n} of {whole} was reached again within 7 days", "{n} of {whole} were reached again within 7 days")},
    "care.repeat": {frozenset({"again"}): ngettext_lazy(
        "{n} of {whole} was to a person seen before", "{n} of {whole} were to a person seen before")},
}
SUMMED = {
    "outcome.contact": ngettext_lazy("In {n} of {whole} the team spoke with the person",
                                     "In {n} of {whole} the team spoke with the person"),
    "outcome.involuntary": ngettext_lazy("{n} of {whole} ended in a Section 12 or 35 application",
                                         "{n} of {whole} ended in a Section 12 or 35 application"),
}
# The finding of a group of people, and whom its responses were to, by dimension and by the base categories.
TO = ngettext_lazy("{n} of {whole} responses was to {whom}{more}", "{n} of {whole} responses were to {whom}{more}")
WHOM: dict[str, dict[frozenset[str], str]] = {
    "age_band": {frozenset({"under_18"}): gettext_lazy("someone under 18"),
                 frozenset({"18_24"}): gettext_lazy("someone 18 to 24"),
                 frozenset({"25_44"}): gettext_lazy("someone 25 to 44"),
                 frozenset({"45_64"}): gettext_lazy("someone 45 to 64"),
                 frozenset({"65_over"}): gettext_lazy("someone 65 or over"),
                 frozenset({"under_18", "18_24"}): gettext_lazy("someone under 25"),
                 frozenset({"under_18", "18_24", "25_44"}): gettext_lazy("someone under 45")},
    "race_ethnicity": {frozenset({"asian"}): gettext_lazy("an Asian person"),
                       frozenset({"black"}): gettext_lazy("a Black person"),
                       frozenset({"hispanic"}): gettext_lazy("a Hispanic or Latino person"),
                       frozenset({"white"}): gettext_lazy("a White person")},
    "gender": {frozenset({"woman"}): gettext_lazy("a woman"), frozenset({"man"}): gettext_lazy("a man")},
    "language": {frozenset({"english"}): gettext_lazy("someone who speaks English"),
                 frozenset({"spanish"}): gettext_lazy("someone who speaks Spanish"),
                 frozenset({"portuguese"}): gettext_lazy("someone who speaks Portuguese"),
                 frozenset({"haitian_creole"}): gettext_lazy("someone who speaks Haitian Creole"),
                 frozenset({"nepali"}): gettext_lazy("someone who speaks Nepali")},
    "housing": {frozenset({"housed"}): gettext_lazy("someone with housing"),
                frozenset({"not_housed"}): gettext_lazy("someone without housing")},
}
# Of a group that has no words of its own.
GROUP = {"calls": gettext_lazy("{group}: {part} of {whole} calls"),
         "responses": gettext_lazy("{group}: {part} of {whole} responses")}
