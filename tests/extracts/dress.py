"""How an extract writes times. Kinds of damage ask for one of these dresses, or take any."""

from dataclasses import dataclass

import pandas as pd

ZONE = "America/New_York"
TIMES = ("received", "dispatched", "officer_arrived", "arrived", "cleared")


@dataclass(frozen=True)
class Dress:
    """One way of writing times; `format` as the mapping names it, empty for an extract whose times stay as they are."""

    name: str
    format: str

    def read(self, texts: pd.Series) -> pd.Series:
        """Local clock times; NaT where blank."""
        if self.format == "iso":
            moments = pd.to_datetime(texts.where(texts != "", None), utc=True, format="ISO8601")
            return moments.dt.tz_convert(ZONE).dt.tz_localize(None)
        if self.format == "epoch_ms":
            numbers = pd.to_numeric(texts, errors="coerce")
            return pd.to_datetime(numbers, unit="ms", utc=True).dt.tz_convert(ZONE).dt.tz_localize(None)
        return pd.to_datetime(texts.where(texts != "", None), format=self.format, errors="coerce")

    def write(self, clock: pd.Series) -> pd.Series:
        """Local clock times as text; blank where NaT."""
        if self.format in ("iso", "epoch_ms"):
            moments = clock.dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward")
            if self.format == "epoch_ms":
                return moments.map(lambda moment: "" if pd.isna(moment) else str(int(moment.timestamp() * 1000)))
            return moments.map(lambda moment: "" if pd.isna(moment) else moment.isoformat())
        return clock.dt.strftime(self.format).fillna("")


ISO = Dress("iso", "iso")
LOCAL = Dress("local", "%m/%d/%Y %H:%M:%S")
AM_PM = Dress("am_pm", "%m/%d/%Y %I:%M:%S %p")
EPOCH = Dress("epoch", "epoch_ms")
CAD = Dress("cad", "%Y-%m-%d %H:%M:%S")  # with calls that are no crisis call, taken by "*"
OWN = Dress("own", "")
DRESSES = {dress.name: dress for dress in (ISO, LOCAL, AM_PM, EPOCH, CAD, OWN)}
