"""What can be used: rules, kinds, loaders, reporters and presets, ours and plug-ins' alike.

Everything is found through entry points of installed packages, in five groups:

    schemalint.design_rules     id       = "package.module:Class"
    schemalint.business_rules   kind     = "package.module:Class"
    schemalint.loaders          suffix   = "package.module:Class"     (suffix without its dot)
    schemalint.reporters        format   = "package.module:function"
    schemalint.presets          name     = "package"                  (holds <name>.yaml)

A value without a colon in the two rule groups and in `presets` names a package of which every
module (or YAML file) is one rule (or preset), called by its file name; the entry's own name is
then of no account. That is how this project's own rules are registered.

Our own rules are imported when they are used. A third party's plug-ins are imported at once,
because one that does not load must end the run, used or not: a gate that silently lost a rule
would be a false green.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import msgspec

from schemalint.entry_points import EntryPoint, installed
from schemalint.loaders.loaded import Loader
from schemalint.rule import BusinessRule, DesignRule
from schemalint.source import SourceFile

_OWN = "schemalint"
_RULES, _KINDS = "schemalint.design_rules", "schemalint.business_rules"
_LOADERS, _REPORTERS, _PRESETS = (
    "schemalint.loaders",
    "schemalint.reporters",
    "schemalint.presets",
)
GROUPS = (_RULES, _KINDS, _LOADERS, _REPORTERS, _PRESETS)


class RegistryError(Exception):
    """A plug-in that does not load, or two that claim one name. Ends a run with exit code 2."""


class _Provider(msgspec.Struct, frozen=True):
    """Where one name is to be had: `target` is `module:attribute`, `module`, or a file's path."""

    target: str
    entry_point: EntryPoint


class Registry:
    """Names to rules, kinds, loaders, reporters and presets."""

    def __init__(self, entry_points: Iterable[EntryPoint]) -> None:
        """Sort `entry_points` into their groups and import third parties' plug-ins.

        Raises:
            RegistryError: a name is claimed twice, or a plug-in does not load.
        """
        self._providers: dict[str, dict[str, _Provider]] = {group: {} for group in GROUPS}
        for entry_point in entry_points:
            if entry_point.group in self._providers:
                for name, target in _offers(entry_point):
                    self._add(name, _Provider(target, entry_point))
        self._load_third_party()

    @classmethod
    def discover(cls) -> Registry:
        """The registry of everything that is installed.

        Raises:
            RegistryError: see above.
        """
        return cls(installed(GROUPS, sys.path))

    def _add(self, name: str, provider: _Provider) -> None:
        group = self._providers[provider.entry_point.group]
        other = group.get(name)
        if other is not None:
            what = provider.entry_point.group.removeprefix("schemalint.").replace("_", " ")
            raise RegistryError(
                f"`{name}` is registered twice among the {what}: by the package "
                f"`{other.entry_point.distribution}` ({other.target}) and by "
                f"`{provider.entry_point.distribution}` ({provider.target}). "
                "Uninstall one of them, or have it choose another name."
            )
        group[name] = provider

    def _load_third_party(self) -> None:
        for group, read in (
            (_RULES, self.design_rule),
            (_KINDS, self.kind),
            (_LOADERS, self.loader),
            (_REPORTERS, self.reporter),
            (_PRESETS, self.preset),
        ):
            for name, provider in self._providers[group].items():
                if provider.entry_point.distribution != _OWN:
                    read(name)

    def _load(self, provider: _Provider) -> Any:
        module, _, attribute = provider.target.partition(":")
        try:
            loaded = import_module(module)
            return getattr(loaded, attribute) if attribute else loaded
        except Exception as error:
            raise RegistryError(
                f"the plug-in `{provider.target}` of the package "
                f"`{provider.entry_point.distribution}` does not load: "
                f"{type(error).__name__}: {error}"
            ) from error

    def _rule_class(self, group: str, name: str, base: type, attribute: str) -> Any:
        provider = self._providers[group].get(name)
        if provider is None:
            return None
        loaded = self._load(provider)
        if ":" not in provider.target:
            classes = [
                value
                for value in vars(loaded).values()
                if isinstance(value, type)
                and issubclass(value, base)
                and value.__module__ == loaded.__name__
            ]
            if len(classes) != 1:
                raise RegistryError(
                    f"the module `{provider.target}` defines {len(classes)} rules; "
                    "a rule's module defines exactly one"
                )
            loaded = classes[0]
        own_name = getattr(loaded, attribute, None)
        if not (isinstance(loaded, type) and issubclass(loaded, base)) or own_name != name:
            raise RegistryError(
                f"`{provider.target}` of the package `{provider.entry_point.distribution}` is "
                f"registered as `{name}`, but is not a {base.__name__} whose `{attribute}` says so"
            )
        return loaded

    # -- business-rule kinds

    def kind(self, name: str) -> type[BusinessRule] | None:
        """The kind called `name`, imported now, or None.

        Raises:
            RegistryError: it does not load.
        """
        found: type[BusinessRule] | None = self._rule_class(_KINDS, name, BusinessRule, "kind")
        return found

    def kinds(self) -> list[str]:
        """The names of all kinds, sorted."""
        return sorted(self._providers[_KINDS])

    # -- design rules

    def design_rule(self, rule_id: str) -> type[DesignRule] | None:
        """The design rule `rule_id`, imported now, or None.

        Raises:
            RegistryError: it does not load.
        """
        found: type[DesignRule] | None = self._rule_class(_RULES, rule_id, DesignRule, "id")
        return found

    def design_rule_ids(self) -> list[str]:
        """The ids of all design rules, sorted."""
        return sorted(self._providers[_RULES])

    # -- loaders, reporters, presets

    def loader(self, suffix: str) -> Loader | None:
        """The loader for files that end in `suffix` (without the dot), or None.

        Raises:
            RegistryError: it does not load.
        """
        provider = self._providers[_LOADERS].get(suffix)
        if provider is None:
            return None
        loader: Loader = self._load(provider)()
        return loader

    def suffixes(self) -> list[str]:
        """The file suffixes that some loader reads, without dots, sorted."""
        return sorted(self._providers[_LOADERS])

    def reporter(self, name: str) -> Callable[..., str] | None:
        """The function that renders a report in the format `name`, or None.

        Raises:
            RegistryError: it does not load.
        """
        provider = self._providers[_REPORTERS].get(name)
        if provider is None:
            return None
        render: Callable[..., str] = self._load(provider)
        return render

    def reporter_names(self) -> list[str]:
        """The output formats, in the order of registration."""
        return list(self._providers[_REPORTERS])

    def preset(self, name: str) -> SourceFile | None:
        """The text of the preset called `name`, or None.

        Raises:
            RegistryError: its file cannot be read.
        """
        provider = self._providers[_PRESETS].get(name)
        if provider is None:
            return None
        try:
            with open(provider.target, encoding="utf-8") as file:
                return SourceFile(os.path.basename(provider.target), file.read())
        except (OSError, UnicodeDecodeError) as error:
            raise RegistryError(
                f"the preset `{name}` of the package `{provider.entry_point.distribution}` "
                f"cannot be read: {error}"
            ) from error

    def preset_names(self) -> list[str]:
        """The names of all presets, sorted."""
        return sorted(self._providers[_PRESETS])


def _offers(entry_point: EntryPoint) -> list[tuple[str, str]]:
    """The (name, target) pairs of an entry point: one, or one for each file of a package."""
    if ":" in entry_point.value or entry_point.group in (_LOADERS, _REPORTERS):
        return [(entry_point.name, entry_point.value)]
    try:
        package = import_module(entry_point.value)
        files = sorted(
            os.path.join(folder, file) for folder in package.__path__ for file in os.listdir(folder)
        )
    except Exception as error:
        raise RegistryError(
            f"the package `{entry_point.value}`, registered by `{entry_point.distribution}`, "
            f"does not load: {type(error).__name__}: {error}"
        ) from error
    offers: list[tuple[str, str]] = []
    for file in files:
        stem, suffix = os.path.splitext(os.path.basename(file))
        if entry_point.group == _PRESETS:
            if suffix == ".yaml":
                offers.append((stem, file))
        elif suffix == ".py" and not stem.startswith("_"):
            name = stem.rstrip("_")
            name = name if entry_point.group == _KINDS else name.replace("_", "-")
            offers.append((name, f"{entry_point.value}.{stem}"))
    return offers
