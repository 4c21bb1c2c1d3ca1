"""The bill in words, as the template asks for it. Pure."""

from fractions import Fraction

from agent.model.billing import BillResult, BillVerdict, Dimension, Size
from exporters.report import figures
from exporters.report.findings import line_anchor
from exporters.report.language import Language

_MOST_BILL_LINES = 40


class BillView:
    """Of one report and language."""

    def __init__(self, bill: BillResult | None, texts: Language) -> None:
        self._bill, self._texts = bill, texts

    def anchor(self, number: int) -> str:
        """The id of a line's row."""
        return line_anchor(number)

    def text(self, number: int) -> str:
        """What is to be said of a line."""
        return figures.bill_sentence(self._bill.lines[number], self._texts) if self._bill else ""

    def counts(self) -> list[tuple[str, int]]:
        """How many lines have each verdict."""
        bill = self._bill
        return [(one.value, bill.count(one)) for one in BillVerdict if bill and bill.count(one)]

    def wrong_lines(self) -> list[int]:
        """Numbers of the lines that are not right."""
        lines = self._bill.lines if self._bill else ()
        return [n for n, one in enumerate(lines) if one.verdict is not BillVerdict.RIGHT][:_MOST_BILL_LINES]

    def changed_lines(self) -> list[int]:
        """Numbers of the lines whose server changed its size."""
        lines = self._bill.lines if self._bill else ()
        return [n for n, one in enumerate(lines) if one.changes]

    def size(self, of: Size | None, dimension: str) -> str:
        """One dimension of a size."""
        return figures.size(Dimension(dimension), of.of(Dimension(dimension)) if of else None, self._texts)

    def billed_size(self, number: int, dimension: str) -> str:
        """What a line bills of a dimension."""
        line = self._bill.lines[number] if self._bill else None
        if line is None or line.billed is None:
            return self._texts.text("words", "none")
        told = Size(
            None if line.billed.vcpu is None else Fraction(line.billed.vcpu),
            line.billed.memory_gib,
            line.billed.disk_gib,
        )
        return self.size(told, dimension)

    def amount(self, dimension: Dimension, value: Fraction | None) -> str:
        """A figure with its unit."""
        return figures.size(dimension, value, self._texts)
