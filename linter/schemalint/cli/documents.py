"""The settings and the rulebooks that govern the schemas of a run, each read once."""

from __future__ import annotations

import os
from collections.abc import Sequence

import msgspec

from schemalint.cli.asked import Asked
from schemalint.config import Settings, paths, read_settings
from schemalint.finding import FailOn, Finding, fails
from schemalint.own_rules import INVALID_RULEBOOK, INVALID_SETTINGS
from schemalint.project.reading import Reader, Unreadable, fault
from schemalint.project.upwards import find_rulebook, find_settings
from schemalint.registry import Registry
from schemalint.rule import Rulebook
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile, Span


class Documents:
    """Finds and reads them; what is wrong with them stays in `findings`.

    Attributes:
        findings: what is wrong with the documents, each fault once.
        failed: whether a finding that only `--fail-on` makes count, counts.
        read: what was read, for `--verbose`: lines of text.
    """

    def __init__(self, registry: Registry, reader: Reader, asked: Asked) -> None:
        self.registry = registry
        self.reader = reader
        self.asked = asked
        self.findings: list[Finding] = []
        self.failed = False
        self.read: list[str] = []
        self._settings: dict[tuple[str, ...], Settings] = {}
        self._rulebooks: dict[tuple[str, ...], Rulebook] = {}

    def settings(self, folder: str) -> Settings:
        """The settings that hold in `folder`, an absolute path; the default ones if none do."""
        config = self.asked.config
        found = (config,) if config is not None else tuple(find_settings(folder))
        if found in self._settings:
            return self._settings[found]
        settings = Settings()
        if len(found) > 1:
            self._ambiguous(found, INVALID_SETTINGS, "hold settings", "keep one of them")
        for path in found[:1]:
            file = self._text(path, INVALID_SETTINGS)
            if file is not None:
                settings, faults = read_settings(file)
                self.findings += [one.finding(INVALID_SETTINGS) for one in faults]
                self.read.append(f"settings: {file.path}")
        self._settings[found] = settings
        return settings

    def rulebook(self, folder: str, settings: Settings) -> Rulebook:
        """The rulebook of the schema in `folder`, an absolute path, whose settings these are.

        It is empty where there is none, or where nothing of it can be read.
        """
        named = self.asked.rules or paths(settings.rules)
        found = tuple(dict.fromkeys(named)) or tuple(find_rulebook(folder))
        if found in self._rulebooks:
            return self._rulebooks[found]
        if not named and len(found) > 1:
            advice = "keep one of them, or name them with `--rules`"
            self._ambiguous(found, INVALID_RULEBOOK, "are rulebooks", advice)
        texts = [self._text(path, INVALID_RULEBOOK) for path in found]
        files = [file for file in texts if file is not None]
        rulebook, faults = read_rulebook(files, self.registry)
        self.findings += [one.finding(INVALID_RULEBOOK) for one in faults]
        self.read += [f"rulebook: {file.path}" for file in files]
        self._rulebooks[found] = rulebook
        if not faults:  # an entry with a fault is missing, which the prose would be blamed for
            self._against_prose(rulebook, self.asked.fail_on or settings.fail_on)
        return rulebook

    def tell_once(self, finding: Finding) -> None:
        """Keep a finding, unless it was met before."""
        if not any(
            one.rule == finding.rule and one.message == finding.message for one in self.findings
        ):
            self.findings.append(finding)

    def _ambiguous(self, found: Sequence[str], rule: str, what: str, advice: str) -> None:
        shown = [self.reader.shown(path) for path in found]
        both = " and ".join(f"`{path}`" for path in shown)
        message = f"{both} both {what}, and nothing says which of them counts"
        self.tell_once(fault(rule, shown[0], message, help=advice))

    def _against_prose(self, rulebook: Rulebook, fail_on: FailOn | None) -> None:
        """Hold the rulebook against each text that it names as its source."""
        if not rulebook.sources:
            return
        from schemalint.prose import unmapped

        by_text: dict[str, list[tuple[str, Span]]] = {}
        for source, span in rulebook.sources:
            path = os.path.join(os.path.dirname(span.file.path), source)
            by_text.setdefault(self.reader.key(path), []).append((path, span))
        for sources in by_text.values():
            path, span = sources[0]
            try:
                prose = self.reader.read(path, INVALID_RULEBOOK)
            except Unreadable as unreadable:
                self.findings.append(msgspec.structs.replace(unreadable.finding, span=span))
                continue
            files = [span.file for _, span in sources]
            entries = [entry for entry in rulebook.entries if entry.span.file in files]
            findings = list(unmapped(entries, prose, span))
            self.findings += findings
            self.failed = self.failed or fails(findings, fail_on)

    def _text(self, path: str, rule: str) -> SourceFile | None:
        known = len(self.reader.findings)
        try:
            return self.reader.read(path, rule)
        except Unreadable as unreadable:
            self.tell_once(unreadable.finding)
            return None
        finally:
            self.findings += self.reader.findings[known:]
