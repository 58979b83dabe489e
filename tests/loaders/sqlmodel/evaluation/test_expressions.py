"""Expressions, held against what Python computes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loaders.sqlmodel.evaluation.against_python import Untold, differences, read

# Each has to be told, and rightly.
TOLD = {
    "arithmetic": "a = 60 * 60 * 24; b = -a // 7; c = 2 ** 10 - 1; d = 7 / 2; e = ~5; f = 7 % 3",
    "text": "P = 'app_'; a = P + 'user'; b = f'{P}user'; c = '%s_%d' % (P, 3); d = P * 2",
    "f-strings": "n = 3; a = f'{n:03d}|{n!r}|{\"x\"!r}|{n:>{n}}'; b = f'{{}}{n}'",
    "methods": (
        "a = 'UserName'.lower(); b = ', '.join(['x', 'y']); c = '{}-{x}'.format(1, x='b')\n"
        "d = ' a '.strip(); e = 'a.b'.split('.'); g = 'ab'.replace('a', 'c'); h = 'a'.upper()\n"
        "i = 'tests'.removesuffix('s'); j = 'x_y'.title(); k = 'abc'.startswith(('a', 'z'))"
    ),
    "a function sees its module as it is when called": (
        "v = 1\ndef f(y=0):\n    return [v, *[v for _ in 'a'], (lambda: v)()]\na = f()\nv = 2\n"
        "b = f()\ndef g():\n    def h():\n        return v\n    return h\nc = g()\nv = 3\nd = c()\n"
        "class C:\n    x = [v for _ in 'ab']\n    v = 4\nv = 5\ne = C.x\nc = 0"
    ),
    "lists": "a = [1, 2] + [3]; b = [*a, 4]; c = (1,) * 3; d = a[0]; e = b[1:3]; f = a[-1]",
    "dicts": (
        "a = {'x': 1, 'y': 2}; b = {**a, 'x': 3}; c = a | {'z': 1}; d = a['y']\n"
        "e = dict(p=1, **a); f = a.get('q', 5); g = list(a); h = list(a.items())\n"
        "i = 'x' in a; j = len(a)"
    ),
    "unpacking": "a, (b, c) = 1, (2, 3); d = e = 4; [f, g] = 'xy', 'z'",
    "conditions": "a = 1 if 'x' else 2; b = None or 'y'; c = 0 and 1; d = not a; e = 1 < 2 < 3",
    "identity": "a = None is None; x = 'x'; b = x is not None; c = 1 in (1, 2)\n"
    "d = 'a' not in 'bcd'",
    "comprehensions": (
        "N = ['a', 'b']; a = [n.upper() for n in N]; b = {n: i for i, n in enumerate(N)}\n"
        "c = [x + y for x in N for y in N if x != y]; d = {n for n in N}; e = tuple(n for n in N)\n"
        "f = [(k, v) for k, v in {'p': 1}.items()]; g = list(zip(N, range(2))); h = sorted('cab')"
    ),
    "functions of Python": (
        "a = len('abc'); b = str(12); c = int('7'); d = max(1, 5); e = sum([1, 2])\n"
        "f = min([3, 2]); g = list(map(str, [1, 2])); h = any([0, 1])\n"
        "i = all([]); j = list(reversed([1, 2]))\n"
        "k = isinstance('x', str); l = list(range(3)); m = tuple('ab'); n = abs(-2)"
    ),
    "lambda": "f = lambda x, y=2: x * y; a = f(3); b = (lambda *a, **k: (a, k))(1, z=2)",
    "changed afterwards": (
        "a = ['x']; a.append('y'); a += ['z']; a.extend(('p', 'q')); a.insert(0, 'first')\n"
        "b = {'k': 1}; b['l'] = 2; b.update(m=3); b.setdefault('k', 9); c = 1; c += 2"
    ),
    "order of statements": "a = 1\nb = a\na = 2\nc = a\ndef f(): return a\na = 3\nd = f()",
    "patterns": (
        "import re\n"
        "def snake(name): return re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()\n"
        "a = snake('UserAccount'); P = re.compile('([a-z0-9])([A-Z])')\n"
        "b = P.sub(r'\\1_\\2', 'HTTPServerName'); c = re.split('_+', 'a__b_c')\n"
        "d = re.sub('[A-Z]', lambda m: '_' + m.group(0).lower(), 'aBcD')\n"
        "e = re.findall('[A-Z][a-z]*', 'UserName'); f = bool(re.match('a', 'b'))"
    ),
    "partial": "from functools import partial\ndef f(a, b, c=3): return (a, b, c)\n"
    "g = partial(f, 1, c=4); a = g(2); b = g(2, c=5)",
    "cast": "from typing import cast\na = cast(str, 'x')",
    "versions": "import sys\nif sys.version_info >= (3, 8):\n    a = 1\nelse:\n    a = 2\n"
    "b = sys.version_info[0]",
    "type checking": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    a = 1\nelse:\n    a = 2"
    ),
    "not understood but decided": (
        "import os\nif False and os.getenv('X'):\n    a = 1\nelse:\n    a = 2"
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_told_as_python_computes_it(name: str, tmp_path: Path) -> None:
    texts = {"told.py": TOLD[name]}
    wrong, _ = differences(texts, "told", tmp_path)
    assert wrong == []
    names = {key: value for key, value in read(texts, "told").items() if isinstance(value, Untold)}
    kept = {key for key, value in names.items() if hasattr(value.value, "reason")}
    assert kept == set(), {key: names[key] for key in kept}


# What only the running program knows; none of it may be told.
UNTOLD = {
    "environment": "import os\na = os.getenv('X', 'd'); b = os.environ['PATH']\n"
    "c = os.environ.get('Y'); d = f'{a}x'; e = a or 'z'; f = [a, 1]\n"
    "from os import environ\ng = environ.get('Q', 'w')",
    "undecided": "import os\nif os.getenv('X'):\n    a = 1\nelse:\n    a = 2\n"
    "b = 1 if os.getenv('Y') else 2",
    "undecided later": "import os\na = 1\nif os.getenv('X'):\n    a = 2",
    "loops": "a = 0\nfor i in range(3):\n    a = a + 1\nb = []\nwhile len(b) < 2:\n    b.append(1)",
    "global": "a = 1\ndef f():\n    global a\n    a = 2\nf()",
    "unknown function": "import time\na = time.time(); b = str(a); c = [a for _ in range(2)]",
    "settings": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n"
    "    x: str = 'd'\n"
    "a = S().x; s = S(); b = s.x",
    "tried": "try:\n    a = int(open('x').read())\nexcept OSError:\n    a = 1",
    "itself": "a = b\nb = a",
    "generator": "def f():\n    yield 1\na = f()",
    "large": "a = 'x' * 10 ** 9; b = 10 ** 10 ** 10; c = [0] * 10 ** 8; d = 1 << 10 ** 9\n"
    "e = '%1000000000d' % 1; f = f'{1:>1000000000}'; g = 'x'.ljust(10 ** 9)\n"
    "h = '{:9999999}'.format(1)",
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_only_the_program_knows_is_not_told(name: str) -> None:
    told = {
        key: value
        for key, value in read({"untold.py": UNTOLD[name]}, "untold").items()
        if not isinstance(value, Untold) and key not in ("i", "S")
    }
    assert told == {}


def test_conditions_that_lead_to_the_same_are_told() -> None:
    text = (
        "import os\nif os.getenv('X'):\n    a = 'x'\n"
        "elif os.getenv('Y'):\n    a = 'x'\nelse:\n    a = 'x'"
    )
    assert read({"m.py": text}, "m")["a"] == "x"


def test_an_import_that_fails_gives_way_to_its_handler() -> None:
    text = (
        "try:\n    from .missing import A\nexcept ImportError:\n    A = 'here'\n"
        "try:\n    from enum import StrEnum as B\nexcept ImportError:\n    B = None\n"
    )
    found = read({"p/__init__.py": "", "p/m.py": text}, "p.m")
    assert isinstance(found["B"], Untold)
    assert found["B"].value.path == "enum.StrEnum"
