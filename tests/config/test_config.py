"""Settings: typed, every fault with its place, from TOML and YAML alike."""

from __future__ import annotations

import subprocess
import sys

import pytest

from schemalint.config import Settings, paths, read_settings
from schemalint.documents.nodes import Fault
from schemalint.model import Dialect
from schemalint.rule import Severity
from schemalint.source import SourceFile
from tests.shared_material import ROOT

TOML = """\
[project]
name = "shop"
[tool.schemalint]
schema = ["prisma/schema", 'db/more.prisma']
rules = "rules.yaml"
preset = "strict"
select = ["money-as-float"]
ignore = ["undocumented-model", "redundant-index"]  # for now
fail_on = "warning"
dialect = "postgresql"
output_format = "sarif"
sqlite_foreign_keys = true
severity = { money-as-float = "error" }
[tool.schemalint.options.string-as-state]
names = ["state", "phase"]
most = 3
[tool.other]
schema = 1
"""

YAML = """\
schema: [prisma/schema, db/more.prisma]
rules: rules.yaml
preset: strict
select: [money-as-float]
ignore: [undocumented-model, redundant-index]  # for now
fail_on: warning
dialect: postgresql
output_format: sarif
sqlite_foreign_keys: true
severity: {money-as-float: error}
options:
  string-as-state:
    names: [state, phase]
    most: 3
"""


def toml(text: str) -> tuple[Settings, tuple[Fault, ...]]:
    return read_settings(SourceFile("shop/pyproject.toml", text))


def yaml(text: str) -> tuple[Settings, tuple[Fault, ...]]:
    return read_settings(SourceFile("shop/schemalint.yaml", text))


def told(faults: tuple[Fault, ...]) -> list[tuple[int, str, str]]:
    """Of each fault the line, the text that is blamed, and the message."""
    return [(fault.span.place.line, fault.span.text, fault.message) for fault in faults]


@pytest.mark.parametrize("read", [lambda: toml(TOML), lambda: yaml(YAML)], ids=["TOML", "YAML"])
def test_everything(read: object) -> None:
    assert callable(read)
    settings, faults = read()
    assert faults == ()
    assert paths(settings.schema) == ("shop/prisma/schema", "shop/db/more.prisma")
    assert paths(settings.rules) == ("shop/rules.yaml",)
    assert settings.preset.text == settings.preset.span.text == "strict"
    assert [ref.text for ref in settings.select] == ["money-as-float"]
    assert [ref.span.text for ref in settings.ignore] == ["undocumented-model", "redundant-index"]
    assert (settings.fail_on, settings.dialect) == ("warning", Dialect.POSTGRESQL)
    assert settings.output_format.text == "sarif"
    assert settings.sqlite_foreign_keys is True
    assert settings.severities == {"money-as-float": Severity.ERROR}
    assert settings.option_values == {"string-as-state": {"names": ["state", "phase"], "most": 3}}
    for key, shown in [
        ("strict", "strict"),
        ("redundant-index", "redundant-index"),
        ("string-as-state", "string-as-state"),
        ("string-as-state.names", "names"),
    ]:
        assert settings.place(key).text == shown
    assert settings.place("string-as-state.nothing") is None
    assert settings.place("nothing") is None


@pytest.mark.parametrize("text", ["", "# nothing\n", "[project]\nname = 'x'\n", "tool = 1\n"])
def test_a_pyproject_without_settings(text: str) -> None:
    assert toml(text) == (Settings(), ())


def test_an_empty_file_settles_nothing() -> None:
    assert yaml("# nothing yet\n") == (Settings(), ())
    assert Settings().fail_on is None


def test_every_fault_at_once_and_the_sound_keys_count() -> None:
    settings, faults = toml("""\
[tool.schemalint]
schema = 5
preset = "strict"
fail-on = "error"
dialect = "postgres"
sqlite_foreign_keys = "yes"
ignore = { a = 1 }
select = ["a", "a"]
[tool.schemalint.severity]
"money-as-float" = "fatal"
[tool.schemalint.options]
string-as-state = []
[tool.schemalint.optoins.x]
""")
    assert told(faults) == [
        (2, "5", "the number `5` stands where a text belongs: `schema`"),
        (4, "fail-on", "`[tool.schemalint]` has no key `fail-on`"),
        (5, "postgres", "`dialect` cannot be `postgres`"),
        (
            6,
            '"yes"',
            "the text `yes` stands where `true` or `false` belongs: `sqlite_foreign_keys`",
        ),
        (7, "{ a = 1 }", "a mapping stands where a list belongs: `ignore`"),
        (8, "a", "`a` stands twice in the list `select`"),
        (10, "fatal", "`severity.money-as-float` cannot be `fatal`"),
        (12, "[]", "a list stands where a mapping belongs: `options.string-as-state`"),
        (13, "optoins", "`[tool.schemalint]` has no key `optoins`"),
    ]
    helps = [fault.help for fault in faults]
    assert helps[0] == 'write `schema = "name"`'
    assert helps[1] is not None
    assert helps[1].startswith("did you mean `fail_on`? allowed: `schema`, ")
    assert helps[2] is not None
    assert helps[2].startswith("did you mean `postgresql`? ")
    assert helps[3] == "write `sqlite_foreign_keys = true`"
    assert settings.preset is not None
    assert settings.dialect is None


def test_yaml_faults() -> None:
    _, faults = yaml("preset: [a]\npresett: b\nselect: []\nignore: [1, no]\nrules:\n")
    assert told(faults) == [
        (1, "[a]", "a list stands where one name belongs: `preset`"),
        (2, "presett", "`schemalint.yaml` has no key `presett`"),
        (4, "1", "the number `1` stands where a text belongs: `ignore`"),
        (4, "no", "the truth value `no` stands where a text belongs: `ignore`"),
        (5, "rules", "`rules` has no value"),
    ]
    _, faults = yaml("- a\n")
    assert told(faults) == [
        (1, "- a", "a list stands where a mapping belongs: the settings as a whole")
    ]
    _, faults = yaml("a: [\n")
    assert told(faults) == [(1, "[", "the bracket that opens here has no closing `]`")]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("[tool.schemalint]\nschema = \n", 2, 10, "this is not TOML: invalid value"),
        ("[tool.schemalint]\nschema = [\n", 3, 1, "this is not TOML: invalid value"),
        ("[tool.schemalint\n", 1, 17, "this is not TOML: expected ']' at the end of a table"),
        ("a = 1\na = 2\n", 2, 6, "this is not TOML: cannot overwrite a value"),
        ("a = " + "[" * 100_000, 1, 1, "lists stand too deep in this file"),
    ],
)
def test_what_is_not_toml(text: str, line: int, column: int, message: str) -> None:
    settings, (fault,) = toml(text)
    assert settings == Settings()
    place = fault.span.place
    assert fault.message.startswith(message)
    assert (place.line, place.column) == (line, column)


ODD = '''\
tool.schemalint."pre\\u0073et" = "str\\u0069ct" # x
tool.schemalint.options."a.b" = { 'c d' = [ 1, # one
  {e=1.5,f.g=["h]","i",],}.x
], k = """l"m
""", n = 1979-05-27 07:32:00Z }
[[tool.schemalint.options.z.list]]
p = \'\'\'q'\'\'\'
[tool.schemalint.options.z.list.sub]
r = true
[[tool.schemalint.options.z.list]]
s = -inf
'''.replace(",],}.x", ",]}")


def test_places_in_odd_but_valid_toml() -> None:
    settings, faults = toml(ODD)
    assert faults == ()
    assert settings.preset is not None
    assert (settings.preset.text, settings.preset.span.text) == ("strict", '"str\\u0069ct"')
    assert settings.option_values == {
        "a.b": {
            "c d": [1, {"e": 1.5, "f": {"g": ["h]", "i"]}}],
            "k": 'l"m\n',
            "n": "1979-05-27 07:32:00Z",
        },
        "z": {"list": [{"p": "q'", "sub": {"r": True}}, {"s": "-inf"}]},
    }
    shown = {
        option.span.text: given.span.text
        for options in settings.options.values()
        for option, given in options.items()
    }
    assert shown == {
        "c d": '[ 1, # one\n  {e=1.5,f.g=["h]","i",]}\n]',
        "k": '"""l"m\n"""',
        "n": "1979-05-27 07:32:00Z",
        "list": "list",
    }


def test_windows_line_ends() -> None:
    settings, faults = toml(TOML.replace("\n", "\r\n") + "\r\n")
    assert faults == ()
    assert settings.rules[0].span.place.line == 5
    assert settings.rules[0].span.text == "rules.yaml"


@pytest.mark.parametrize(
    ("name", "text", "imported"),
    [
        ("schemalint.yaml", "preset: strict", "yaml"),
        ("pyproject.toml", "[tool.schemalint]\npreset = 'strict'", "tomllib"),
    ],
)
def test_only_what_is_needed_is_imported(name: str, text: str, imported: str) -> None:
    script = (
        "import sys\n"
        "from schemalint.config import read_settings\n"
        "from schemalint.source import SourceFile\n"
        f"assert read_settings(SourceFile({name!r}, {text!r}))[1] == ()\n"
        "print(*sorted({'tomllib', 'yaml', 'json', 'sqlglot', 'difflib'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, imported, "")
