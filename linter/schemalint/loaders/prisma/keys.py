"""Primary keys, uniques and indexes: of fields (`@id`, `@unique`) and of blocks (`@@index` ...)."""

from __future__ import annotations

import re

import msgspec

from schemalint.attributes import Attribute, Value
from schemalint.loaders.prisma import migrate_names
from schemalint.loaders.prisma.defaults import argument_value
from schemalint.loaders.prisma.dialect import Target
from schemalint.loaders.prisma.drafts import ModelDraft
from schemalint.loaders.prisma.partial import predicate
from schemalint.model import (
    Default,
    Dialect,
    Field,
    Index,
    KeyPart,
    Layer,
    Opaque,
    PrimaryKey,
    ScalarType,
    Unique,
)

_NULLS_EQUAL = (Dialect.SQLSERVER, Dialect.MONGODB)
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
KEY_WORDS = frozenset(("id", "unique", "index", "fulltext"))


class KeyBuilder:
    """Builds the keys and indexes of the drafts; `drafts` are all of them, by name."""

    def __init__(self, target: Target, drafts: dict[str, ModelDraft]) -> None:
        self._target = target
        self._drafts = drafts
        self._limit = target.identifier_limit
        # A unique constraint of SQL Server and a unique index of MongoDB take NULL for a value
        # like any other (documented), all other databases for none.
        self._nulls_equal = target.dialect in _NULLS_EQUAL

    def fill(self, draft: ModelDraft) -> None:
        """Give `draft` its keys and indexes: those of fields first, as Migrate orders them."""
        for attribute, field in draft.keys:
            part = self._part(field.column, attribute)
            if attribute.name == "id":
                self._primary_key(draft, attribute, (part,))
            else:
                self._unique(draft, attribute, (part,))
        for attribute in draft.block.attributes:
            word = attribute.name
            if word not in KEY_WORDS:
                continue
            parts = self._parts(draft, attribute)
            if parts is None:
                draft.opaque.append(
                    Opaque(
                        "key",
                        attribute.span.text,
                        f"`@@{word}` does not list fields of `{draft.name}`",
                        attribute.span,
                        (draft.table,),
                    )
                )
            elif word == "id":
                self._primary_key(draft, attribute, parts)
            elif word == "unique":
                self._unique(draft, attribute, parts)
            else:
                self._index(draft, attribute, parts)

    # -- the three sorts

    def _primary_key(
        self, draft: ModelDraft, attribute: Attribute, parts: tuple[KeyPart, ...]
    ) -> None:
        if draft.primary_key is not None or draft.kind != "model":
            return
        name = None
        if self._target.names_primary_keys:
            name = _map(attribute) or migrate_names.primary_key_name(draft.table, self._limit)
        draft.primary_key = PrimaryKey(name, parts, attribute.span)
        if self._target.dialect is Dialect.SQLITE and len(parts) == 1:
            _count_up(draft, parts[0], attribute)

    def _unique(self, draft: ModelDraft, attribute: Attribute, parts: tuple[KeyPart, ...]) -> None:
        where, where_value = self._where(draft, attribute)
        draft.uniques.append(
            Unique(
                _map(attribute)
                or migrate_names.unique_name(draft.table, _columns(parts), self._limit),
                parts,
                attribute.span,
                where,
                None if where_value is None else where_value.span,
                "equal" if self._nulls_equal else "distinct",
                self._ignores_case(draft, parts),
                Layer.SERVICE if draft.kind == "view" else Layer.DATABASE,
                self._target.dialect is not Dialect.SQLSERVER,
            )
        )

    def _index(self, draft: ModelDraft, attribute: Attribute, parts: tuple[KeyPart, ...]) -> None:
        if draft.kind != "model":
            return
        where, where_value = self._where(draft, attribute)
        kind = "fulltext"
        if attribute.name == "index":
            written = attribute.argument("type")
            kind = "btree" if written is None else written.value.text.lower()
        draft.indexes.append(
            Index(
                _map(attribute)
                or _legacy_name(attribute)
                or migrate_names.index_name(draft.table, _columns(parts), self._limit),
                parts,
                attribute.span,
                where,
                None if where_value is None else where_value.span,
                kind,
            )
        )

    # -- members

    def _parts(self, draft: ModelDraft, attribute: Attribute) -> tuple[KeyPart, ...] | None:
        value = argument_value(attribute, "fields")
        if value is None:
            return None
        parts = []
        for item in value.items if value.kind == "array" else (value,):
            if item.kind not in ("constant", "call"):
                return None
            field = draft.fields.get(item.text)
            if field is not None:
                parts.append(self._part(field.column, item))
            else:
                path = self._path(draft, item.text)
                if path is None:
                    return None
                parts.append(self._part(path, item, expression=True))
        return tuple(parts) or None

    def _path(self, draft: ModelDraft, text: str) -> str | None:
        """`address.street` into composite types, physical names; None if it leads nowhere."""
        columns = []
        at: ModelDraft | None = draft
        for name in text.split("."):
            field = at.fields.get(name) if at is not None else None
            if field is None:
                return None
            columns.append(field.column)
            at = self._drafts.get(field.composite) if field.composite else None
        return ".".join(columns)

    @staticmethod
    def _part(column: str, settings: Attribute | Value, *, expression: bool = False) -> KeyPart:
        descending = False
        length = operator_class = None
        for argument in settings.arguments:
            if argument.name == "sort":
                descending = argument.value.text == "Desc"
            elif argument.name == "length":
                text = argument.value.text
                length = int(text) if text.isdecimal() and len(text) < 10 else None
            elif argument.name == "ops":
                operator_class = _operator_class(argument.value)
        return KeyPart(
            settings.span,
            None if expression else column,
            column if expression else None,
            descending,
            length,
            operator_class,
        )

    def _ignores_case(self, draft: ModelDraft, parts: tuple[KeyPart, ...]) -> bool:
        if not (self._target.mysql_like or self._target.dialect is Dialect.SQLSERVER) and not any(
            field.ignore_case for field in draft.fields.values()
        ):
            return False
        by_column: dict[str, Field] = {field.column: field for field in draft.fields.values()}
        texts = [
            by_column[part.column]
            for part in parts
            if part.column is not None and by_column[part.column].type is ScalarType.STRING
        ]
        return bool(texts) and all(field.ignore_case for field in texts)

    def _where(self, draft: ModelDraft, attribute: Attribute) -> tuple[str | None, Value | None]:
        written = attribute.argument("where")
        if written is None:
            return None, None
        text = predicate(written.value, draft.fields, self._target)
        if text is None:
            draft.opaque.append(
                Opaque(
                    "predicate",
                    written.span.text,
                    "the `where` of this index was not understood",
                    written.span,
                    (draft.table,),
                )
            )
            text = written.value.span.text
        return text, written.value


def _count_up(draft: ModelDraft, part: KeyPart, attribute: Attribute) -> None:
    """On SQLite a primary key of one INTEGER column counts up, whether the schema asks or not:
    Migrate writes INTEGER PRIMARY KEY AUTOINCREMENT, which makes a number of NULL."""
    for field in draft.fields.values():
        if field.column == part.column and field.native == "INTEGER":
            default = field.default
            if default is None:
                default = Default(Layer.DATABASE, "sequence", "autoincrement()", attribute.span)
            draft.fields[field.name] = msgspec.structs.replace(
                field, default=default, nullable=False
            )
            return


def _columns(parts: tuple[KeyPart, ...]) -> list[str]:
    return [part.column or part.expression or "" for part in parts]


def _map(attribute: Attribute) -> str | None:
    written = attribute.argument("map")
    return written.value.text if written is not None and written.value.kind == "string" else None


def _legacy_name(attribute: Attribute) -> str | None:
    """`@@index(name: ...)`, which named the index before `map` came, and still does."""
    written = attribute.argument("name")
    return written.value.text if written is not None and written.value.kind == "string" else None


def _operator_class(value: Value) -> str:
    """`raw("text_ops")` as it stands; `TextMinMaxOps` as PostgreSQL's `text_minmax_ops`."""
    if value.kind == "call":
        return value.arguments[0].value.text if value.arguments else value.text
    snake = _CAPITAL.sub("_", value.text).lower()
    return snake.replace("min_max", "minmax").replace("_tz", "tz").replace("var_bit", "varbit")
