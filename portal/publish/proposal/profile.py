"""What the columns of a table hold, told without interpreting them: how many blanks, which texts, how often."""

from collections import Counter
from dataclasses import dataclass, field

from portal.publish.ingest.table import SourceTable
from portal.publish.proposal.lexicon import MISSING_WORDS

MOST_TEXTS = 5_000  # different texts counted a column; beyond it is no list of codes
MOST_CODES = 400  # a column with more different texts holds no codes


@dataclass
class SourceColumn:
    """One column of the source: its name, its rows, and its texts with how often each stands there."""

    name: str
    rows: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    overflow: bool = False  # more than MOST_TEXTS different texts: the counts stop there

    def add(self, texts: Counter[str], rows: int) -> None:
        """Count the texts of some more rows."""
        self.rows += rows
        for text, count in texts.items():
            if text in self.texts or len(self.texts) < MOST_TEXTS:
                self.texts[text] += count
            else:
                self.overflow = True

    @property
    def blank(self) -> int:
        """Rows without a text."""
        return self.texts.get("", 0)

    @property
    def placeholders(self) -> list[str]:
        """Texts that stand there and mean "not recorded", such as NULL."""
        return sorted(text for text in self.texts if text and text.lower() in MISSING_WORDS)

    @property
    def filled(self) -> Counter[str]:
        """The texts that say something."""
        return Counter({text: count for text, count in self.texts.items()
                        if text and text.lower() not in MISSING_WORDS})

    @property
    def is_coded(self) -> bool:
        """Whether it holds a short list of codes, each used again and again, rather than free text."""
        kinds = len(self.filled)
        return not self.overflow and 0 < kinds <= MOST_CODES and kinds * 2 <= max(self.rows - self.blank, 4)

    @property
    def share_distinct(self) -> float:
        """Different texts out of the rows that have one, from 0 to 1."""
        used = self.rows - self.blank
        return 1.0 if self.overflow else len(self.texts) / used if used else 0.0


def profile(table: SourceTable) -> tuple[list[SourceColumn], tuple[str, ...]]:
    """The columns of a table, in its order; and the names that stand there more than once, which cannot be mapped.

    Raises ExtractUnreadable where a row is broken or there is none.
    """
    repeated = tuple(dict.fromkeys(name for name in table.names if name and table.names.count(name) > 1))
    names = [name for name in table.names if name and name not in repeated]
    columns = [SourceColumn(name) for name in names]
    for frame in table.chunks(names):
        for column in columns:
            texts = frame[column.name].str.strip()
            column.add(Counter(texts.tolist()), len(texts))
    return columns, repeated
