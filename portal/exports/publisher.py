"""What every export tells about the pilot, its publisher and made-up numbers. In English, as the files are."""

from portal.contract.contract import ILLUSTRATIVE

NAME = "Somerville Co-Response Pilot"
ABOUT = ("Counts and times of the calls that police officers and public health professionals answer together in "
         "Somerville, Massachusetts. A number is exact, or a word says why it is not shown.")
CITY = "City of Somerville, Massachusetts"
NOTICE = "Made-up numbers. They show how the portal will look. No real call is counted here."


def notice(state: str) -> str:
    """The sentence that stands before everything said of a made-up release; empty for every other."""
    return f"{NOTICE} " if state == ILLUSTRATIVE else ""
