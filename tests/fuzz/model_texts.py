"""Modules of models, sound ones and what becomes of them: as bytes, as words and as syntax trees.

All texts end in statements that would leave a trace on the disk if anything of them ran.
"""

from __future__ import annotations

import ast
import copy
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random

LOADERS = Path(__file__).parent.parent / "loaders"
SOURCES = [
    path.read_text("utf-8")
    for path in (
        *sorted((LOADERS / "sqlmodel" / "tables" / "models").glob("*.py.txt")),
        *sorted((LOADERS / "one_ast").glob("*/*.py")),
    )
]
_WORD = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\w+|[^\w\s]")
_BYTES = (b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\r", b"\t", b"\f", b"(", b"'", b"\\", b"#")
_TRACES = (
    'import os\nopen("{0}", "w").close()\nos.system("touch {0}")\nclass Run(open("{0}", "w")): 1\n'
)


def traced(text: str, trace: Path) -> str:
    """`text` with statements before and behind it that make a file if they run."""
    traces = _TRACES.format(trace)
    return f"{text}\n{traces}" if text.startswith(("from __future__", '"""')) else traces + text


def damaged_bytes(seed: int) -> str:
    """Bytes put in, left out and changed; what is no UTF-8 is replaced, as readers do."""
    return _mostly_python(_with_other_bytes, Random(seed))


def changed_words(seed: int) -> str:
    """Words in others' places, so that most names resolve to what they were not meant for."""
    return _mostly_python(_with_other_words, Random(seed))


def _mostly_python(change: Callable[[Random], str], random: Random) -> str:
    """A change that leaves a module, as most do not; now and then whatever comes."""
    text = change(random)
    for _ in range(0 if random.random() < 0.2 else 30):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(text)
        except (SyntaxError, ValueError):
            text = change(random)
        else:
            break
    return text


def _with_other_bytes(random: Random) -> str:
    content = bytearray(random.choice(SOURCES).encode())
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(content))
        match random.randrange(3):
            case 0:
                content[at:at] = random.choice(_BYTES)
            case 1:
                del content[at : at + random.randint(1, 40)]
            case _:
                content[at] = random.randrange(256)
    return content.decode("utf-8", "replace").replace("\0", "�")


def _with_other_words(random: Random) -> str:
    text = random.choice(SOURCES)
    words = _WORD.findall(random.choice([text, random.choice(SOURCES)]))
    for _ in range(random.randint(1, 8)):
        place = random.choice(list(_WORD.finditer(text)))
        word = random.choice(["", place[0] * 2, *random.choices(words, k=4)])
        text = text[: place.start()] + word + text[place.end() :]
    return text


def changed_tree(seed: int) -> str:
    """A valid module: nodes of the syntax tree left out, doubled and put in others' places."""
    random = Random(seed)
    tree = ast.parse(random.choice(SOURCES))
    other = ast.parse(random.choice(SOURCES))
    for _ in range(random.randint(1, 8)):
        _change(tree, random.choice([tree, other]), random)
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (ValueError, AttributeError, TypeError):
        return ""  # such a tree is no program


def _change(tree: ast.AST, source: ast.AST, random: Random) -> None:
    fields = [
        (node, name, value)
        for node in ast.walk(tree)
        for name, value in ast.iter_fields(node)
        if isinstance(value, ast.expr) or (isinstance(value, list) and value)
    ]
    node, name, value = random.choice(fields)
    if isinstance(value, ast.expr):
        others = [one for one in ast.walk(source) if isinstance(one, ast.expr)]
        setattr(node, name, copy.deepcopy(random.choice(others)))
        return
    at = random.randrange(len(value))
    kind = ast.stmt if isinstance(value[at], ast.stmt) else type(value[at])
    if isinstance(value[at], ast.expr):
        kind = ast.expr
    others = [one for one in ast.walk(source) if isinstance(one, kind)]
    match random.randrange(4):
        case 0 if len(value) > 1:
            del value[at]
        case 1:
            value.insert(random.randrange(len(value) + 1), copy.deepcopy(value[at]))
        case 2 if isinstance(value[at], ast.expr | ast.stmt):
            value[at] = copy.deepcopy(random.choice(others))
        case _:
            random.shuffle(value)


def project(seed: int) -> dict[str, str]:
    """A few modules that import from each other, also themselves, in any order."""
    random = Random(seed)
    names = ["base", "enums", "shop/__init__", "shop/models", "shop/orders", "links"]
    modules = random.sample(names, random.randint(2, len(names)))
    dotted = [one.replace("/", ".").removesuffix(".__init__") for one in modules]
    classes = ["Base", "Status", "User", "Order", "Link", "Missing"]
    found = {}
    for module in modules:
        lines = ["from sqlmodel import Field, Relationship, SQLModel", "import enum"]
        for _ in range(random.randint(0, 4)):
            of = random.choice([*dotted, ".", "..", ".models", "nowhere"])
            what = random.choice([*classes, "*", f"{random.choice(classes)} as Base"])
            lines.append(f"from {of} import {what}")
        if random.random() < 0.3:
            lines.append(f"import {random.choice(dotted)} as other")
        for name in random.sample(classes, random.randint(1, 4)):
            lines += _class(name, classes, random)
        found[f"{module}.py"] = "\n".join(lines) + "\n"
    return found


def _class(name: str, classes: list[str], random: Random) -> list[str]:
    if name == "Status":
        return ["class Status(str, enum.Enum):", "    A = 'a'", "    B = A"]
    base = random.choice([*classes, "SQLModel", "other.Base"])
    table = random.choice(["", ", table=True", ", **{'table': True}"])
    lines = [f"class {name}({base}{table}):"]
    for number in range(random.randint(1, 4)):
        kind = random.choice(["int", "str | None", "Status", f"'{random.choice(classes)}'", "list"])
        value = random.choice(
            [
                "",
                " = None",
                " = Field(primary_key=True)",
                f" = Field(foreign_key='{random.choice(classes).lower()}.f0')",
                f" = Relationship(back_populates='f{number}')",
                f" = {random.choice(classes)}.f{number}",
            ]
        )
        lines.append(f"    f{number}: {kind}{value}")
    return lines
