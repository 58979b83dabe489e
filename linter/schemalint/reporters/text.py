"""What people read: each finding with the source lines it speaks of, then what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from schemalint.engine import RuleReport
from schemalint.finding import Counterexample, Finding, Severity, Verdict
from schemalint.own_rules import INCOMPLETE, INVALID_RULEBOOK, NOT_PROVABLE
from schemalint.report import RenderOptions, Report, RuleIndex, Summary, within
from schemalint.reporters.terminal import Line, harmless, harmless_name, width, wrap
from schemalint.source import Span

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_FRAME = "blue"
_TIED = "\N{NO-BREAK SPACE}"  # while wrapping: a number and its unit stay on one line
_FAR = 4  # of more related places than these, the source is not shown

Paint = Callable[..., str]


def render(report: Report, options: RenderOptions) -> str:
    """The report for a terminal of `options.width` cells, in colour if asked for."""
    blocks = _Blocks(report, options)
    parts = [blocks.finding(finding) for finding in report.findings]
    if options.statistics:
        parts += blocks.statistics()
    if options.verbose:
        parts += blocks.rules()
    if report.carried and not options.quiet:
        parts += blocks.carried(verbose=options.verbose)
    if not options.quiet:
        parts.append(blocks.closing())
    return "\n".join(parts)


class _Blocks:
    """Renders the blocks of one report; each ends in a line end."""

    def __init__(self, report: Report, options: RenderOptions) -> None:
        self.report = report
        self.width = max(options.width, 40)
        self.index = RuleIndex(report)
        self.paint: Paint = _plain
        if options.color:
            from click import style

            self.paint = style

    # -- a finding

    def finding(self, finding: Finding) -> str:
        paint = self.paint
        tag = f"{finding.severity}[{harmless_name(finding.rule)}]"
        color = _COLORS[finding.severity]
        first, *more = _hanging(f"{tag}: ", finding.message, self.width)
        lines = [
            paint(tag, fg=color, bold=True) + paint(first[len(tag) :], bold=True),
            *(paint(line, bold=True) for line in more),
        ]
        entry = self.index.rule(finding)
        # The finding's own rule is told by its line, in a note.
        related = [
            one for one in finding.related if entry is None or not within(one.span, entry.span)
        ]
        gutter = _gutter([finding.span, *(one.span for one in related)])
        if finding.span is not None:
            lines += self.snippet(
                finding.span, "-->", finding.label or "", gutter, mark="^", color=color
            )
        for number, one in enumerate(related):
            if number < _FAR:
                lines += self.snippet(one.span, ":::", one.message, gutter, mark="-", color=_FRAME)
            else:
                place = one.span.place
                where = f"{harmless_name(place.file)}:{place.line}:{place.column}"
                lines += self.note("also", f"{one.message} ({where})", gutter)
        if finding.says:
            lines += self.note("says", finding.says, gutter)
        if entry is not None:
            lines += self.note("rule", _about(finding, entry), gutter)
        if finding.counterexample is not None:
            lines += self.shown(finding.counterexample, gutter)
        help_text = finding.help or (finding.fix.title if finding.fix is not None else None)
        if help_text:
            lines += self.note("help", help_text, gutter)
        return "\n".join(lines) + "\n"

    def snippet(
        self, span: Span, arrow: str, label: str, gutter: int, *, mark: str, color: str
    ) -> list[str]:
        """Where a span is, its first line, and the range underlined and labelled."""
        paint = self.paint
        place = span.place
        indent = " " * gutter
        if not span.file.text:  # a file that could not be read, or holds nothing
            return [f"{indent}{paint(arrow, fg=_FRAME, bold=True)} {harmless_name(place.file)}"]
        where = f"{harmless_name(place.file)}:{place.line}:{place.column}"
        bar = paint("|", fg=_FRAME, bold=True)
        text = span.file.line(place.line)
        end = place.end_column - 1 if place.end_line == place.line else len(text)
        # The window wants text around the range, not megabytes of it.
        low = max(place.column - 1 - self.width, 0) if len(text) > 10 * self.width else 0
        high = low + 10 * self.width
        line = Line(
            text[low:high],
            place.column - 1 - low,
            min(end, high) - low,
            self.width - gutter - 3,
        )
        number = paint(str(place.line).rjust(gutter), fg=_FRAME, bold=True)
        underline = " " * line.offset + paint(mark * line.length, fg=color, bold=True)
        lines = [
            f"{indent}{paint(arrow, fg=_FRAME, bold=True)} {where}",
            f"{indent} {bar}",
            f"{number} {bar} {line.text}".rstrip(),
            f"{indent} {bar} {underline}",
        ]
        if label:
            room = self.width - gutter - 4 - line.offset - line.length
            start = min(line.offset, self.width // 3)
            told = wrap(label, self.width - gutter - 3 - start)
            if len(told) == 1 and width(told[0]) <= room:
                lines[-1] += " " + paint(told[0], fg=color)
            else:
                lines += [f"{indent} {bar} {' ' * start}{paint(one, fg=color)}" for one in told]
        return lines

    def note(self, name: str, text: str, gutter: int) -> list[str]:
        """`= name: text`, wrapped under its own beginning."""
        prefix = f"{' ' * gutter} = {name}: "
        first, *more = _hanging(prefix, text, self.width)
        sign = self.paint("=", fg=_FRAME, bold=True)
        head = f"{' ' * gutter} {sign} {self.paint(name, bold=True)}:"
        return [head + first[len(prefix) - 1 :], *more]

    def shown(self, example: Counterexample, gutter: int) -> list[str]:
        """The statements, each on a line of its own however long: they are there to be pasted."""
        indent = " " * (gutter + 10)
        lines = self.note("shown", f"{example.title}:", gutter)
        lines += [f"{indent}    {harmless(one.line)}" for one in example.statements]
        told = wrap(f"then {example.what}", self.width - len(indent))
        return [*lines, *(indent + line for line in told)]

    # -- after the findings

    def statistics(self) -> list[str]:
        """How often each rule was found wanting, most often first."""
        counts: dict[str, int] = {}
        for finding in self.report.findings:
            counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if not counts:
            return []
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        size = len(str(ordered[0][1]))
        return ["".join(f"{count:>{size}}  {harmless_name(rule)}\n" for rule, count in ordered)]

    def rules(self) -> list[str]:
        """A line for each business rule: id, verdict, kind, subject, and by what it is kept."""
        rows = self.report.rules
        if not rows:
            return []
        ids = max(width(harmless_name(rule.id)) for rule in rows)
        verdicts = max(len(rule.verdict) for rule in rows)
        kinds = max(len(rule.kind) for rule in rows)
        lines: list[str] = []
        for rule in rows:
            name = harmless_name(rule.id)
            name += " " * (ids - width(name))
            verdict = self.paint(rule.verdict.ljust(verdicts), fg=_verdict_color(rule.verdict))
            head = f"{name}  {rule.verdict.ljust(verdicts)}  {rule.kind.ljust(kinds)}  "
            first, *more = _hanging(head, _kept_by(rule), self.width)
            rest = first[len(name) + 2 + verdicts :]
            lines += [f"{name}  {verdict}{rest}", *more]
        return ["\n".join(lines) + "\n"]

    def carried(self, *, verbose: bool) -> list[str]:
        """What was carried out on a database."""
        from schemalint.reporters.carried import carried_lines  # few runs do

        lines = carried_lines(self.report.carried, self.width, self.paint, verbose=verbose)
        return ["".join(f"{line}\n" for line in lines)]

    def closing(self) -> str:
        """What was found and what was read, in one line if it fits."""
        report, paint = self.report, self.paint
        told = "; ".join(_told(report))
        lines = [line.replace(_TIED, " ") for line in wrap(told, self.width)]
        if not report.complete:
            color = "red"
            lines += wrap(f"This run is not complete: {_missing(report)}.", self.width)
        else:
            color = "red" if report.failed else "green" if not report.findings else "yellow"
        return "".join(paint(line, fg=color, bold=True) + "\n" for line in lines)


def _missing(report: Report) -> str:
    """What an incomplete run lacks."""
    unread = any(one.rule in INCOMPLETE and one.rule != NOT_PROVABLE for one in report.findings)
    if unread:
        return "what could not be read was not judged"
    return "the rules were judged by reading alone"


def _told(report: Report) -> list[str]:
    summary = report.summary
    told: list[str] = []
    if report.findings:
        told.append(_findings(summary))
    if summary.rules:
        told.append(_rules(summary))
    elif report.schemas:
        unread = any(finding.rule == INVALID_RULEBOOK for finding in report.findings)
        told.append("no business rule was read" if unread else "no business rules")
    told.append(_read(report))
    if not report.findings:
        told.append("no findings")
    if summary.suppressed:
        told.append(f"{_number(summary.suppressed, 'finding')} suppressed")
    told[-1] += f" ({report.elapsed:.2f}{_TIED}s)"
    return told


def _findings(summary: Summary) -> str:
    counts = [(summary.error, "error"), (summary.warning, "warning"), (summary.info, "info")]
    return ", ".join(
        f"{count} {name}{'s' if count > 1 and name != 'info' else ''}"
        for count, name in counts
        if count
    )


def _rules(summary: Summary) -> str:
    total = sum(summary.rules.values())
    if len(summary.rules) == 1:
        verdict = next(iter(summary.rules))
        return f"{_number(total, 'rule')} {_WORDS.get(verdict, verdict)}"
    counts = ", ".join(
        f"{number} {_WORDS.get(verdict, verdict)}" for verdict, number in summary.rules.items()
    )
    return f"{_number(total, 'rule')}: {counts}"


_WORDS = {"service": "left to the service", "question": "in question"}


def _read(report: Report) -> str:
    files = sum(len(schema.files) for schema in report.schemas)
    models = sum(schema.models for schema in report.schemas)
    told = f"{_number(models, 'model')} in {_number(files, 'file')}"
    if len(report.schemas) > 1:
        told += f" of {len(report.schemas)} schemas"
    return told if report.schemas else "no schema was read"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _about(finding: Finding, entry: RuleReport) -> str:
    """The rule's entry in a few words: its kind, what became of it, and where it stands."""
    place = entry.span.place
    where = f"{harmless_name(place.file)}:{place.line}"
    verdict = finding.verdict
    if verdict is None:
        return f"`{entry.kind}`, {where}"
    asked = f", asked of the {entry.enforced_by}" if verdict is Verdict.WEAK else ""
    return f"`{entry.kind}`, {verdict}{asked}, {where}"


def _kept_by(rule: RuleReport) -> str:
    if not rule.kept_by:
        return rule.subject
    told = ", ".join(dict.fromkeys(_evidence(one.message, one.span) for one in rule.kept_by))
    return f"{rule.subject}, by {told}"


def _evidence(message: str, span: Span) -> str:
    return f"{message} ({harmless_name(span.file.path)}:{span.place.line})"


def _gutter(spans: Iterable[Span | None]) -> int:
    lines = [span.place.line for span in spans if span is not None]
    return max((len(str(line)) for line in lines), default=1)


def _hanging(prefix: str, text: str, limit: int) -> list[str]:
    """`prefix` and the wrapped text, further lines indented to where the text begins.

    A prefix of more than a third of the line gives no column to hang from: then by four.
    """
    if len(prefix) <= limit // 3:
        first, *more = wrap(text, limit - len(prefix))
        return [prefix + first, *(" " * len(prefix) + line if line else "" for line in more)]
    room = limit - len(prefix)
    head = wrap(text, room)[0] if room >= limit // 4 else ""
    rest = text[len(head) :].strip() if text.startswith(head) else text
    head = head if text.startswith(head) else ""
    more = wrap(rest, limit - 4) if rest else []
    return [(prefix + head).rstrip(), *("    " + line if line else "" for line in more)]


def _verdict_color(verdict: Verdict) -> str:
    return "green" if not verdict.fails else "yellow" if verdict is Verdict.WEAK else "red"


def _plain(text: str, **_: object) -> str:
    return text
