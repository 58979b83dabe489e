"""What the differential test does not draw, by name, each with its reason.

A place is a language and a database, `sql sqlite`; both and the constructs may hold `*`. What
stands here and occurs all the same is a fault of the census.
"""

from __future__ import annotations

import msgspec


class LeftOut(msgspec.Struct, frozen=True):
    """Constructs that do not occur in some places, and why."""

    why: str
    places: tuple[str, ...]
    constructs: tuple[str, ...]


_EVERYWHERE = ("* *",)
_SQLITE, _POSTGRESQL, _MYSQL = ("* sqlite",), ("* postgresql",), ("* mysql",)
_NOT_POSTGRESQL = ("* sqlite", "* mysql")
_MODELS = ("prisma *", "sqlmodel *")

LEFT_OUT = (
    # -- what no loader makes, or no text that its language takes
    LeftOut(
        "no loader gives it this layer: what a client checks, and is no fact of the database, "
        "stands among the claims",
        _EVERYWHERE,
        (
            "Check.layer=client",
            "Check.layer=service",
            "Default.layer=service",
            "Field.updated_at=service",
            "ForeignKey.layer=service",
            "PrimaryKey.layer=client",
            "Unique.layer=client",
        ),
    ),
    LeftOut(
        "a key of a view, whose rows nothing tests",
        _EVERYWHERE,
        ("PrimaryKey.layer=service", "Unique.layer=service"),
    ),
    LeftOut(
        "every loader gives it the name that its database would",
        _EVERYWHERE,
        ("Exclusion.name=none", "Index.name=none"),
    ),
    LeftOut(
        "MongoDB's composite types",
        _EVERYWHERE,
        ("Field.composite=given", "Field.type=composite", "Model.kind=type"),
    ),
    LeftOut("a table without columns holds nothing", _EVERYWHERE, ("Model.fields=none",)),
    LeftOut("without a table there is no rule", _EVERYWHERE, ("Schema.models=none",)),
    LeftOut("a trigger's text is always read", _EVERYWHERE, ("Trigger.body=none",)),
)
