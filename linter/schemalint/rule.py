"""What a rule author imports: the two sorts of rule, and the words that they answer in.

A `DesignRule` reads the schema alone and yields findings. A `BusinessRule` is one entry of the
rulebook: for each model it speaks of it gives a `Judgement`, which says at which layer the
forbidden states are impossible, or how one is reached. What a judgement means for a run
(is that layer good enough, is the rule's severity an error) is the engine's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.finding import Edit, Finding, Fix, Related, Severity, Verdict
from schemalint.judgement import Evidence, Judgement, broken, kept, question, unknown, worst
from schemalint.model import Dialect, Layer, Model, Schema
from schemalint.reference import Condition, Models, Ref, Stale
from schemalint.source import Span

if TYPE_CHECKING:  # only proofs need it
    from schemalint.attack import Plan

__all__ = [
    "BusinessRule",
    "Condition",
    "Context",
    "DesignRule",
    "Edit",
    "Entity",
    "Entry",
    "Evidence",
    "Example",
    "Finding",
    "Fix",
    "Judgement",
    "Models",
    "Ref",
    "Related",
    "Rulebook",
    "Severity",
    "Stale",
    "Verdict",
    "broken",
    "kept",
    "question",
    "summary",
    "unknown",
    "worst",
]


class Example(msgspec.Struct, frozen=True):
    """A schema, and for business rules a rule, that show what a rule says.

    `verdict` is the expected one (business rules); a design rule's `invalid` examples must give
    exactly one finding of that rule, its `valid` ones none. Examples are tests and documentation.
    SQL of several files has a line `-- file: NAME` before each.
    """

    schema: str
    rule: str = ""
    verdict: Verdict | None = None
    says: str = ""
    language: str = "prisma"


class BusinessRule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of business rule; its fields are the kind's parameters, typed.

    A field's type tells the rulebook how to read it: `Ref` (any scalar, with its place),
    `tuple[Ref, ...]` (a list, or one scalar for a list of one; no name twice), `tuple[Ref, Ref]`
    (two names, perhaps the same), `Models`, `Condition`, `bool`,
    `int`, `str`, `Literal[...]`, `dict[Ref, tuple[Ref, ...]]`, or one of these `| None`.
    A field without a default is required. A trailing underscore is dropped (`from_` is read
    from `from`); a field `of: Models` also takes `except`. `Annotated[..., msgspec.Meta(
    description=...)]` says what the parameter means, for the JSON Schema and the rule's page.

    `of_views` tells that the kind can be judged over a view, whose query is not part of the schema:
    what its rows are, its declaration only claims. Without it, such a rule is `unknown`.
    `of_absence` tells that the kind wants something not to be in the schema: no constraint keeps
    it.
    """

    kind: ClassVar[str]
    examples: ClassVar[tuple[Example, ...]] = ()
    of_views: ClassVar[bool] = False
    of_absence: ClassVar[bool] = False

    def subjects(self, context: Context) -> Iterable[Model]:
        """The models to judge, one judgement each. Default: those of `of`.

        Raises:
            Stale: a name does not exist.
        """
        of: Any = getattr(self, "of")  # noqa: B009 -- kinds without `of` override this method
        return context.models(of)

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """What is wrong with the parameters taken together, whatever the schema: a message and,
        where one parameter is to blame, its place. Reported as errors of the rulebook."""
        yield from ()

    def judge(self, model: Model, context: Context) -> Judgement:
        """Decide the rule for one model, for the dialect of `context.schema`.

        Raises:
            Stale: a name does not exist.
        """
        raise NotImplementedError

    def attacks(self, model: Model, context: Context) -> Plan | None:
        """The rule over one model as something to carry out on a real database: what it forbids,
        and the ways in which a writer could get there. None where rows do not show whether the
        rule is kept (an index, say), or where the kind has none.

        Raises:
            Stale: a name does not exist.
        """
        return None


class DesignRule(msgspec.Struct, frozen=True, kw_only=True):
    """A fault that the schema alone shows. Its fields are its options, each with a default."""

    id: ClassVar[str]
    severity: ClassVar[Severity] = Severity.WARNING
    invalid: ClassVar[tuple[Example, ...]] = ()
    valid: ClassVar[tuple[Example, ...]] = ()

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        """Yield what is wrong, in the order of the schema."""
        raise NotImplementedError

    def finding(
        self,
        span: Span,
        message: str,
        *,
        path: str,
        label: str | None = None,
        related: Iterable[Related] = (),
        help: str | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule at its usual severity."""
        return Finding(
            rule=self.id,
            name=self.id,
            message=message,
            span=span,
            severity=self.severity,
            path=path,
            label=label,
            related=tuple(related),
            help=help,
            fix=fix,
        )


def summary(rule: type[BusinessRule] | type[DesignRule]) -> str:
    """What the rule says, in the first paragraph of its docstring, on one line."""
    return " ".join((rule.__doc__ or "").strip().split("\n\n")[0].split())


# -- the rulebook, read ----------------------------------------------------------------------


class Entry(msgspec.Struct, frozen=True):
    """One rule of the rulebook: the frame around a kind.

    `span` is the whole entry, `id_span` the id, `kind_span` the kind's key. `dialects` is ()
    for the schema's own.
    """

    id: str
    says: str
    rule: BusinessRule
    span: Span
    id_span: Span
    kind_span: Span
    enforced_by: Layer = Layer.DATABASE
    because: str | None = None
    severity: Severity = Severity.ERROR
    dialects: tuple[Dialect, ...] = ()


class Entity(msgspec.Struct, frozen=True):
    """An `entities` entry: a model of the domain, and fields that need no rule of their own."""

    model: Ref
    says: str
    fields: tuple[Ref, ...]
    span: Span


class Rulebook(msgspec.Struct, frozen=True):
    """One or more business-rules documents, read together.

    `named` holds what the rules and entities name explicitly, as resolved by the engine:
    (model, None) and (model, field) pairs of logical names; it is what `closed` looks at.
    """

    entries: tuple[Entry, ...] = ()
    entities: tuple[Entity, ...] = ()
    closed: bool = False
    closed_span: Span | None = None
    sources: tuple[tuple[str, Span], ...] = ()
    named: frozenset[tuple[str, str | None]] = frozenset()
