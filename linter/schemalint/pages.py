"""A rule's page, as Markdown: made from the docstring, the fields and the examples it carries."""

from __future__ import annotations

from inspect import cleandoc
from textwrap import dedent
from typing import Any, get_origin

import msgspec

from schemalint.documents.parameters import Parameter, choices, parameters, takes_except
from schemalint.own_rules import INCOMPLETE, OWN_RULES
from schemalint.reference import Condition, Models, Ref
from schemalint.rule import BusinessRule, DesignRule, Example


def design_rule_page(rule: type[DesignRule]) -> str:
    """The page of a design rule."""
    parts = [
        f"# {rule.id}",
        cleandoc(rule.__doc__ or ""),
        f"## Severity\n{rule.severity}, unless the settings say otherwise.",
    ]
    options = [_option(field) for field in msgspec.structs.fields(rule)]
    if options:
        parts.append("## Options\n" + "\n".join(options))
    parts += _examples("Is reported", rule.invalid)
    parts += _examples("Is not reported", rule.valid)
    return "\n\n".join(parts) + "\n"


def kind_page(kind: type[BusinessRule]) -> str:
    """The page of a kind of business rule."""
    known = parameters(kind)
    rows = [_parameter(parameter) for parameter in known.values()]
    if takes_except(known):
        rows.append("- `except` (a model, or a list of them): left out of `of`.")
    parts = [f"# {kind.kind}", cleandoc(kind.__doc__ or "")]
    if rows:
        parts.append("## Parameters\n" + "\n".join(rows))
    parts += _examples("Examples", kind.examples)
    return "\n\n".join(parts) + "\n"


def own_rule_page(rule: str) -> str:
    """The page of a finding that is the tool's own."""
    parts = [f"# {rule}", OWN_RULES[rule]]
    if rule in INCOMPLETE:
        parts.append(
            "The run is not complete then: the exit code is 2, whatever `--fail-on` says. What "
            "could be read is judged all the same."
        )
    return "\n\n".join(parts) + "\n"


def _option(field: msgspec.structs.FieldInfo) -> str:
    default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory
    told = default() if callable(default) else default
    description = next(
        (note.description for note in getattr(field.type, "__metadata__", ()) if note.description),
        "",
    )
    return _row(f"`{field.encode_name}` (default `{_plain(told)}`)", description)


def _parameter(parameter: Parameter) -> str:
    told = _type(parameter.type)
    if not parameter.required and parameter.default not in (None, (), {}):
        told += f", default `{_plain(parameter.default)}`"
    elif not parameter.required:
        told += ", optional"
    return _row(f"`{parameter.name}` ({told})", parameter.description)


def _row(head: str, description: str) -> str:
    return f"- {head}: {description}" if description else f"- {head}"


def _type(annotation: Any) -> str:
    """What to write, in words."""
    words = {
        Ref: "a name",
        Models: 'a model, a list of them, or `"*"`',
        Condition: "an SQL condition",
        bool: "true or false",
        int: "a number",
        str: "a text",
    }
    if annotation in words:
        return words[annotation]
    origin = get_origin(annotation)
    if origin is tuple:
        return "a name, or a list of names"
    if origin is dict:
        return "a mapping"
    return " or ".join(f"`{one}`" for one in choices(annotation))


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _examples(heading: str, examples: tuple[Example, ...]) -> list[str]:
    parts: list[str] = []
    for number, example in enumerate(examples):
        lines = [f"## {heading}"] if number == 0 else []
        verdict = f"**{example.verdict}**: " if example.verdict is not None else ""
        if verdict or example.says:
            lines.append(f"{verdict}{example.says}".rstrip(": "))
        blocks = [(example.language, example.schema), ("yaml", example.rule)]
        lines += [
            f"```{language}\n{dedent(text).strip()}\n```"
            for language, text in blocks
            if text.strip()
        ]
        parts.append("\n\n".join(lines))
    return parts
