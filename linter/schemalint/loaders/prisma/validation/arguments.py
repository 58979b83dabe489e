"""Taking the arguments of an attribute, one by one, and complaining of what is left over."""

from __future__ import annotations

from schemalint.attributes import Argument, Attribute, Value
from schemalint.loaders.prisma.validation.report import Report

_KIND_WORDS = {
    "string": "a string",
    "number": "a number",
    "constant": "a bare word",
    "call": "a function call",
    "array": "a list",
    "object": "an object",
}


def describe(value: Value) -> str:
    """A value's kind in words, with an article."""
    return _KIND_WORDS[value.kind]


def wrong_kind(report: Report, value: Value, wanted: str) -> None:
    """Report that `value` is of another kind than is `wanted` there."""
    report.error(value.span, f"Expected {wanted}, found {describe(value)}: `{value.span.text}`.")


def as_string(report: Report, value: Value) -> str | None:
    """The string's content; None, with an error, if the value is no string."""
    if value.kind == "string":
        return value.text
    wrong_kind(report, value, "a string between double quotes")
    return None


def as_constant(report: Report, value: Value) -> str | None:
    """The bare word; None, with an error, if the value is something else."""
    if value.kind == "constant":
        return value.text
    wrong_kind(report, value, "a name without quotes")
    return None


def whole_number(text: str) -> int | None:
    """The whole number of 64 bits that the digits stand for; None where they stand for none."""
    if len(text) > 40 or not text.removeprefix("-").isdecimal():
        return None
    number = int(text)
    return number if -(1 << 63) <= number < 1 << 63 else None


def as_integer(report: Report, value: Value) -> int | None:
    """The whole number (64 bits); None, with an error, if the value is something else."""
    number = whole_number(value.text) if value.kind == "number" else None
    if number is not None:
        return number
    wrong_kind(report, value, "a whole number")
    return None


def as_boolean(report: Report, value: Value) -> bool | None:
    """`true` or `false`; None, with an error, if the value is something else."""
    if value.kind == "constant" and value.text in ("true", "false"):
        return value.text == "true"
    wrong_kind(report, value, "`true` or `false`")
    return None


def as_constants(report: Report, value: Value) -> list[Value] | None:
    """The bare words of a list, or one bare word as a list of one; None, with errors, otherwise."""
    items = value.items if value.kind == "array" else (value,)
    good = True
    for item in items:
        if item.kind != "constant":
            wrong_kind(report, item, "a name without quotes")
            good = False
    return list(items) if good else None


class Arguments:
    """The arguments of one attribute, to be taken by name until none should be left.

    Making one reports repeated names and several unnamed arguments.
    """

    __slots__ = ("attribute", "label", "left", "report")

    def __init__(self, report: Report, attribute: Attribute, label: str) -> None:
        self.report = report
        self.attribute = attribute
        self.label = label
        self.left: dict[str | None, Argument] = {}
        left = self.left
        several = False
        for argument in attribute.arguments:
            name = argument.name
            if name in left:
                if name is None:
                    several = True
                else:
                    report.error(
                        argument.span, f"The argument `{name}` of `{label}` is given twice."
                    )
            left[name] = argument
        if several:
            unnamed = ", ".join(a.value.span.text for a in attribute.arguments if a.name is None)
            report.error(
                attribute.span,
                f"`{label}` has several arguments without a name, but takes at most one.",
                help=f"If they belong together, write them as a list: `[{unnamed}]`.",
            )

    def optional(self, name: str) -> Value | None:
        """The value of the argument called `name`, or None."""
        argument = self.left.pop(name, None)
        return None if argument is None else argument.value

    def main(self, name: str, *, required: bool = True) -> Value | None:
        """The value of the argument that may stand without its name; None, with an error unless
        it is optional, if it is missing or given both ways."""
        left = self.left
        named = left.pop(name, None)
        unnamed = left.pop(None, None)
        if named is not None:
            if unnamed is None:
                return named.value
            if required:
                self.report.error(
                    named.span,
                    f"`{name}` of `{self.label}` is given twice: here, and without its name.",
                )
            return None
        if unnamed is not None:
            return unnamed.value
        if required:
            self.report.error(self.attribute.span, f"`{self.label}` needs its argument `{name}`.")
        return None

    def string(self, name: str) -> str | None:
        """An optional argument that is a string; an empty one is an error."""
        value = self.optional(name)
        if value is None:
            return None
        text = as_string(self.report, value)
        if text == "":
            self.report.error(
                self.attribute.span, f"The argument `{name}` of `{self.label}` must not be empty."
            )
            return None
        return text

    def done(self, *known: str) -> None:
        """Report every argument that nobody took; `known` are the names that would be taken."""
        for name, argument in self.left.items():
            if name is None:
                self.report.error(
                    argument.span, f"`{self.label}` takes no argument without a name here."
                )
            else:
                self.report.error(
                    argument.span,
                    f"`{self.label}` has no argument `{name}`.",
                    help=self.report.did_you_mean(name, known) if known else None,
                )
