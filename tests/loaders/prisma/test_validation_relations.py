"""Relations: both sides, keys, actions, many-to-many, cycles."""

from __future__ import annotations

import pytest

from tests.loaders.prisma.validating import errors, model, problems_of, schema


def _pair(child: str, parent: str, provider: str = "postgresql", **settings: str) -> list[int]:
    """Lines with errors: the child's lines are 2 and following, the parent's come after."""
    children = model("id Int @id", *child.split("; "), name="C")
    parents = model("id Int @id", *parent.split("; "), name="P")
    return sorted({line for line, _ in errors(f"{children}\n{parents}", provider, **settings)})


RELATION = "@relation(fields: [pId], references: [id])"


@pytest.mark.parametrize(
    ("child", "parent", "lines"),
    [
        (f"pId Int; p P {RELATION}", "cs C[]", []),
        (f"pId Int @unique; p P {RELATION}", "c C?", []),
        ("ps P[]", "cs C[]", []),
        (f"pId Int; p P {RELATION}", "x Int", [4]),
        ("x Int", "cs C[]", [7]),
        ("p P", "cs C[]", [3]),
        ("pId Int; p P @relation(fields: [pId])", "cs C[]", [4]),
        (f"pId Int; p P {RELATION}", "c C?", [4]),
        (f"pId Int @unique; p P {RELATION}", "c C", [8]),
        (f"pId Int?; p P {RELATION}", "cs C[]", [4]),
        (f"pId String; p P {RELATION}", "cs C[]", [4]),
        ("pId Int; p P @relation(fields: [pid], references: [id])", "cs C[]", [4]),
        ("pId Int; p P @relation(fields: [pId], references: [x])", "cs C[]; x Int", [4]),
        ("pId Int; p P @relation(fields: [pId], references: [id, id])", "cs C[]", [4]),
        (f"pId Int; p P {RELATION}; q P {RELATION}", "cs C[]", [4]),
        (f"pId Int; p P {RELATION}", "cs C[] @relation(onDelete: Cascade)", [8]),
        ("ps P[] @relation(onDelete: Cascade)", "cs C[]", [3]),
        ("ps P[] @relation(references: [id])", "cs C[]", [3]),
        ("pId Int[]; ps P[] @relation(fields: [pId], references: [id])", "cs C[]", [4, 8]),
        ("pId Int; p P @relation(fields: [pId], references: [id], onDelete: Casc)", "cs C[]", [4]),
    ],
)
def test_relations(child: str, parent: str, lines: list[int]) -> None:
    assert _pair(child, parent) == lines


def test_ambiguous_relations_name_every_field() -> None:
    child = model(
        "id Int @id",
        "a Int",
        "b Int",
        "p P @relation(fields: [a], references: [id])",
        "q P @relation(fields: [b], references: [id])",
        name="C",
    )
    parent = model("id Int @id", "cs C[]", name="P")
    problem = problems_of(schema(f"{child}\n{parent}"))[0]
    assert "`p`, `q`" in problem.message
    assert problem.related[0].span.text == "q"


def test_missing_counterpart_says_what_to_add() -> None:
    child = model("id Int @id", "pId Int", f"p P {RELATION}", name="Child")
    problem = problems_of(schema(f"{child}\n{model('id Int @id', name='P')}"))[0]
    assert "childs Child[]" in (problem.help or "")


@pytest.mark.parametrize(
    ("provider", "action", "mode", "accepted"),
    [
        ("postgresql", "SetDefault", "", True),
        ("sqlserver", "Restrict", "", False),
        ("sqlserver", "NoAction", "", True),
        ("postgresql", "NoAction", 'relationMode = "prisma"', False),
        ("mysql", "NoAction", 'relationMode = "prisma"', True),
        ("mysql", "SetDefault", 'relationMode = "prisma"', False),
    ],
)
def test_referential_actions(provider: str, action: str, mode: str, accepted: bool) -> None:
    child = (
        f"pId Int @default(1); p P @relation(fields: [pId], references: [id], onUpdate: {action})"
    )
    assert (_pair(child, "cs C[]", provider, extra=mode) == []) is accepted


def test_set_null_on_a_required_key() -> None:
    child = "pId Int; p P @relation(fields: [pId], references: [id], onDelete: SetNull)"
    assert _pair(child, "cs C[]", "mysql") == [4]
    assert _pair(child, "cs C[]", "postgresql") == []  # a warning there
    text = schema(
        model("id Int @id", *child.split("; "), name="C")
        + "\n"
        + model("id Int @id", "cs C[]", name="P")
    )
    assert [problem.warning for problem in problems_of(text)] == [True]


def test_cycles_matter_to_sql_server() -> None:
    itself = model(
        "id Int @id",
        "pId Int?",
        'p M? @relation("x", fields: [pId], references: [id])',
        'ms M[] @relation("x")',
    )
    assert [line for line, _ in errors(itself, "sqlserver")] == [4]
    assert errors(itself) == []
    none = itself.replace(
        "references: [id]", "references: [id], onDelete: NoAction, onUpdate: NoAction"
    )
    assert errors(none, "sqlserver") == []


def test_several_cascading_paths_matter_to_sql_server() -> None:
    body = "\n".join(
        [
            model("id Int @id", "bs B[]", "cs C[]", name="A"),
            model(
                "id Int @id",
                "aId Int",
                "a A @relation(fields: [aId], references: [id])",
                "cs C[]",
                name="B",
            ),
            model(
                "id Int @id",
                "aId Int",
                "a A @relation(fields: [aId], references: [id])",
                "bId Int",
                "b B @relation(fields: [bId], references: [id])",
                name="C",
            ),
        ]
    )
    assert [line for line, _ in errors(body, "sqlserver")] == [15, 17]
    assert errors(body) == []


def test_a_long_chain_of_relations_is_no_cycle() -> None:
    models = [model("id Int @id", "next M1[]", name="M0")]
    for i in range(1, 3000):
        more = [f"next M{i + 1}[]"] if i < 2999 else []
        models.append(
            model(
                "id Int @id",
                "pId Int",
                f"p M{i - 1} @relation(fields: [pId], references: [id])",
                *more,
                name=f"M{i}",
            )
        )
    assert errors("\n".join(models), "mysql", extra='relationMode = "prisma"') == []
