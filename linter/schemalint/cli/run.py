"""One run: the schemas that were found, each with its settings and rulebook, into one report."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemalint.cli.asked import Asked
from schemalint.cli.documents import Documents
from schemalint.cli.loading import SchemaLoading, Understood
from schemalint.config import Settings, paths
from schemalint.engine import Checked, Execution, RuleReport, check
from schemalint.finding import Finding, Verdict, fails
from schemalint.model import Dialect, Schema
from schemalint.own_rules import (
    INVALID_SCHEMA,
    INVALID_SETTINGS,
    SCHEMA_MIGRATION_DRIFT,
    SCHEMA_WARNING,
    UNUSED_SUPPRESSION,
)
from schemalint.project.reading import Reader, fault
from schemalint.project.schemas import Found, SchemaFiles, Settled, find_schemas
from schemalint.registry import Registry
from schemalint.report import Carried, Report, SchemaSummary, assemble
from schemalint.rule import Rulebook, summary
from schemalint.selection import Selection, SelectionError, select_rules
from schemalint.suppress import suppress

if TYPE_CHECKING:
    from schemalint.prove.export import Exported

# The tool's own findings that can be ignored, as design rules can.
IGNORABLE = (UNUSED_SUPPRESSION, SCHEMA_WARNING, SCHEMA_MIGRATION_DRIFT)
# What makes a rule stale may be no fault of the rule.
_UNREAD = "the schema could not be read whole, see `invalid-schema`: it may stand there"


class Run:
    """Reads and judges; what it meets on the way stays in its lists until `report`."""

    def __init__(self, registry: Registry, reader: Reader, asked: Asked) -> None:
        self.registry = registry
        self.reader = reader
        self.asked = asked
        self._documents = Documents(registry, reader, asked)
        self._summaries: list[SchemaSummary] = []
        self._rules: list[RuleReport] = []
        self._findings: list[Finding] = []
        self._suppressed = 0
        self._failed = False
        self._descriptions: dict[str, str] = {}
        self.carried: list[Carried] = []
        self.exported: list[Exported] = []

    @property
    def read(self) -> Sequence[str]:
        """What was read besides schemas, for `--verbose`: lines of text."""
        return self._documents.read

    def settings_of_run(self) -> Settings:
        """The settings that hold for the run as a whole: those nearest to the working folder."""
        return self._documents.settings(self.reader.folder)

    def judge(self) -> None:
        """Find, load and judge every schema."""
        found = self._found()
        for files in found.schemas:
            self._judge(files, whole=not found.findings)
        for folder in found.unread:
            self._undecided(folder)

    def load(self) -> list[Schema]:
        """Find and load every schema, and judge none."""
        schemas: list[Schema] = []
        for files in self._found().schemas:
            settings = self._documents.settings(files.folder)
            loaded = self._loading(files, settings).load(self._dialect(settings))
            schemas.append(loaded.schema)
            self._findings += [problem.finding for problem in loaded.problems]
            self._findings += self._unreadable(files)
        return schemas

    def _unreadable(self, files: SchemaFiles) -> list[Finding]:
        """What is wrong with the modules that the schema's files import, if not told before."""
        told = {(one.path, one.message) for one in self._findings}
        found = () if files.sources is None else files.sources.findings
        return [one for one in found if (one.path, one.message) not in told]

    def report(self, elapsed: float) -> Report:
        """What came of it."""
        return assemble(
            self._summaries,
            self._rules,
            (*self._findings, *self._documents.findings),
            suppressed=self._suppressed,
            descriptions=self._descriptions,
            failed=self._failed or self._documents.failed,
            elapsed=elapsed,
            carried=self.carried,
        )

    def _found(self) -> Found:
        settings = self.settings_of_run()
        settled_environments = paths(settings.python_path)
        for path in settled_environments:
            if not os.path.isdir(os.path.join(self.reader.folder, path)):
                shown = self.reader.shown(path)
                message = f"there is no folder `{shown}`, which `python_path` names"
                self._findings.append(fault(INVALID_SETTINGS, shown, message))
        environments = (*self.asked.python_path, *settled_environments)
        settled = Settled(paths(settings.schema), self._migrations, environments)
        named = self.asked.paths or settled.schemas
        found = find_schemas(named, self.registry.suffixes(), self.reader, settled)
        self._findings += found.findings
        return found

    def _migrations(self, folder: str) -> str | bool:
        """What the settings that hold in `folder` say of its migrations; an absolute path."""
        settled = self._documents.settings(folder).migrations
        if isinstance(settled, bool):
            return settled
        (path,) = paths((settled,))
        return os.path.normpath(os.path.join(self.reader.folder, path))

    def _judge(self, files: SchemaFiles, *, whole: bool) -> None:
        settings = self._documents.settings(files.folder)
        loading = self._loading(files, settings)
        loaded = loading.load(self._dialect(settings))
        schema = loaded.schema
        rejected = [problem.finding for problem in loaded.problems]
        rejected += self._unreadable(files)
        if not any(file.text.strip() for file in files.files):
            rejected = [fault(INVALID_SCHEMA, files.files[0].path, "there is nothing in it")]
        self._summaries.append(SchemaSummary.of(schema))
        if files.migrations is not None:
            count = len(files.migrations.files)
            self._documents.read.append(f"migrations: {count} of {files.files[0].path}")
        rulebook = self._documents.rulebook(files.folder, settings)
        schemas = _in_other_dialects(loading, schema, rulebook)
        selection = self._selection(settings)
        checked = self._checked(loaded, schemas, rulebook, selection)
        self._rules += checked.rules
        for rule in selection.rules:
            self._descriptions.setdefault(rule.id, summary(type(rule)))
        suppressed = suppress(
            (*(_without_fix_of_sql(one) for one in checked.findings), *loaded.drift),
            schema,
            active={rule.id for rule in selection.rules} | {SCHEMA_MIGRATION_DRIFT},
            known=self.registry.design_rule_ids(),
            business={entry.id for entry in rulebook.entries},
        )
        self._suppressed += suppressed.count
        ignored = {*self.asked.ignore, *(ref.text for ref in settings.ignore)} & {*IGNORABLE}
        told = [one for one in (*rejected, *suppressed.findings) if one.rule not in ignored]
        if not whole or any(one.rule == INVALID_SCHEMA for one in rejected):
            told = [_in_doubt(one) for one in told]
        self._findings += told
        self._failed = self._failed or fails(told, self.asked.fail_on or settings.fail_on)

    def _checked(
        self,
        loaded: Understood,
        schemas: Mapping[Dialect, Schema],
        rulebook: Rulebook,
        selection: Selection,
    ) -> Checked:
        """The schema judged, and carried out on a database where that is asked for."""

        def judge(execution: Execution | None) -> Checked:
            rules, severities = selection.rules, selection.severities
            schema = loaded.schema
            return check(schemas, schema, rulebook, rules, severities, execution=execution)

        asked = self.asked.prove
        if asked is None or not rulebook.entries:
            return judge(None)
        from schemalint.cli.proving import proving  # few runs prove anything

        if asked.mutate:
            from schemalint.prove.mutations import self_check

            self._findings += self_check(loaded.schema, rulebook)
        with proving(asked, loaded) as made:
            checked = made.judged(judge)
        self._findings += made.findings
        self.carried += made.carried()
        self.exported += made.exported()
        return checked

    def _undecided(self, folder: str) -> None:
        """Tell what is wrong besides the schema, of which nothing could be read. A rule of its
        rulebook that was not judged for another schema is not decided."""
        settings = self._documents.settings(folder)
        self._selection(settings)
        judged = {rule.span for rule in self._rules}
        self._rules += [
            RuleReport.undecided(entry)
            for entry in self._documents.rulebook(folder, settings).entries
            if entry.span not in judged
        ]

    def _loading(self, files: SchemaFiles, settings: Settings) -> SchemaLoading:
        return SchemaLoading(self.registry, files, settings)

    def _dialect(self, settings: Settings) -> Dialect | None:
        """The database to judge for, where the schema itself does not decide."""
        return self.asked.dialect or settings.dialect

    def _selection(self, settings: Settings) -> Selection:
        """The design rules; a fault of the settings is told, and what is left of them is used."""
        asked = self.asked
        settled = [ref.text for ref in settings.ignore if ref.text not in asked.select]
        design = [one for one in (*asked.ignore, *settled) if one not in IGNORABLE]
        preset = asked.preset or (settings.preset.text if settings.preset else "recommended")
        try:
            return select_rules(
                self.registry,
                preset,
                select=(*asked.select, *(ref.text for ref in settings.select)),
                ignore=design,
                severities=settings.severities,
                options=settings.option_values,
            )
        except SelectionError as error:
            for key, message in error.faults:
                span = settings.place(key)
                finding = fault(INVALID_SETTINGS, "", message)
                if span is not None:
                    finding = msgspec.structs.replace(finding, span=span, path=key)
                self._documents.tell_once(finding)
            return select_rules(self.registry, asked.preset or "recommended", select=asked.select)


def _in_other_dialects(
    loading: SchemaLoading, schema: Schema, rulebook: Rulebook
) -> dict[Dialect, Schema]:
    """The schema as each database has it that a rule asks for."""
    wanted = {dialect for entry in rulebook.entries for dialect in entry.dialects}
    own = schema.dialect
    loaded = {dialect: loading.in_other(dialect, own) for dialect in wanted if dialect != own}
    return {dialect: one for dialect, one in sorted(loaded.items()) if one is not None}


def _without_fix_of_sql(finding: Finding) -> Finding:
    """The finding, without edits of SQL: a migration that was applied is not written anew."""
    fix = finding.fix
    if fix is None or not any(edit.span.file.path.endswith(".sql") for edit in fix.edits):
        return finding
    return msgspec.structs.replace(finding, fix=None)


def _in_doubt(finding: Finding) -> Finding:
    """The finding, with a word on the schema if it says that something is not in there."""
    if finding.verdict is not Verdict.STALE:
        return finding
    lines = [finding.help, _UNREAD] if finding.help else [_UNREAD]
    return msgspec.structs.replace(finding, help="\n".join(lines))
