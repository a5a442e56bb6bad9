"""Ten made-up record systems: one clean extract written the way different systems and spreadsheets would write it.

Each system says which of its columns holds which of the portal's (`truth`), so that a proposed mapping can be judged.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from portal.publish.synthetic.illustrate import illustrate

Codes = dict[str, dict[str, str]]


@dataclass(frozen=True)
class System:
    """One way of writing the extract.

    `columns`: header of the system -> column of the portal, or None for one that means nothing to the portal;
    `clock`: how it writes times; `codes`: column of the portal -> category -> code; `split`: times that stand in two
    columns (header of the day, header of the time of day) -> column of the portal.
    """

    name: str
    columns: dict[str, str | None]
    clock: str
    codes: Codes = field(default_factory=dict)
    split: dict[tuple[str, str], str] = field(default_factory=dict)
    blank: str = ""

    @property
    def truth(self) -> dict[str, tuple[str, ...]]:
        """Column of the portal -> the system's columns that hold it."""
        mapped = {column: (name,) for name, column in self.columns.items() if column}
        return mapped | {column: names for names, column in self.split.items()}


TIMES = ("received", "dispatched", "officer_arrived", "arrived", "cleared", "recorded_on")
YES_NO = {"yes": "Y", "no": "N"}
FULL_YES_NO = {"yes": "Yes", "no": "No"}
FILLER: dict[str, Callable[[int], str]] = {
    "Zip": lambda row: f"0214{row % 6}", "Beat": lambda row: f"{row % 7 + 1}{'ABC'[row % 3]}",
    "Priority": lambda row: str(row % 4 + 1), "Report Number": lambda row: f"R{90_000 + row * 7}",
    "Call Taker": lambda row: f"CT{row % 9}", "Unit": lambda row: f"{row % 5}A{row % 13}",
    "Last Updated": lambda row: f"2026-{row % 6 + 4:02d}-{row % 28 + 1:02d} 08:{row % 60:02d}:00",
    "Narrative": lambda row: f"free text {row * 7919 % 100_003}", "Officer Race": lambda row: "WBHA"[row % 4],
    "CreatedBy": lambda row: f"user{row % 6}", "District": lambda row: f"District {row % 4 + 1}",
}

TYPES = {"mental_health": "MENTAL HEALTH CRISIS", "substance_use": "OVERDOSE", "welfare_check": "WELFARE CHECK",
         "disturbance": "DISTURBANCE"}
ORIGINS = {"call_911": "E911", "officer_request": "OFFICER REQUEST", "follow_up": "FOLLOW UP"}
OUTCOMES = {"resolved_on_scene": "Resolved on scene", "voluntary_care": "Referred to care", "involuntary": "Section 12",
            "hospital_other": "Hospital", "declined": "Declined services", "no_contact": "Unable to locate"}
WHO = {"team": "Co-Response Team", "police": "Police Only", "medical": "EMS", "nobody": "No response"}
RULE = {"eligible": "Eligible", "not_eligible": "Not eligible", "not_screened": "Not screened"}
AGES = {"under_18": "Under 18", "18_24": "18-24", "25_44": "25-44", "45_64": "45-64", "65_over": "65+"}
RACES = {"asian": "Asian", "black": "Black or African American", "hispanic": "Hispanic/Latino", "white": "White",
         "another": "Other"}

SYSTEMS = (
    System("motorola", {
        "Incident Number": "call_id", "Received Date Time": "received", "First Dispatch": "dispatched",
        "Officer Arrived": "officer_arrived", "CRT Arrived": "arrived", "CRT Cleared": "cleared", "Beat": None,
        "Nature": "call_type", "Call Source": "origin", "Priority": None, "Eligible": "eligibility",
        "Responder Type": "answered_by", "Disposition": "outcome", "Arrest Made": "arrest", "Last Updated": None},
        "%m/%d/%Y %H:%M:%S", {"call_type": TYPES, "origin": ORIGINS, "eligibility": RULE, "answered_by": WHO,
                              "outcome": OUTCOMES, "arrest": YES_NO}),
    System("centralsquare", {
        "CFS #": "call_id", "Call Type": "call_type", "How Received": "origin", "Time Dispatched": "dispatched",
        "Officer On Scene": "officer_arrived", "Clinician On Scene": "arrived", "Clinician Cleared": "cleared",
        "District": None, "Use of Force": "force", "Subject Sex": "gender", "Subject Race": "race_ethnicity",
        "Age Group": "age_band", "MNI": "person_key", "Report Number": None},
        "%m/%d/%Y %I:%M:%S %p", {"call_type": TYPES, "origin": ORIGINS, "force": FULL_YES_NO,
                                 "gender": {"woman": "F", "man": "M", "another": "X"}, "age_band": AGES,
                                 "race_ethnicity": RACES},
        {("Call Date", "Call Time"): "received"}),
    System("tyler", {
        "CallNumber": "call_id", "CreateDateTime": "received", "CallType": "call_type", "CallSource": "origin",
        "FirstUnitDispatched": "dispatched", "OfficerArrival": "officer_arrived", "CoResponderArrival": "arrived",
        "CoResponderCleared": "cleared", "CreatedBy": None, "ClientID": "person_key",
        "OfficerInjured": "injury_officer",
        "ResidentInjured": "injury_resident", "ClinicianInjured": "injury_responder", "UseOfForce": "force"},
        "%Y-%m-%d %H:%M:%S.%f", {"call_type": TYPES, "origin": ORIGINS, "injury_officer": {"yes": "1", "no": "0"},
                                 "injury_resident": {"yes": "1", "no": "0"}, "force": {"yes": "1", "no": "0"},
                                 "injury_responder": {"yes": "1", "no": "0"}}),
    System("spreadsheet", {
        "No.": None, "Incident #": "call_id", "Type of call": "call_type", "On duty?": "staffed",
        "Why not sent": "unmet_reason", "Outcome": "outcome", "Section 12": "section_12", "Transported": "transport",
        "Referral offered": "referral_offered", "Referral accepted": "referral_accepted",
        "Follow-up agreed": "follow_up_agreed", "Follow-up reached": "follow_up_reached",
        "Date entered": "recorded_on"},
        "%m/%d/%Y %H:%M", {"call_type": TYPES, "staffed": FULL_YES_NO, "outcome": OUTCOMES, "section_12": FULL_YES_NO,
                           "transport": FULL_YES_NO, "referral_offered": FULL_YES_NO, "referral_accepted": FULL_YES_NO,
                           "follow_up_agreed": FULL_YES_NO, "follow_up_reached": FULL_YES_NO,
                           "unmet_reason": {"on_another_call": "Busy", "not_sent": "Not sent", "other": "Other"}},
        {("Date", "Time"): "received"}),
    System("clinic log", {
        "Case Number": "call_id", "Date/Time of Call": "received", "Nature of Call": "call_type",
        "Client Number": "person_key", "Preferred Language": "language", "Housing Status": "housing",
        "Gender Identity": "gender", "Race/Ethnicity": "race_ethnicity", "Age Range": "age_band",
        "First Visit Kept": "appointment_kept", "Narrative": None},
        "%d-%b-%Y %H:%M", {"call_type": TYPES, "housing": {"housed": "Housed", "not_housed": "Unhoused"},
                           "gender": {"woman": "Woman", "man": "Man", "another": "Nonbinary"}, "race_ethnicity": RACES,
                           "age_band": AGES, "appointment_kept": FULL_YES_NO,
                           "language": {"english": "English", "spanish": "Spanish", "portuguese": "Portuguese",
                                        "haitian_creole": "Haitian Creole", "nepali": "Nepali", "another": "Other"}}),
    System("hexagon", {
        "EVENT_ID": "call_id", "AD_TS": "received", "TYCOD": "call_type", "DISP_TS": "dispatched", "Zip": None,
        "PD_ONSCENE_TS": "officer_arrived", "CRT_ONSCENE_TS": "arrived", "CRT_CLEAR_TS": "cleared", "Unit": None},
        "%Y%m%d%H%M%S", {"call_type": {"mental_health": "PSYCH", "substance_use": "OD", "welfare_check": "WELCK",
                                       "disturbance": "DIST"}}),
    System("warehouse", {
        "incident_id": "call_id", "received_at": "received", "dispatched_at": "dispatched",
        "team_arrived_at": "arrived", "team_cleared_at": "cleared", "incident_type": "call_type",
        "answered_by": "answered_by", "arrested": "arrest", "arrestable_offense": "arrest_possible"},
        "iso", {"call_type": TYPES, "answered_by": WHO, "arrest": {"yes": "true", "no": "false"},
                "arrest_possible": {"yes": "true", "no": "false"}}),
    System("map server", {
        "EVENTNUMBER": "call_id", "CALL_DATE": "received", "EVENT_TYPE": "call_type", "DISPOSITION": "outcome",
        "District": None, "Officer Race": None},
        "epoch_ms", {"call_type": TYPES, "outcome": OUTCOMES}),
    System("records", {
        "File Number": "call_id", "Date Received": "received", "Incident Type": "call_type",
        "Who Responded": "answered_by",
        "Probable Cause": "arrest_possible", "Arrested": "arrest", "Citizen Injured": "injury_resident",
        "Officer Injured": "injury_officer", "Race": "race_ethnicity", "Sex": "gender", "Master Name ID": "person_key"},
        "%Y-%m-%d %H:%M", {"call_type": TYPES, "answered_by": WHO, "arrest_possible": YES_NO, "arrest": YES_NO,
                           "injury_resident": YES_NO, "injury_officer": YES_NO,
                           "race_ethnicity": {"asian": "A", "black": "B", "hispanic": "H", "white": "W",
                                              "another": "O"},
                           "gender": {"woman": "F", "man": "M", "another": "X"}}, blank="NULL"),
    System("day first", {
        "Ticket Number": "call_id", "Call Received": "received", "Problem": "call_type", "Call Origin": "origin",
        "Screening Result": "eligibility", "Call Taker": None, "Entry Date": "recorded_on"},
        "%d/%m/%Y %H:%M:%S", {"call_type": TYPES, "origin": ORIGINS, "eligibility": RULE}),
)


def clean(folder: Path, seed: int, per_month: int = 110) -> list[dict[str, str]]:
    """The rows of a made-up extract, in the portal's own columns."""
    out = folder / f"clean-{seed}.csv"
    illustrate(out, months=8, per_month=per_month, hours_per_week=24, seed=seed)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written_by(system: System, rows: Sequence[dict[str, str]], path: Path) -> Path:
    """The rows as this system would export them, in `path`."""
    header = [name for names in system.split for name in names] + list(system.columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for at, row in enumerate(rows):
            cells = [cell for column in system.split.values() for cell in _halves(system, row[column])]
            cells += [FILLER.get(name, str)(at) if column is None else _cell(system, column, row[column])
                      for name, column in system.columns.items()]
            writer.writerow(cells)
    return path


def _cell(system: System, column: str, text: str) -> str:
    if not text:
        return system.blank
    if column in TIMES:
        return _clock(system, text)
    return system.codes.get(column, {}).get(text, text)


def _clock(system: System, text: str) -> str:
    moment = datetime.fromisoformat(text)
    if system.clock == "iso":
        return text
    if len(text) == 10:  # a day
        return moment.strftime(system.clock.split(" ")[0].replace("%H%M%S", ""))
    if system.clock == "epoch_ms":
        return str(int(moment.timestamp() * 1000))
    return moment.strftime(system.clock)


def _halves(system: System, text: str) -> tuple[str, str]:
    day, clock = system.clock.split(" ", 1)
    moment = datetime.fromisoformat(text)
    return moment.strftime(day), moment.strftime(clock)
