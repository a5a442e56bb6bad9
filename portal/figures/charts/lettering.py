"""How wide words are, and how they are broken into lines, without a font: a drawing has the reader's own typeface."""

from unicodedata import category, normalize

SIZE, SMALL, LARGE = 14, 13, 16  # pixels
LINE = 18  # pixels from line to line
ROOM = 1.15  # kept free beside words: other typefaces are wider
BOLD = 1.1  # how much wider bold letters are
# The widths of letters in ems, as Noto Sans has them; what is in no row is as wide as most small letters are.
_WIDTHS = {0.3: "ijlIJ '’!,.:;`()[]|·", 0.42: "ftrszcv/\\{}\"?-", 0.78: "ADGHKNOQUw&%€", 0.95: "mMW@—"}
_EMS = {letter: ems for ems, letters in _WIDTHS.items() for letter in letters}
_OTHER, _DEVANAGARI = 0.6, 0.64


def _ems(letter: str) -> float:
    if category(letter) == "Mn":  # a mark above or below the letter before it
        return 0.0
    return _DEVANAGARI if "\u0900" <= letter <= "\u097f" else _EMS.get(letter, _OTHER)


def width_of(words: str, bold: bool = False, size: float = SIZE) -> float:
    """How many pixels words may take, with the free room beside them."""
    return sum(map(_ems, normalize("NFD", words))) * size * ROOM * (BOLD if bold else 1)


def wrapped(words: str, room: float, bold: bool = False, size: float = SIZE) -> list[str]:
    """The words in lines that fit into so many pixels; a word alone may be longer."""
    lines = [""]
    for word in words.split():
        if lines[-1] and width_of(f"{lines[-1]} {word}", bold, size) > room:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def balanced(words: str, room: float, bold: bool = False, size: float = SIZE) -> list[str]:
    """As `wrapped`, in as many lines, but of about one length: no last line holds one word where two lines could."""
    lines = wrapped(words, room, bold, size)
    for narrower in range(int(room), 0, -4):
        again = wrapped(words, narrower, bold, size)
        if len(again) > len(lines):
            break
        lines = again
    return lines


def widest(lines: list[str], bold: bool = False, size: float = SIZE) -> float:
    """The width of the longest line."""
    return max((width_of(line, bold, size) for line in lines), default=0.0)
