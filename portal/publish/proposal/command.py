"""The command `map`: where a proposed mapping goes, and what is said of it in the terminal."""

from pathlib import Path

from portal.errors import CantWrite, OptionWrong
from portal.publish.proposal.proposal import Proposal, propose
from portal.publish.proposal.write import count_checks, mapping_text


def write_mapping(extract: Path, roster: Path | None = None, out: Path | None = None) -> str:
    """Propose a mapping of an extract, write it to `out`, and return what to print: the mapping itself where `out` is
    None, else a summary.

    Raises ExtractUnreadable, OptionWrong for a name that is taken or does not end in .toml, CantWrite.
    """
    if out is not None:
        _check_out(out)
    proposal = propose(extract, roster)
    text = mapping_text(proposal)
    if out is None:
        return text
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CantWrite(out, error.strerror or type(error).__name__) from error
    return _summary(proposal, count_checks(text), out)


def _check_out(out: Path) -> None:
    if out.suffix != ".toml":
        raise OptionWrong(f"The mapping is to be named {out.name}.", "Give a name that ends in .toml.")
    if out.exists():
        raise OptionWrong(f"{out.name} is there already.", "Choose another name, or remove it first.")


def _summary(proposal: Proposal, to_check: int, out: Path) -> str:
    recognized = "\n".join(f"  {name}: {' + '.join(match.names)}" for name, match in proposal.matches.items())
    return (f"Recognized {len(proposal.matches)} columns of {proposal.source}:\n{recognized}\n"
            f"Not recognized: {', '.join(proposal.unused) or 'none'}\n"
            f"Written: {out}. {to_check} places to check: each says why. Then: publish … --mapping {out} --dry-run")
