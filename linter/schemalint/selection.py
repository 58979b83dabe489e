"""Which design rules run, with which options: preset, `select`, `ignore`, and the settings.

A preset is a YAML file:

    extends: recommended          # optional: another preset to start from
    rules: [missing-primary-key]  # ids; their severities may be given instead of a list:
    # rules: {missing-primary-key: error, string-as-state: warning}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from schemalint.finding import Severity
from schemalint.registry import Registry
from schemalint.rule import DesignRule


class SelectionError(Exception):
    """Ids or presets that do not exist, or options that a rule has not. Exit code 2.

    `faults` holds all of them: what is wrong (an id, a preset's name, or `rule.option`), and the
    message that says so.
    """

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("; ".join(message for _, message in faults))
        self.faults = faults


class Selection(msgspec.Struct, frozen=True):
    """The design rules of a run, ready to check, and the severities that differ from their own."""

    rules: tuple[DesignRule, ...]
    severities: dict[str, Severity]


def select_rules(
    registry: Registry,
    preset: str = "recommended",
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    severities: Mapping[str, Severity] | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Selection:
    """The preset's rules and those of `select`, without those of `ignore`, in order of their ids.

    `preset` "none" starts from nothing.

    Raises:
        SelectionError: names do not exist, or options are wrong; all of them are told at once.
        RegistryError: a rule does not load.
    """
    faults: dict[tuple[str, str], None] = {}
    chosen: dict[str, Severity | None] = {}
    try:
        chosen = {} if preset == "none" else _preset(registry, preset, ())
    except SelectionError as error:
        faults.update(dict.fromkeys(error.faults))
    ignored = tuple(ignore)
    chosen = {**dict.fromkeys(select), **chosen}
    for rule_id in (*chosen, *ignored, *(severities or {}), *(options or {})):
        faults.update(dict.fromkeys(_unknown(registry, rule_id)))
    rules: list[DesignRule] = []
    for rule_id in sorted({*chosen, *(options or {})} & {*registry.design_rule_ids()}):
        try:
            rule = _configured(registry, rule_id, (options or {}).get(rule_id, {}))
            if rule_id in chosen and rule_id not in ignored:
                rules.append(rule)
        except SelectionError as error:
            faults.update(dict.fromkeys(error.faults))
    if faults:
        raise SelectionError(*faults)
    given = {rule_id: severity for rule_id, severity in chosen.items() if severity is not None}
    return Selection(tuple(rules), {**given, **(severities or {})})


def _preset(registry: Registry, name: str, above: Sequence[str]) -> dict[str, Severity | None]:
    """The ids of a preset and of those it extends, with the severities that it sets."""
    source = registry.preset(name)
    if source is None:
        from schemalint.near_match import nearest

        close = nearest(name, [*registry.preset_names(), "none"])
        hint = f"; did you mean `{close}`?" if close else ""
        raise SelectionError((name, f"there is no preset `{name}`{hint}"))
    if name in above:
        raise SelectionError((name, f"the preset `{name}` extends itself"))
    import yaml

    try:
        content = yaml.load(source.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        preset = msgspec.convert(content, _PresetFile)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise SelectionError((name, f"the preset `{name}` is not valid: {error}")) from error
    chosen = _preset(registry, preset.extends, (*above, name)) if preset.extends else {}
    rules = preset.rules
    chosen.update(rules if isinstance(rules, dict) else dict.fromkeys(rules))
    return chosen


class _PresetFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rules: list[str] | dict[str, Severity | None] = []
    extends: str | None = None
    says: str = ""


def _unknown(registry: Registry, rule_id: str) -> list[tuple[str, str]]:
    """The fault, as `SelectionError` has it, of an id that no design rule has; else nothing."""
    known = registry.design_rule_ids()
    if rule_id in known:
        return []
    from schemalint.near_match import nearest

    close = nearest(rule_id, known)
    hint = f"; did you mean `{close}`?" if close else "; `schemalint rules` lists them"
    return [(rule_id, f"there is no design rule `{rule_id}`{hint}")]


def _configured(registry: Registry, rule_id: str, options: Mapping[str, Any]) -> DesignRule:
    rule = registry.design_rule(rule_id)
    assert rule is not None, rule_id  # its id was looked up before
    fields = rule.__struct_fields__
    allowed = f"it takes {', '.join(f'`{name}`' for name in fields)}" if fields else "it takes none"
    faults = [
        (f"{rule_id}.{key}", f"the rule `{rule_id}` has no option `{key}`; {allowed}")
        for key in options
        if key not in fields
    ]
    if faults:
        raise SelectionError(*faults)
    try:
        return msgspec.convert(dict(options), rule) if options else rule()
    except msgspec.ValidationError as error:
        message = f"an option of the rule `{rule_id}`: {error}"
        raise SelectionError((rule_id, message)) from error
