"""The settings: `[tool.schemalint]` in pyproject.toml, or a whole schemalint.yaml.

The annotations of `Settings` decide how each key is read, and its descriptions are those of the
shipped JSON Schema.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from schemalint.documents.nodes import Fault, Mapping, Scalar
from schemalint.documents.parameters import Given
from schemalint.documents.typed_values import Reader
from schemalint.finding import FailOn, Severity
from schemalint.model import Dialect
from schemalint.reference import Ref
from schemalint.source import SourceFile, Span

TABLE = ("tool", "schemalint")
"""The table of pyproject.toml that holds the settings."""


def _says(description: str) -> msgspec.Meta:
    return msgspec.Meta(description=description)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a project has settled. Every value keeps its place; None and () mean "not settled".

    Whether the rules, presets, options and formats named here exist is for those who know them to
    say; `place` gives them the place to blame.
    """

    schema: Annotated[
        tuple[Ref, ...],
        _says("The schema: a file or folder, or a list of them, relative to this file."),
    ] = ()
    python_path: Annotated[
        tuple[Ref, ...],
        _says(
            "Virtual environments, or folders of installed packages, whose sources are read as "
            "text where models need a base or a type of theirs, relative to this file. Nothing "
            "of them is run."
        ),
    ] = ()
    rules: Annotated[
        tuple[Ref, ...],
        _says("The rulebook: a file, or a list of files read as one, relative to this file."),
    ] = ()
    preset: Annotated[
        Ref | None,
        _says("The design rules to start from: recommended, strict, none, or a plug-in's."),
    ] = None
    select: Annotated[
        tuple[Ref, ...], _says("Ids of design rules to check beside those of the preset.")
    ] = ()
    ignore: Annotated[tuple[Ref, ...], _says("Ids of design rules not to check.")] = ()
    severity: Annotated[
        dict[Ref, Severity], _says("Design-rule ids, each with the severity of its findings.")
    ] = {}
    options: Annotated[
        dict[Ref, dict[Ref, Given]], _says("Design-rule ids, each with the rule's own options.")
    ] = {}
    fail_on: Annotated[
        FailOn | None, _says("The least severity of a finding that makes a run fail.")
    ] = None
    dialect: Annotated[
        Dialect | None, _says("The database to judge for, instead of the one the schema names.")
    ] = None
    output_format: Annotated[
        Ref | None, _says("The format of the output: text, json, sarif, ...")
    ] = None
    sqlite_foreign_keys: Annotated[
        bool,
        _says(
            "Whether every connection to SQLite runs `PRAGMA foreign_keys = ON`: if so, its "
            "foreign keys count as kept by the database."
        ),
    ] = False

    migrations: Annotated[
        Ref | bool,
        _says(
            "The migrations that a Prisma schema is read together with: a folder, or one SQL file, "
            "relative to this file; false for none. Default: where Prisma keeps them, `migrations` "
            "beside the schema or `migrations.path` of prisma.config.ts."
        ),
    ] = True

    @property
    def severities(self) -> dict[str, Severity]:
        """Design-rule id to severity."""
        return {ref.text: severity for ref, severity in self.severity.items()}

    @property
    def option_values(self) -> dict[str, dict[str, Any]]:
        """Design-rule id to its options as plain values."""
        return {
            rule.text: {option.text: given.value for option, given in options.items()}
            for rule, options in self.options.items()
        }

    def place(self, key: str) -> Span | None:
        """Where `key` stands: a preset, a design-rule id, or `id.option`; None if nowhere."""
        rule, dot, option = key.partition(".")
        for ref, options in self.options.items() if dot else ():
            if ref.text == rule:
                for name in options:
                    if name.text == option:
                        return name.span
        named: list[Ref] = [self.preset] if self.preset is not None else []
        named += [*self.select, *self.ignore, *self.severity, *self.options]
        for ref in named:
            if ref.text == key:
                return ref.span
        return None


def paths(refs: Iterable[Ref]) -> tuple[str, ...]:
    """The paths that `refs` of a settings file name, as relative as that file's own path."""
    return tuple(
        [posixpath.normpath(posixpath.join(_folder(ref.span.file), ref.text)) for ref in refs]
    )


def _folder(file: SourceFile) -> str:
    return posixpath.dirname(file.path)


def read_settings(file: SourceFile) -> tuple[Settings, tuple[Fault, ...]]:
    """The settings in `file` and everything that is wrong with them, in order.

    A name that ends in `.toml` is read as TOML, of which the table `[tool.schemalint]` counts;
    any other as YAML. Keys without a fault are settled even where others have one. Never raises
    for any text.
    """
    faults: tuple[Fault, ...]
    toml = file.path.endswith(".toml")
    if toml:
        from schemalint.documents.toml_source import read_toml

        root, faults = read_toml(file, TABLE)
    else:
        from schemalint.documents.yaml_source import read_yaml

        document, faults = read_yaml(file)
        root, more = _mapping(document)
        faults = (*faults, *more)
    if root is None:
        return Settings(), faults
    reader = Reader(of_settings=True, toml=toml)
    owner = "`[tool.schemalint]`" if toml else f"`{posixpath.basename(file.path)}`"
    values, _ = reader.arguments(Settings, root, owner, root.span)
    everything = sorted((*faults, *reader.faults), key=lambda fault: fault.span.start)
    return Settings(**values), tuple(dict.fromkeys(everything))


def _mapping(document: Any) -> tuple[Mapping | None, tuple[Fault, ...]]:
    """A YAML document as the mapping it should be."""
    if isinstance(document, Mapping):
        return document, ()
    if document is None or (isinstance(document, Scalar) and document.null):
        return None, ()  # an empty file settles nothing
    reader = Reader()
    reader.expected("a mapping", document, "the settings as a whole", "`preset: recommended`")
    return None, tuple(reader.faults)
