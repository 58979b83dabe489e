"""What a table's MetaData and registry settle: schema, naming conventions, types of annotations."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sqlmodel.arguments import Arguments, is_none, path_of, text_of
from schemalint.loaders.sqlmodel.values import Attribute, Call, Constant, Mapping, Value

_METADATA = "sqlalchemy.MetaData"
_BY_REGISTRY = ("generate_base", "as_declarative_base", "mapped", "mapped_as_dataclass")
_KINDS = {
    "ix": "ix",
    "uq": "uq",
    "ck": "ck",
    "fk": "fk",
    "pk": "pk",
    "sqlalchemy.Index": "ix",
    "sqlalchemy.UniqueConstraint": "uq",
    "sqlalchemy.CheckConstraint": "ck",
    "sqlalchemy.ForeignKeyConstraint": "fk",
    "sqlalchemy.PrimaryKeyConstraint": "pk",
}
# A convention of which nothing is known: a name that it may have made cannot be told.
_UNTOLD = dict.fromkeys(("ix", "uq", "ck", "fk", "pk"), "%(unknown)s")


class MetaDataFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A MetaData: its default schema, its naming convention by kind; `untold` where the schema that
    it puts tables into could not be told."""

    schema: str | None = None
    conventions: dict[str, str] = {}
    untold: bool = False


def is_metadata(value: Value | None) -> bool:
    """Whether it is `MetaData(...)`."""
    return isinstance(value, Call) and path_of(value) == _METADATA


def read_metadata(value: Value | None) -> MetaDataFacts:
    """What `MetaData(...)` says; of anything else, that it is not known. None says nothing."""
    if value is None:
        return MetaDataFacts()
    if not isinstance(value, Call) or not is_metadata(value):
        return MetaDataFacts(conventions=_UNTOLD, untold=True)
    arguments = Arguments(value)
    schema = arguments.text("schema")
    naming = arguments.value("naming_convention")
    if isinstance(naming, Call) and path_of(naming).endswith(".immutabledict") and naming.args:
        naming = naming.args[0]
    if naming is None or is_none(naming):
        conventions = {}
    else:
        conventions = read_conventions(naming) if isinstance(naming, Mapping) else _UNTOLD
    untold = bool(arguments.gaps)
    return MetaDataFacts(schema=schema, conventions=conventions, untold=untold)


def read_conventions(value: Value | None) -> dict[str, str]:
    """A naming convention's templates by kind.

    A template that is a function of the project stands as one whose name cannot be told.
    """
    if not isinstance(value, Mapping):
        return {}
    found: dict[str, str] = {}
    for key, template in value.items:
        kind = _KINDS.get(text_of(key) or path_of(key))
        if kind is None or is_none(template):
            continue
        text = text_of(template)
        found[kind] = text if text is not None else "%(unknown)s"
    return found


def metadata_of(value: Value | None) -> Value | None:
    """The MetaData of `registry(metadata=...)`, `declarative_base(metadata=...)`,
    `SQLAlchemy(metadata=...)` of Flask, and of the base that a registry makes."""
    while isinstance(value, Call):
        if isinstance(value.callee, Attribute) and value.callee.name in _BY_REGISTRY:
            value = value.callee.of
            continue
        return value.keyword("metadata")
    return None


def annotation_map(value: Value | None) -> tuple[tuple[Value, Value], ...]:
    """The pairs of a `type_annotation_map`, also of a `registry(...)` that has one."""
    if isinstance(value, Mapping):
        return value.items
    if isinstance(value, Call):
        return annotation_map(value.keyword("type_annotation_map"))
    return ()


def is_true(value: Value | None) -> bool:
    """Whether it is the constant True."""
    return isinstance(value, Constant) and value.value is True


def owner_of_metadata(value: Value | None) -> Value | None:
    """X of `X.metadata`."""
    if isinstance(value, Attribute) and value.name == "metadata":
        return value.of
    return None
