"""Native types (`@db.VarChar(200)`): known, with the right arguments, on a field that fits."""

from __future__ import annotations

from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.arguments import whole_number
from schemalint.loaders.prisma.validation.native_type_tables import NativeTypeForm, forms_of
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import Configuration, NativeType
from schemalint.source import Span

_LARGEST = (1 << 32) - 1
_LARGEST_SHORT = (1 << 16) - 1


class NativeTypes:
    """The native types of one datasource."""

    def __init__(self, configuration: Configuration, report: Report) -> None:
        self.report = report
        self.datasource = configuration.name
        self.connector = configuration.connector
        self.forms = forms_of(self.connector.provider)
        self.sound: set[tuple[str, str, tuple[str, ...], str]] = set()

    def check(self, native: NativeType, line: FieldLine) -> None:
        """Report what is wrong with a native type on a field of a built-in type."""
        name = native.name
        key = (native.prefix, name, native.arguments, line.type_name)
        if key in self.sound:
            return
        report, span = self.report, native.attribute.span
        before = len(report.problems)
        self._judge(native, line, report, span)
        if len(report.problems) == before:
            self.sound.add(key)

    def _judge(self, native: NativeType, line: FieldLine, report: Report, span: Span) -> None:
        name = native.name
        if self.datasource is not None and native.prefix != self.datasource:
            report.error(
                span,
                f"A native type is prefixed with the datasource's name, here `{self.datasource}`, "
                f"not `{native.prefix}`.",
                help=f"Write `@{self.datasource}.{name}`.",
            )
        form = self.forms.get(name)
        if form is None:
            report.error(
                span,
                f"{self.connector.title} has no native type `{name}`.",
                help=report.did_you_mean(name, self.forms),
            )
            return
        given = len(native.arguments)
        if not form.required <= given <= form.required + form.optional:
            report.error(span, f"`{name}` takes {_counted(form)}, but is given {given}.")
            return
        if line.type_name not in form.scalars:
            report.error(
                span,
                f"The native type `{name}` cannot hold a field of type `{line.type_name}`; "
                f"it goes with {quoted(form.scalars)}.",
            )
            return
        numbers = parsed(form, native.arguments)
        if numbers is None:
            report.error(
                span,
                f"`{name}` takes {_counted(form)} of the form {_FORMS[form.arguments]}, "
                f"not `({', '.join(native.arguments)})`.",
            )
        elif numbers:
            complaint = _range_complaint(self.connector.provider, name, numbers, line.type_name)
            if complaint is not None:
                report.error(span, f"`{name}({', '.join(native.arguments)})`: {complaint}")

    def supported(self, text: str) -> str | None:
        """The Prisma type and native type that stand for `Unsupported("text")`, if there are."""
        prefix, bracket, rest = text.partition("(")
        form = self.forms.get(prefix.strip())
        if form is None or self.datasource is None:
            return None
        inside, closing, _ = rest.partition(")")
        arguments: tuple[str, ...] = ()
        if bracket and closing:
            arguments = tuple([part.strip() for part in inside.split(",")])
        if form.arguments and parsed(form, arguments) is None:
            return None
        if form.arguments and form.required and not arguments:
            return None
        shown = f"({','.join(arguments)})" if form.arguments and arguments else ""
        return f"{form.scalars[-1]} @{self.datasource}.{form.name}{shown}"


_FORMS = {"n": "a whole number", "max": "a whole number or `Max`", "p,s": "two whole numbers"}


def _counted(form: NativeTypeForm) -> str:
    most = form.required + form.optional
    if most == 0:
        return "no arguments"
    words = f"{most} argument" + ("s" if most > 1 else "")
    return words if form.required else f"no argument or {words}"


def parsed(form: NativeTypeForm, arguments: tuple[str, ...]) -> tuple[int, ...] | None:
    """The arguments as numbers, `Max` as -1; None where they are not of the type's form."""
    if not arguments:
        return () if form.required == 0 else None
    if len(arguments) != form.required + form.optional:
        return None
    numbers = []
    for argument in arguments:
        if form.arguments == "max" and argument.lower() == "max":
            numbers.append(-1)
            continue
        number = whole_number(argument.removeprefix("+"))
        if number is None or not 0 <= number <= (
            _LARGEST_SHORT if form.arguments == "max" else _LARGEST
        ):
            return None
        numbers.append(number)
    return tuple(numbers)


def _range_complaint(provider: str, name: str, numbers: tuple[int, ...], scalar: str) -> str | None:
    first = numbers[0]
    if name == "Decimal":
        second = numbers[1]
        if second > first:
            return "the scale cannot be greater than the precision."
        most, least, scale = {"mysql": (65, 0, 30), "sqlserver": (38, 1, 38)}.get(
            provider, (1000, 1, 1000)
        )
        if not least <= first <= most:
            return f"the precision is from 1 to {most}."
        return f"the scale is from 0 to {scale}." if second > scale else None
    if provider == "mysql":
        if name == "Bit":
            if not 1 <= first <= 64:
                return "the length is from 1 to 64."
            return (
                "only `Bit(1)` can hold a Boolean." if first > 1 and scalar == "Boolean" else None
            )
        most = {"Char": 255, "VarChar": 65_535}.get(name, _LARGEST)
        return f"the length is from 0 to {most}." if first > most else None
    if provider == "sqlserver":
        if name == "Float":
            return None if 1 <= first <= 53 else "the number of bits is from 1 to 53."
        most = 4000 if name in ("NVarChar", "NChar") else 8000
        if first <= most:
            return None
        longer = " `Max` allows more." if name in ("NVarChar", "VarChar", "VarBinary") else ""
        return f"the length is from 1 to {most}.{longer}"
    if name in ("Bit", "VarBit") and first == 0:
        return "the length is at least 1."
    if name.startswith("Time") and first > 6:
        return "the precision of seconds is from 0 to 6."
    return None


def check_unsupported(natives: NativeTypes, line: FieldLine, span: Span) -> None:
    """Report `Unsupported("...")` for a type that Prisma does support."""
    better = natives.supported(line.unsupported or "")
    if better is not None:
        natives.report.error(
            span,
            f"`{line.type_span.text}` hides a type that Prisma supports.",
            help=f"Write `{line.name} {better}` instead, so that the client can use the field.",
        )
