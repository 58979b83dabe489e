"""SQLite checks foreign keys only on connections that ask for it: `PRAGMA foreign_keys = ON`."""

from __future__ import annotations

import msgspec

from schemalint.model import Dialect, Layer, Schema


def switched_on(schema: Schema) -> Schema:
    """A SQLite schema as it is where every connection switches its foreign keys on.

    Another dialect's schema is given back as it is, and so is one whose keys no database ever
    sees, because the client library emulates them.
    """
    if schema.dialect != Dialect.SQLITE:
        return schema
    emulated = any(
        setting.key in ("relationMode", "referentialIntegrity") and setting.value.text == "prisma"
        for block in schema.blocks
        for setting in block.settings
    )
    if emulated:
        return schema
    models = [
        msgspec.structs.replace(
            model,
            foreign_keys=tuple(
                msgspec.structs.replace(key, layer=Layer.DATABASE) for key in model.foreign_keys
            ),
        )
        for model in schema.models
    ]
    return msgspec.structs.replace(schema, models=tuple(models), foreign_keys_enforced=True)
