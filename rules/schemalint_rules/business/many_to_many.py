"""The kind `many_to_many`: pairs of rows, each linked at most once."""

from collections.abc import Iterable
from itertools import permutations, product
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.model import ForeignKey, Model
from schemalint.near_match import nearest
from schemalint.rule import (
    BusinessRule,
    Evidence,
    Example,
    Judgement,
    Ref,
    Stale,
    Verdict,
    broken,
    kept,
    question,
    unknown,
    worst,
)
from schemalint_rules.example_schemas import postgresql, rule, sqlite
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.conditions.presence import certain, judge_not_null
from schemalint_rules.judging.keys.room import kept_by
from schemalint_rules.judging.keys.uniqueness import Demand, answer
from schemalint_rules.judging.references.foreign_keys import Pointer, condition_of, fields_of
from schemalint_rules.judging.references.orphans import judge_orphans
from schemalint_rules.judging.references.reference_ends import judge_idle
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.prisma_edits import add_to_model, make_required
from schemalint_rules.remedies.sql_statements import make_not_null, make_unique
from schemalint_rules.wording.describing import called, listed
from schemalint_rules.wording.small_words import one

if TYPE_CHECKING:
    from schemalint.attack import Plan


class ManyToMany(BusinessRule, frozen=True, kw_only=True):
    """Rows of two models are linked in pairs, each pair at most once, and both ends exist.

    ## What it does
    Finds the table that holds the links: Prisma's implicit one, or a model with a foreign key to
    each side. The columns of both keys have to be NOT NULL, and the pair unique: a primary key or
    unique constraint over no other columns. For a model with itself the pair is ordered: (1, 2)
    and (2, 1) are two links.

    ## Why it matters
    A link that is stored twice counts twice, in every total and every list, and is removed once.

    ## Example
    A link model with `id Int @id` and two foreign keys: the key tells the rows apart, and nothing
    stops the same pair from coming again.

    ## Use instead
    `@@id([postId, tagId])` on the link model, or `@@unique([postId, tagId])` beside its own id.
    """

    kind: ClassVar[str] = "many_to_many"

    between: Annotated[
        tuple[Ref, Ref], msgspec.Meta(description="The two models (twice the same for its own).")
    ]
    through: Annotated[
        Ref | None,
        msgspec.Meta(
            description="What holds the links: a model, a table, or the name of an implicit "
            "relation. Needed where several could."
        ),
    ] = None

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="Prisma's own join table.",
            schema=postgresql("""
                model Post {
                  id   Int   @id
                  tags Tag[]
                }

                model Tag {
                  id    Int    @id
                  posts Post[]
                }
            """),
            rule=rule("many_to_many: {between: [Post, Tag]}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="On SQLite nobody checks its foreign keys unasked.",
            schema=sqlite("""
                model Post {
                  id   Int   @id
                  tags Tag[]
                }

                model Tag {
                  id    Int    @id
                  posts Post[]
                }
            """),
            rule=rule("many_to_many: {between: [Post, Tag]}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="The link's own id lets the same pair in again.",
            schema=postgresql("""
                model Post {
                  id   Int       @id
                  tags PostTag[]
                }

                model Tag {
                  id    Int       @id
                  posts PostTag[]
                }

                model PostTag {
                  id     Int  @id
                  postId Int
                  tagId  Int
                  post   Post @relation(fields: [postId], references: [id])
                  tag    Tag  @relation(fields: [tagId], references: [id])
                }
            """),
            rule=rule("many_to_many: {between: [Post, Tag]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="Two relations hold such links: which one is meant?",
            schema=postgresql("""
                model User {
                  id    Int    @id
                  wrote Post[] @relation("authors")
                  liked Post[] @relation("likes")
                }

                model Post {
                  id      Int    @id
                  authors User[] @relation("authors")
                  likes   User[] @relation("likes")
                }
            """),
            rule=rule("many_to_many: {between: [User, Post]}"),
            verdict=Verdict.QUESTION,
        ),
        Example(
            says="Nothing links the two.",
            schema=postgresql("""
                model Post {
                  id Int @id
                }

                model Tag {
                  id Int @id
                }
            """),
            rule=rule("many_to_many: {between: [Post, Tag]}"),
            verdict=Verdict.STALE,
        ),
    )

    def subjects(self, context: Context) -> Iterable[Model]:
        """The first of the two; both have to exist."""
        first, _ = [context.model(ref) for ref in self.between]
        return [first]

    def judge(self, model: Model, context: Context) -> Judgement:
        """The link table's keys and NOT NULLs, once it is clear which table that is."""
        other = context.model(self.between[1])
        candidates = self._candidates(model, other, context)
        if len(candidates) > 1:
            names = listed((link.model.name for link in candidates), "or")
            return question(
                f"{model.name} and {other.name}",
                f"several tables hold pairs of `{model.name}` and `{other.name}`: which one does "
                f"the rule mean, {names}?",
                self.between[0].span,
                help="\n".join(f"`through: {link.model.name}`" for link in candidates),
            )
        link = candidates[0]
        context.named.add((link.model.name, None))
        pairs = link.pairs
        judged = [_judge_pair(link.model, one, two, context) for one, two in pairs]
        unique = [
            judgement
            for judgement, pair in zip(judged, pairs, strict=True)
            if _is_unique(link.model, pair, context)
        ]
        if len(judged) == 1 or len(unique) == 1:
            return unless_obscured((unique or judged)[0], link.model, context)
        first = pairs[0]
        return question(
            link.model.name,
            f"`{link.model.name}` points at `{model.name}` or `{other.name}` by several keys: "
            "which two make up the pair?",
            first[0].span,
            help="give the pair that is meant a unique constraint of its own",
        )

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """The same pair twice, and links that lead nowhere. None where it is open which table, or
        which of its keys, hold the pairs.

        Raises:
            Stale: a name does not exist, or no table links the two.
        """
        from schemalint_rules.attacking.links import plan

        other = context.model(self.between[1])
        candidates = self._candidates(model, other, context)
        if len(candidates) > 1:
            return None
        link = candidates[0]
        pairs = [pair for pair in link.pairs if _is_unique(link.model, pair, context)]
        pairs = pairs or link.pairs
        if len(pairs) > 1:
            return None
        return plan(_demand(link.model, pairs[0]), pairs[0], (model, other), context)

    def _candidates(self, model: Model, other: Model, context: Context) -> list["_Link"]:
        if self.through is not None:
            return [self._through(model, other, self.through, context)]
        links = [
            _Link(candidate, pairs)
            for candidate in context.schema.models
            if candidate.name not in (model.name, other.name)
            and (pairs := _pairs(candidate, model, other))
        ]
        if not links:
            raise Stale(
                f"no table links `{model.name}` with `{other.name}`: there is no many-to-many "
                "relation between them, and no model that points at both",
                self.between[0].span,
            )
        return links

    def _through(self, model: Model, other: Model, ref: Ref, context: Context) -> "_Link":
        """The table called `ref`, or that of the relation called so."""
        for relation in model.relations:
            named = ref.text in (relation.relation_name, relation.name)
            if named and relation.model == other.name and relation.through is not None:
                context.named.add((model.name, relation.name))
                ref = Ref(relation.through, ref.span)
                break
        found = context.model(ref)
        pairs = _pairs(found, model, other)
        if pairs:
            return _Link(found, pairs)
        names = [one.name for one in context.schema.models if _pairs(one, model, other)]
        lacking = [one.name for one in (model, other) if not _keys(found, one)]
        raise Stale(
            f"`{found.name}` holds no pairs of `{model.name}` and `{other.name}`: it has no "
            f"foreign key to {listed(lacking or [model.name])}" + (" twice" if not lacking else ""),
            ref.span,
            nearest(ref.text, names) or (names[0] if names else None),
        )


_Pair = tuple[ForeignKey, ForeignKey]


class _Link(msgspec.Struct, frozen=True):
    """A table that could hold the links, and the foreign keys that could be their two ends."""

    model: Model
    pairs: list[_Pair]


def _keys(link: Model, model: Model) -> list[ForeignKey]:
    return [key for key in link.foreign_keys if key.model == model.name]


def _pairs(link: Model, one: Model, other: Model) -> list[_Pair]:
    if one.name != other.name:
        return list(product(_keys(link, one), _keys(link, other)))
    # Of (a, b) and (b, a) one will do: their columns are the same.
    return [
        (first, second)
        for first, second in permutations(_keys(link, one), 2)
        if first.columns < second.columns
    ]


def _demand(link: Model, pair: _Pair) -> Demand:
    fields = {field.column: field for key in pair for field in fields_of(link, key)}
    return Demand(link, tuple(fields.values()))


def _is_unique(link: Model, pair: _Pair, context: Context) -> bool:
    return answer(_demand(link, pair), "distinct", context).kept is True


def _judge_pair(link: Model, one: ForeignKey, other: ForeignKey, context: Context) -> Judgement:
    return worst(
        _once(link, (one, other), context),
        *(_end(link, key, context) for key in (one, other)),
    )


def _once(link: Model, pair: _Pair, context: Context) -> Judgement:
    """The same pair twice (F15, F15b, F15c, F16)."""
    path = link.name
    demand = _demand(link, pair)
    found = answer(demand, "distinct", context)
    names = [field.name for field in demand.fields]
    if found.kept:
        extra = [
            stricter(
                path,
                f"{called(link, keeper)} allows {one(key.model)} one link only, so this is no "
                "many-to-many relation",
                keeper.span,
                help=f"make ({', '.join(names)}) unique instead",
            )
            for keeper in found.keepers
            for key in pair
            if keeper.columns and set(keeper.columns) <= set(key.columns)
        ]
        evidence = kept_by(demand, found.keepers, context)
        return kept(path, evidence, layer=found.layer, extra=extra)
    if found.kept is None:
        return unknown(path, found.undecided, link.name_span)
    attribute = f"@@unique([{', '.join(names)}])"
    fix = add_to_model(context.schema, link, attribute)
    return broken(
        path,
        f"the same `{pair[0].model}` and `{pair[1].model}` can be linked twice: nothing makes "
        f"{listed(names)} unique together in `{link.name}`",
        link.name_span,
        label="no key over the pair",
        help=f"add `{attribute}`"
        if fix
        else make_unique(link, [field.column for field in demand.fields], context.dialect),
        fix=fix,
    )


def _end(link: Model, key: ForeignKey, context: Context) -> Judgement:
    """One end: it names a row that exists (X16: NULL names none)."""
    path = link.name
    if not key.enforced:
        what = f"`{link.name}` may link what is no row of `{key.model}`"
        return judge_idle(link, key, path, what, context)
    for field in fields_of(link, key):
        presence = judge_not_null(link, field, context)
        if presence.verdict is not Verdict.BROKEN and not certain(presence):
            return presence
        if not certain(presence):
            relation = next((one for one in link.relations if one.columns == key.columns), None)
            return broken(
                path,
                f"`{link.name}.{field.name}` can be NULL: a link to no `{key.model}`",
                field.type_span,
                label="may be NULL",
                help=f"make `{link.name}.{field.name}` required"
                if in_prisma(context.schema, field.type_span)
                else make_not_null(link, [field], context.dialect),
                fix=make_required(context.schema, link, [field], relation),
            )
    evidence = Evidence(f"the foreign key {called(link, key)}", key.span)
    held = kept(path, [evidence], layer=key.layer, condition=condition_of(key, context))
    target = next((one for one in context.schema.models if one.name == key.model), None)
    if target is None:
        return held
    return worst(held, *judge_orphans(Pointer(link, key, path, key.span), target, context))
