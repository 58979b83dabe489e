"""Which of PostgreSQL's extensions a schema needs.

By the names of types, functions and operator classes ("Additional Supplied Modules and
Extensions" of its manual; the pages of PostGIS and pgvector), and by what a Prisma datasource
lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemalint.attributes import Value
from schemalint.model import Field, Index, KeyPart, Model, ScalarType, Schema, Unique

_TYPES = {
    "citext": "citext",
    "hstore": "hstore",
    "ltree": "ltree",
    "lquery": "ltree",
    "ltxtquery": "ltree",
    "cube": "cube",
    "seg": "seg",
    "isbn": "isn",
    "isbn13": "isn",
    "issn": "isn",
    "ean13": "isn",
    "upc": "isn",
    "geometry": "postgis",
    "geography": "postgis",
    "raster": "postgis_raster",
    "vector": "vector",
    "halfvec": "vector",
    "sparsevec": "vector",
}
_FUNCTIONS = {
    "uuid_generate_v1": "uuid-ossp",
    "uuid_generate_v1mc": "uuid-ossp",
    "uuid_generate_v3": "uuid-ossp",
    "uuid_generate_v4": "uuid-ossp",
    "uuid_generate_v5": "uuid-ossp",
    "uuid_nil": "uuid-ossp",
    "gen_random_bytes": "pgcrypto",
    "gen_salt": "pgcrypto",
    "crypt": "pgcrypto",
    "digest": "pgcrypto",
    "hmac": "pgcrypto",
    "unaccent": "unaccent",
    "similarity": "pg_trgm",
    "word_similarity": "pg_trgm",
    "soundex": "fuzzystrmatch",
    "levenshtein": "fuzzystrmatch",
    "metaphone": "fuzzystrmatch",
    "dmetaphone": "fuzzystrmatch",
    "ll_to_earth": "earthdistance",
    "earth_distance": "earthdistance",
    "hstore": "hstore",
}
_OPERATOR_CLASSES = {
    "gin_trgm_ops": "pg_trgm",
    "gist_trgm_ops": "pg_trgm",
    "gin__int_ops": "intarray",
    "gist__int_ops": "intarray",
    "vector_l2_ops": "vector",
    "vector_ip_ops": "vector",
    "vector_cosine_ops": "vector",
}
_NEEDED = {"earthdistance": "cube", "postgis_raster": "postgis"}
_CALL = re.compile(r"\b(\w+)\s*\(")
# An ordinary value has an operator class for these methods only by an extension.
_METHODS = {"gist": "btree_gist", "gin": "btree_gin"}
_UNORDINARY = (ScalarType.UNSUPPORTED, ScalarType.JSON, ScalarType.COMPOSITE)


def extensions(schema: Schema) -> tuple[str, ...]:
    """Their names, in the order in which they are to be created, each once."""
    found: dict[str, None] = {}
    for name in [*_listed(schema), *(one for model in schema.models for one in _of_model(model))]:
        if name in _NEEDED:
            found[_NEEDED[name]] = None
        found[name] = None
    return tuple(found)


def _listed(schema: Schema) -> Iterator[str]:
    """`extensions = [pgcrypto, uuidOssp(map: "uuid-ossp")]` of a datasource."""
    for block in schema.blocks:
        for setting in block.settings:
            if block.kind == "datasource" and setting.key == "extensions":
                value = setting.value
                for item in value.items if value.kind == "array" else (value,):
                    yield _extension(item)


def _extension(item: Value) -> str:
    for argument in item.arguments:
        if argument.name == "map":
            return argument.value.text
    return item.text


def _of_model(model: Model) -> Iterator[str]:
    if model.kind not in ("model", "join"):
        return
    fields = {field.column: field for field in model.fields}
    texts: list[str | None] = [check.expression for check in model.checks]
    for field in model.fields:
        kind = re.split(r"[(\[]", field.native.lower())[0].strip().strip('"').rpartition(".")[2]
        if field.type in (ScalarType.STRING, ScalarType.UNSUPPORTED) and kind in _TYPES:
            yield _TYPES[kind]
        default, generated = field.default, field.generated
        if default is not None and default.kind == "expression":
            texts.append(default.expression)
        texts.append(None if generated is None else generated.expression)
    indexed: list[Unique | Index] = [*model.uniques, *model.indexes]
    for key in indexed:
        texts += [*key.expressions, key.where]
        yield from _of_parts(key.parts, key.type if isinstance(key, Index) else "btree", fields)
    for exclusion in model.exclusions:
        texts += [part.expression for part in exclusion.parts]
        yield from _of_parts(exclusion.parts, exclusion.type, fields)
        for part, operator in zip(exclusion.parts, exclusion.operators, strict=True):
            if part.column is None and operator in ("=", "<>") and exclusion.type == "gist":
                yield "btree_gist"
    for text in texts:
        for call in _CALL.findall(text or ""):
            if call.lower() in _FUNCTIONS:
                yield _FUNCTIONS[call.lower()]


def _of_parts(parts: tuple[KeyPart, ...], method: str, fields: dict[str, Field]) -> Iterator[str]:
    for part in parts:
        if part.operator_class in _OPERATOR_CLASSES:
            yield _OPERATOR_CLASSES[part.operator_class]
        field = fields.get(part.column or "")
        if (
            field is not None
            and method in _METHODS
            and part.operator_class is None
            and field.type not in _UNORDINARY
            and not field.list
        ):
            yield _METHODS[method]
