"""`python -m tests.enrich.gallery`: say which cases hold and what departs in the others.

`--settle` writes that into the cases: those that hold lose their `fails`, the others get what departs as its reason.
"""

import argparse
import json
import re
import sys

from rich.console import Console

from tests.enrich.gallery.cases import CASES, Case, cases
from tests.enrich.gallery.reading import judged, shipped


def main() -> None:
    """Judge the cases anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--settle", action="store_true", help="write what fails today into cases.toml")
    asked = parser.parse_args()
    console = Console()
    found = [*judged((case for case in cases() if asked.only.casefold() in case.name.casefold()), shipped())]
    for case, faults in found:
        mark, colour = ("fails", "red") if faults else ("holds", "green")
        console.print(f"[{colour}]{mark}[/]  ", end="")
        console.print(f"{case.name}{_settled(case, faults)}", markup=False, highlight=False, soft_wrap=True)
        for fault in faults:
            console.print(f"       {fault}", markup=False, highlight=False, soft_wrap=True, style="dim")
    held = sum(not faults for _, faults in found)
    console.print(f"{held} of {len(found)} hold")
    if asked.settle:
        text = CASES.read_text("utf-8")
        for case, faults in found:
            text = settled(text, case, faults)
        CASES.write_text(text, "utf-8")
        return
    sys.exit(any(bool(faults) is not bool(case.fails) for case, faults in found))


def _settled(case: Case, faults: list[str]) -> str:
    if bool(faults) is bool(case.fails):
        return ""
    return "  (is not expected to)" if faults else "  (was expected to fail: settle it)"


def settled(text: str, case: Case, faults: list[str]) -> str:
    """The cases' file with this case's `fails` as it stands today; a reason that was written by hand stays."""
    if bool(faults) is bool(case.fails):
        return text
    head = f"[[case]]\nname = {json.dumps(case.name, ensure_ascii=False)}\n"
    before, found, rest = text.partition(head)
    if not found:
        raise LookupError(f"{case.name!r} is not written as the other cases are")
    block, following, after = rest.partition("\n\n")
    block = re.sub(r"^fails = .*\n?", "", block, flags=re.MULTILINE).rstrip("\n")
    if faults:
        block += f"\nfails = {json.dumps('; '.join(faults), ensure_ascii=False)}"
    return before + found + block + (following or "\n") + after


if __name__ == "__main__":
    main()
