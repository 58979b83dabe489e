"""Writes Prisma schemas of any size, such as a large application's, to measure with.

    python benchmarks/generate.py 10000 > large.prisma
    python benchmarks/generate.py 10000 --findings > large_with_findings.prisma

A model has about 965 bytes, 14.5 fields and 18.5 attributes: keys, relations, enums, indexes, names
of columns and tables, documentation, comments. The official parser accepts the schema (PostgreSQL),
and no design rule of the default preset finds anything in it; with findings, each model has exactly
one: its foreign key has no index. The same numbers always give the same text.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

_HEADER = """\
// Written by benchmarks/generate.py
generator client {
  provider = "prisma-client"
  output   = "../generated/client"
}

datasource db {
  provider = "postgresql"
}
"""
_SUBJECTS = (
    "Customer", "Order", "Invoice", "Payment", "Shipment", "Product", "Warehouse", "Supplier",
    "Contract", "Employee", "Department", "Project", "Ticket", "Message", "Campaign", "Booking",
)  # fmt: skip
_ASPECTS = ("Record", "Entry", "Line", "Event", "Batch", "Policy", "Profile", "Request")
_STATES = ("DRAFT", "ACTIVE", "SUSPENDED", "COMPLETED", "CANCELLED")
_MODELS_PER_ENUM = 8

Row = tuple[str, str, str]


def generate(models: int, findings: bool = False) -> str:
    """The text of a schema with `models` models.

    With `findings`, each model's foreign key to another model has no index.
    """
    parts = [_HEADER]
    for number in range(models):
        if number % _MODELS_PER_ENUM == 0:
            parts.append(_enum(number // _MODELS_PER_ENUM))
        parts.append(_model(number, models, findings))
    return "\n".join(parts)


def _name(number: int) -> str:
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    aspect = _ASPECTS[number // len(_SUBJECTS) % len(_ASPECTS)]
    return f"{subject}{aspect}{number:04}"


def _enum(number: int) -> str:
    values = "".join(f"  {state}\n" for state in _STATES)
    return (
        f"/// How far the work of group {number} has come.\nenum Status{number:03} {{\n{values}}}\n"
    )


def _model(number: int, models: int, findings: bool) -> str:
    name = _name(number)
    subject = _SUBJECTS[number % len(_SUBJECTS)].lower()
    lines = [
        f"/// One {subject} of the business; model {number}.",
        f"model {name} {{",
        *_aligned(list(_fields(number, models))),
        "",
    ]
    if not findings:
        lines.append("  @@index([parentId])")
    lines.append("  @@index([status, createdAt])")
    if number % 2:
        lines.append(f'  @@map("{subject}_{number:04}")')
    lines.append("}")
    return "\n".join(lines) + "\n"


def _fields(number: int, models: int) -> Iterator[Row]:
    """Name, type and attributes of each field; every model belongs to the one before it."""
    if number == 0:
        yield from _first_of_the_chain()
    else:
        yield "id", "String", "@id @default(cuid())"
        yield "parentId", "String", '@map("parent_id")'
        yield (
            "parent",
            _name(number - 1),
            "@relation(fields: [parentId], references: [id], onDelete: Cascade)",
        )
    if number + 1 < models:
        yield "children", f"{_name(number + 1)}[]", ""
    yield "code", "String", "@unique @db.VarChar(40)"
    yield "title", "String", "@db.VarChar(200)"
    yield "status", f"Status{number // _MODELS_PER_ENUM:03}", "@default(DRAFT)"
    yield "amount", "Decimal", "@default(0) @db.Decimal(12, 2)"
    yield "quantity", "Int", "@default(1)"
    if number % 2:
        yield "isVisible", "Boolean", "@default(true)"
        yield "description", "String?", "// shown to customers"
    else:
        yield "isVisible", "Boolean", '@default(true) @map("is_visible")'
        yield "externalNumber", "String?", '@map("external_number")'
    yield "labels", "String[]", ""
    if number % 4 < 2:
        yield "settings", "Json?", ""
    yield "createdAt", "DateTime", '@default(now()) @map("created_at")'
    yield "updatedAt", "DateTime", "@updatedAt"


def _first_of_the_chain() -> Iterator[Row]:
    relation = '@relation("FirstOfTheChain"'
    yield "id", "String", "@id @default(cuid())"
    yield "parentId", "String?", '@map("parent_id")'
    yield (
        "parent",
        f"{_name(0)}?",
        f"{relation}, fields: [parentId], references: [id], onDelete: SetNull)",
    )
    yield "branches", f"{_name(0)}[]", f"{relation})"


def _aligned(rows: list[Row]) -> Iterator[str]:
    """The lines of fields in columns, as Prisma's formatter writes them."""
    names = max(len(name) for name, _, _ in rows)
    types = max(len(kind) for _, kind, _ in rows)
    for name, kind, attributes in rows:
        yield f"  {name:<{names}} {kind:<{types}} {attributes}".rstrip()


def main() -> None:
    """Write the schema that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("models", type=int, help="how many models")
    parser.add_argument("--findings", action="store_true", help="one finding in every model")
    arguments = parser.parse_args()
    sys.stdout.write(generate(arguments.models, arguments.findings))


if __name__ == "__main__":
    main()
