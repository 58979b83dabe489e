"""Comments in the schema that take back a design finding.

    // schemalint: allow missing-primary-key, money-as-float (legacy table)

On the construct's own line, or on a line of its own before it; `#` and `--` begin comments as
well. On a model (or an enum, or a configuration block) it covers the whole of it, and on a model,
a field or a CREATE TABLE also what is found of it in SQL: what a table has is spread over many
statements, and a migration that was applied cannot be annotated any more. A comment that takes
back nothing is itself a finding, and business rules cannot be taken back here: they are weakened
in the rulebook, where a reason is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from schemalint.finding import Finding, Severity
from schemalint.model import Dialect, Schema
from schemalint.own_rules import OWN_RULES, SCHEMA_MIGRATION_DRIFT, UNUSED_SUPPRESSION
from schemalint.source import SourceFile, Span

_COMMENT = re.compile(
    r"(?P<sign>//+|#+|--+)[ \t]*schemalint:[ \t]*(?P<verb>[\w-]*)(?P<rest>[^\r\n]*)"
)
# Ids (anything between commas without blanks or brackets), then a reason in brackets.
_REST = re.compile(r"[ \t]+(?P<ids>[^\s,()]+(?:[ \t]*,[ \t]*[^\s,()]+)*),?[ \t]*(?:\(.*\)[ \t]*)?")
_ID = re.compile(r"[^\s,()]+")
_CREATE_TABLE = re.compile(
    r"""\s*create\s+(?:\w+\s+){0,3}?table\s+(?:if\s+not\s+exists\s+)?"""
    r"""(?:[\w"`\[\]]+\s*\.\s*)?["`\[]?(?P<table>[\w$]+)""",
    re.IGNORECASE,
)
_SQL_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|--[^\r\n]*|#[^\r\n]*", re.DOTALL)
_FORM = "write `schemalint: allow rule-id, another-rule (the reason)`"


class Suppressed(msgspec.Struct, frozen=True):
    """What is left of the findings, with those about the comments; and how many were taken back."""

    findings: tuple[Finding, ...]
    count: int


class _Allowance(msgspec.Struct):
    """One id of one comment. `line` is the line that it speaks of, `scope` the block, if it
    speaks of one, and `subjects` the symbolic names of the models and fields on that line."""

    rule: str
    span: Span
    line: int
    scope: Span | None
    subjects: Collection[str]
    used: bool = False

    def covers(self, finding: Finding) -> bool:
        span = finding.span
        if span is None or finding.rule != self.rule:
            return False
        if span.file is self.span.file and self._covers_place(span):
            return True
        return _is_sql(span.file) and any(
            finding.path == subject or (finding.path or "").startswith(f"{subject}.")
            for subject in self.subjects
        )

    def _covers_place(self, span: Span) -> bool:
        if self.scope is not None:
            return self.scope.start <= span.start < self.scope.end
        return span.file.position(span.start)[0] == self.line


def suppress(
    findings: Sequence[Finding],
    schema: Schema,
    *,
    active: Collection[str],
    known: Collection[str],
    business: Collection[str],
) -> Suppressed:
    """Take back what the comments in the schema's files allow.

    Args:
        findings: of this schema.
        active: ids of the design rules that ran; only of these can it be told that a
            suppression was for nothing.
        known: ids of all design rules.
        business: ids of the rules of the rulebook.
    """
    faults: list[Finding] = []
    by_rule: dict[tuple[SourceFile | None, str], list[_Allowance]] = {}
    for file in schema.files:
        if "schemalint:" not in file.text:
            continue
        for allowance in _allowances(file, schema, faults):
            refusal = _refusal(allowance, known, business)
            if refusal is None:
                by_rule.setdefault((file, allowance.rule), []).append(allowance)
                if allowance.subjects:
                    by_rule.setdefault((None, allowance.rule), []).append(allowance)
            else:
                faults.append(refusal)
    if not by_rule:
        return Suppressed((*findings, *faults), 0)
    left: list[Finding] = []
    for finding in findings:
        span = finding.span
        fitting = [] if span is None else by_rule.get((span.file, finding.rule), [])
        if span is not None and _is_sql(span.file):  # whatever names what was found covers it
            fitting = [*fitting, *by_rule.get((None, finding.rule), [])]
        covering = [allowance for allowance in fitting if allowance.covers(finding)]
        for allowance in covering:
            allowance.used = True
        if not covering:
            left.append(finding)
    for (of_file, _), allowances in by_rule.items():
        for allowance in allowances if of_file is not None else ():
            if not allowance.used and allowance.rule in active:
                message = f"`{allowance.rule}` finds nothing here, so there is nothing to suppress"
                faults.append(_finding(allowance.span, message, "remove the suppression"))
    return Suppressed((*left, *faults), len(findings) - len(left))


def _allowances(file: SourceFile, schema: Schema, faults: list[Finding]) -> Iterator[_Allowance]:
    heads: dict[int, Span] | None = None
    subjects: dict[int, list[str]] = {}
    for comment in _comments(file, schema.dialect):
        line, column = file.position(comment.start())
        before = file.line(line)[: column - 1]
        if comment["verb"] == "dialect" and _is_sql(file):
            continue  # it says for which database the SQL is written
        whole = Span(file, comment.start(), comment.end())
        rest = _REST.fullmatch(comment["rest"])
        if comment["verb"] != "allow" or rest is None:
            faults.append(_finding(whole, _malformed(comment["verb"]), _FORM))
            continue
        if heads is None:
            heads = dict(_heads(file, schema))
            subjects = _subjects(file, schema)
        target = line if before.strip() else _next_construct(file, line)
        offset = comment.start("rest") + rest.start("ids")
        for rule_id in _ID.finditer(rest["ids"]):
            yield _Allowance(
                rule=rule_id.group(),
                span=Span(file, offset + rule_id.start(), offset + rule_id.end()),
                line=target,
                scope=heads.get(target),
                subjects=subjects.get(target) or _created_table(file, target, schema),
            )


def _comments(file: SourceFile, dialect: Dialect | None) -> Iterator[re.Match[str]]:
    """The comments of a file that speak to this tool, and nothing that only looks like one."""
    found = _COMMENT.finditer(file.text)
    if not _is_sql(file):
        for comment in found:
            line, column = file.position(comment.start())
            if not _inside_comment_or_text(file.line(line)[: column - 1]):
                yield comment
        return
    from bisect import bisect_right

    from schemalint.loaders.sql.lexer import tokens

    read = tokens(file.text, dialect)
    starts = [token.start for token in read]
    for comment in found:
        number = bisect_right(starts, comment.start())
        gap = read[number - 1].end if number else 0
        end = starts[number] if number < len(starts) else len(file.text)
        between = _SQL_COMMENT.finditer(file.text, gap, end)
        if any(one.start() == comment.start() for one in between):
            yield comment


def _is_sql(file: SourceFile) -> bool:
    return file.path.endswith(".sql")


def _malformed(verb: str) -> str:
    if verb == "allow":
        return "this suppression does not say plainly what it allows, and suppresses nothing"
    told = f"`{verb}`" if verb else "nothing"
    return f"`schemalint:` is followed by {told}; it knows `allow`, and in SQL `dialect`"


def _inside_comment_or_text(before: str) -> bool:
    """Whether a comment sign behind `before` begins no comment: in a string, or in a comment."""
    quotes = before.replace('\\"', "").count('"')
    return quotes % 2 == 1 or "//" in before


def _next_construct(file: SourceFile, line: int) -> int:
    """The line that a comment on its own line speaks of: the next that is not a comment."""
    number = line + 1
    while file.line(number).lstrip().startswith(("//", "#", "--")):
        number += 1
    return number


def _heads(file: SourceFile, schema: Schema) -> Iterator[tuple[int, Span]]:
    """The line on which each block of the file opens, and the block."""
    blocks: Iterable[tuple[Span, Span]] = (
        *((model.name_span, model.span) for model in schema.models if model.kind != "join"),
        *((enum.name_span, enum.span) for enum in schema.enums),
        *((block.span, block.span) for block in schema.blocks),
    )
    for head, whole in blocks:
        if whole.file is file:
            yield file.position(head.start)[0], whole


def _subjects(file: SourceFile, schema: Schema) -> dict[int, list[str]]:
    """The symbolic names of the models, fields and relations that open on each line."""
    found: dict[int, list[str]] = {}
    for model in schema.models:
        if model.kind == "join":
            continue
        heads = [(model.name, model.name_span)]
        heads += [(f"{model.name}.{one.name}", one.name_span) for one in model.fields]
        heads += [(f"{model.name}.{one.name}", one.name_span) for one in model.relations]
        for name, span in heads:
            if span.file is file:
                found.setdefault(file.position(span.start)[0], []).append(name)
    return found


def _created_table(file: SourceFile, line: int, schema: Schema) -> list[str]:
    """The model whose table a CREATE TABLE on that line makes; a Prisma model stands elsewhere."""
    if not _is_sql(file) or line > len(file.line_starts):
        return []
    created = _CREATE_TABLE.match(file.text, file.line_starts[line - 1])
    if created is None:
        return []
    table = created["table"].lower()
    return [model.name for model in schema.models if model.table.lower() == table]


def _refusal(
    allowance: _Allowance, known: Collection[str], business: Collection[str]
) -> Finding | None:
    """The finding for an id that no comment can allow, or None."""
    rule_id = allowance.rule
    if rule_id in known or rule_id == SCHEMA_MIGRATION_DRIFT:
        return None
    if rule_id in business:
        return _finding(
            allowance.span,
            f"the business rule `{rule_id}` cannot be suppressed in the schema",
            "weaken it in the rulebook, `enforced_by:` with a `because:`, where a reason is given",
        )
    if rule_id in OWN_RULES:
        return _finding(allowance.span, f"`{rule_id}` cannot be suppressed", None)
    from schemalint.near_match import nearest

    close = nearest(rule_id, known)
    return _finding(
        allowance.span,
        f"there is no design rule `{rule_id}`, so this suppresses nothing",
        f"did you mean `{close}`?" if close else "`schemalint rules` lists them",
    )


def _finding(span: Span, message: str, help_text: str | None) -> Finding:
    return Finding(
        rule=UNUSED_SUPPRESSION,
        name=UNUSED_SUPPRESSION,
        message=message,
        span=span,
        severity=Severity.WARNING,
        path=span.file.path,
        help=help_text,
    )
