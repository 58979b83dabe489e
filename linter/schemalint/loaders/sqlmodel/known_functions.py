"""What Python's own functions give for values that are fully known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel import comprehensions, patterns, text
from schemalint.loaders.sqlmodel.operators import MOST_ITEMS, equality, merged, truth
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    Constant,
    EnumMember,
    External,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluate import Evaluator

Keywords = tuple[tuple[str, Value], ...]
_ENVIRONMENT = "the environment is known only when the program runs"
_NO_ITEMS = "what this goes through cannot be told"
_FAILS = "this fails when it runs"


def call(
    run: Evaluator, path: str, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    """The value of a known function's call; None where the call is to be kept as it is."""
    if path in ("os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"):
        return Unresolved(span=span, reason=_ENVIRONMENT)
    if path.startswith("re."):
        return patterns.call(run, path[3:], args, keywords, span)
    known = _FUNCTIONS.get(path)
    if known is None:
        return None
    for value in (*args, *(value for _, value in keywords)):
        if isinstance(value, Unresolved):
            return Unresolved(span=span, reason=value.reason)
    return known(run, args, keywords, span)


def _items(run: Evaluator, args: tuple[Value, ...]) -> tuple[Value, ...] | None:
    return comprehensions.items_of(run, args[0]) if len(args) == 1 else None


def _as_sequence(kind: str) -> Callable[..., Value | None]:
    def make(run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span) -> Value:
        items = _items(run, args) if args else ()
        if items is None:
            return Unresolved(span=span, reason=_NO_ITEMS)
        if kind == "set":
            items = _without_repeats(items)
        return Sequence(span=span, kind=kind, items=items)  # type: ignore[arg-type]  # one of the three

    return make


def _without_repeats(items: tuple[Value, ...]) -> tuple[Value, ...]:
    kept: list[Value] = []
    for item in items[:500]:
        if not any(equality(item, other) for other in kept):
            kept.append(item)
    return (*kept, *items[500:])


def _dict(run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span) -> Value | None:
    result = Mapping(span=span, items=())
    for arg in args:
        if isinstance(arg, Mapping):
            result = merged(result, arg.items, span)
            continue
        pairs = comprehensions.items_of(run, arg)
        if pairs is None:
            return Unresolved(span=span, reason=_NO_ITEMS)
        for pair in pairs:
            if not (isinstance(pair, Sequence) and len(pair.items) == 2):
                return Unresolved(span=span, reason=_NO_ITEMS)
            result = merged(result, ((pair.items[0], pair.items[1]),), span)
    for name, value in keywords:
        if name == "**":
            return Unresolved(span=span, reason="the items that `**` takes in cannot be told")
        result = merged(result, ((Constant(span=value.span, value=name), value),), span)
    return result


def _length(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    if len(args) == 1 and isinstance(args[0], Constant) and isinstance(args[0].value, str):
        return Constant(span=span, value=len(args[0].value))
    items = _items(run, args)
    return None if items is None else Constant(span=span, value=len(items))


def _computed(function: Callable[..., object]) -> Callable[..., Value | None]:
    """A function of constants."""

    def compute(
        run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
    ) -> Value | None:
        given = [text.plain(arg) for arg in args]
        if keywords or not all(text.is_plain(arg) for arg in given):
            return None
        try:
            return text.of_plain(function(*given), span)
        except Exception as error:
            return Unresolved(span=span, reason=f"{_FAILS}: {error}")

    return compute


def _string(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    if len(args) == 1 and isinstance(args[0], Constant) and not keywords:
        return Constant(span=span, value=str(args[0].value))
    return Constant(span=span, value="") if not args else None


def _range(run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span) -> Value | None:
    numbers = [arg.value for arg in args if isinstance(arg, Constant)]
    whole = [number for number in numbers if isinstance(number, int)]
    if len(whole) != len(args) or not 1 <= len(whole) <= 3 or (len(whole) == 3 and not whole[2]):
        return None
    found = range(*whole)
    if len(found) > MOST_ITEMS:
        return Unresolved(span=span, reason="this list is too long to be followed")
    items = tuple(Constant(span=span, value=number) for number in found)
    return Sequence(span=span, kind="list", items=items)


def _sorted(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    items = _items(run, args)
    plain = [text.plain(item) for item in items or ()]
    if items is None or keywords or not all(isinstance(item, (str, int)) for item in plain):
        return None
    try:
        order = sorted(range(len(plain)), key=lambda number: plain[number])
    except TypeError:
        return Unresolved(span=span, reason=_FAILS)
    return Sequence(span=span, kind="list", items=tuple(items[number] for number in order))


def _reversed(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    items = _items(run, args)
    return None if items is None else Sequence(span=span, kind="list", items=items[::-1])


def _pairs(run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span) -> Value | None:
    """`zip`."""
    lists = [comprehensions.items_of(run, arg) for arg in args]
    known = [items for items in lists if items is not None]
    if len(known) != len(lists) or any(name != "strict" for name, _ in keywords):
        return None
    rows = tuple(Sequence(span=span, kind="tuple", items=row) for row in zip(*known, strict=False))
    return Sequence(span=span, kind="list", items=rows)


def _numbered(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    """`enumerate`."""
    items = _items(run, args[:1])
    first = args[1] if len(args) > 1 else dict(keywords).get("start", None)
    start = 0 if first is None else first.value if isinstance(first, Constant) else None
    if items is None or not isinstance(start, int):
        return None
    rows = tuple(
        Sequence(span=span, kind="tuple", items=(Constant(span=span, value=number), item))
        for number, item in enumerate(items, start)
    )
    return Sequence(span=span, kind="list", items=rows)


def _mapped(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    """`map`."""
    items = comprehensions.items_of(run, args[1]) if len(args) == 2 else None
    if items is None:
        return None
    results = tuple(run.call(args[0], (item,), (), span) for item in items)
    return Sequence(span=span, kind="list", items=results)


def _every(whole: bool) -> Callable[..., Value | None]:
    """`all` and `any`."""

    def decide(
        run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
    ) -> Value | None:
        items = _items(run, args)
        if items is None:
            return None
        decided = [truth(item) for item in items]
        if (not whole) in decided:
            return Constant(span=span, value=not whole)
        return None if None in decided else Constant(span=span, value=whole)

    return decide


def _get_attribute(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    from schemalint.loaders.sqlmodel import attributes

    if len(args) not in (2, 3) or not isinstance(args[1], Constant):
        return None
    name = args[1].value
    if not isinstance(name, str):
        return None
    found = attributes.attribute(run, args[0], name, span)
    if len(args) == 3 and isinstance(found, Unresolved):
        return Unresolved(span=span, reason=f"whether there is `{name}` cannot be told")
    return found


def _cast(run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span) -> Value | None:
    return run.placed(args[1], span) if len(args) == 2 else None


def _is_instance(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    if len(args) != 2:
        return None
    kinds = args[1].items if isinstance(args[1], Sequence) else (args[1],)
    actual = _type_path(args[0])
    paths = [kind.path for kind in kinds if isinstance(kind, External)]
    if actual is None or len(paths) != len(kinds):
        return None
    if actual == "builtins.bool" and "builtins.int" in paths:
        return Constant(span=span, value=True)
    if actual in paths:
        return Constant(span=span, value=True)
    if all(path.startswith("builtins.") for path in paths) and "builtins.object" not in paths:
        return Constant(span=span, value=False)
    return None


def _type_path(value: Value) -> str | None:
    if isinstance(value, Constant) and value.value is not None:
        return f"builtins.{type(value.value).__name__}"
    if isinstance(value, Sequence):
        return f"builtins.{value.kind}"
    if isinstance(value, Mapping):
        return "builtins.dict"
    if isinstance(value, ClassValue):
        return "builtins.type"
    return None


def _type_of(
    run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
) -> Value | None:
    if len(args) != 1:
        return None
    if isinstance(args[0], EnumMember):
        return run.placed(args[0].enum, span)
    if isinstance(args[0], Call) and isinstance(args[0].callee, ClassValue):
        return run.placed(args[0].callee, span)
    path = _type_path(args[0])
    return None if path is None else External(span=span, path=path)


_FUNCTIONS: dict[str, Callable[..., Value | None]] = {
    "builtins.len": _length,
    "builtins.str": _string,
    "builtins.int": _computed(int),
    "builtins.float": _computed(float),
    "builtins.bool": _computed(bool),
    "builtins.abs": _computed(abs),
    "builtins.round": _computed(round),
    "builtins.repr": _computed(repr),
    "builtins.min": _computed(min),
    "builtins.max": _computed(max),
    "builtins.sum": _computed(sum),
    "builtins.chr": _computed(chr),
    "builtins.ord": _computed(ord),
    "builtins.list": _as_sequence("list"),
    "builtins.tuple": _as_sequence("tuple"),
    "builtins.set": _as_sequence("set"),
    "builtins.frozenset": _as_sequence("set"),
    "builtins.dict": _dict,
    "builtins.range": _range,
    "builtins.sorted": _sorted,
    "builtins.reversed": _reversed,
    "builtins.zip": _pairs,
    "builtins.enumerate": _numbered,
    "builtins.map": _mapped,
    "builtins.all": _every(True),
    "builtins.any": _every(False),
    "builtins.getattr": _get_attribute,
    "builtins.isinstance": _is_instance,
    "builtins.type": _type_of,
    "typing.cast": _cast,
}


def of_mapping(of: Mapping, name: str, args: tuple[Value, ...], span: Span) -> Value | None:
    """A method of a dict."""
    if name in ("keys", "values", "items") and not args:
        if name == "items":
            rows: tuple[Value, ...] = tuple(
                Sequence(span=span, kind="tuple", items=item) for item in of.items
            )
        else:
            rows = tuple(item[name == "values"] for item in of.items)
        return Sequence(span=span, kind="list", items=rows)
    if name == "copy":
        return of
    if name in ("get", "pop", "setdefault") and args and isinstance(args[0], Constant):
        for key, value in reversed(of.items):
            equal = equality(key, args[0])
            if equal is None:
                break
            if equal:
                return value
        else:
            return args[1] if len(args) > 1 else Constant(span=span, value=None)
    return Unresolved(span=span, reason=f"what `.{name}()` of this dict gives cannot be told")


def of_sequence(of: Sequence, name: str, args: tuple[Value, ...], span: Span) -> Value | None:
    """A method of a list, a tuple or a set."""
    if name == "copy":
        return of
    if name in ("index", "count") and len(args) == 1:
        answers = [equality(item, args[0]) for item in of.items]
        if None not in answers:
            if name == "count":
                return Constant(span=span, value=answers.count(True))
            if True in answers:
                return Constant(span=span, value=answers.index(True))
    return Unresolved(span=span, reason=f"what `.{name}()` of this list gives cannot be told")


def of_call(
    run: Evaluator,
    of: Call,
    name: str,
    args: tuple[Value, ...],
    keywords: Keywords,
    span: Span,
) -> Value | None:
    """A method of what a known function gave: a compiled pattern, a match."""
    path = of.callee.path if isinstance(of.callee, External) else ""
    if path == "re.compile" and of.args:
        return patterns.call(run, name, (of.args[0], *args), keywords, span, flags=of)
    if path == "re.Match" and name in ("group", "groups"):
        return patterns.group(of, name, args, span)
    return None
