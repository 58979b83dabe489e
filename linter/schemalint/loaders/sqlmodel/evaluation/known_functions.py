"""What Python's own functions give for values that are fully known."""

from __future__ import annotations

from collections.abc import Callable

from schemalint.loaders.sqlmodel.evaluation import comprehensions, patterns, text
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.operators import MOST_ITEMS, equality, merged, truth
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

_ENVIRONMENT = "the environment is known only when the program runs"
_NO_ITEMS = "what this goes through cannot be told"
_FAILS = "this fails when it runs"


def call(path: str, given: Given) -> Value | None:
    """The value of a known function's call; None where the call is to be kept as it is."""
    if path in ("os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"):
        return Unresolved(span=given.span, reason=_ENVIRONMENT)
    if path.startswith("re."):
        return patterns.call(path[3:], given)
    known = _FUNCTIONS.get(path)
    if known is None:
        return None
    return given.unresolved or known(given)


def _items(given: Given) -> tuple[Value, ...] | None:
    """What the only argument goes through."""
    return comprehensions.items_of(given.run, given.args[0]) if len(given.args) == 1 else None


def _as_sequence(kind: str) -> Callable[[Given], Value | None]:
    def make(given: Given) -> Value | None:
        items = _items(given) if given.args else ()
        if items is None:
            return Unresolved(span=given.span, reason=_NO_ITEMS)
        if kind == "set":
            items = _without_repeats(items)
        return Sequence(span=given.span, kind=kind, items=items)  # type: ignore[arg-type]  # one of the three

    return make


def _without_repeats(items: tuple[Value, ...]) -> tuple[Value, ...]:
    kept: list[Value] = []
    for item in items[:500]:
        if not any(equality(item, other) for other in kept):
            kept.append(item)
    return (*kept, *items[500:])


def _dict(given: Given) -> Value | None:
    result = Mapping(span=given.span, items=())
    for arg in given.args:
        if isinstance(arg, Mapping):
            result = merged(result, arg.items, given.span)
            continue
        pairs = comprehensions.items_of(given.run, arg)
        if pairs is None:
            return Unresolved(span=given.span, reason=_NO_ITEMS)
        for pair in pairs:
            if not (isinstance(pair, Sequence) and len(pair.items) == 2):
                return Unresolved(span=given.span, reason=_NO_ITEMS)
            result = merged(result, ((pair.items[0], pair.items[1]),), given.span)
    for name, value in given.keywords:
        if name == "**":
            return Unresolved(span=given.span, reason="the items that `**` takes in cannot be told")
        result = merged(result, ((Constant(span=value.span, value=name), value),), given.span)
    return result


def _length(given: Given) -> Value | None:
    if (
        len(given.args) == 1
        and isinstance(given.args[0], Constant)
        and isinstance(given.args[0].value, str)
    ):
        return Constant(span=given.span, value=len(given.args[0].value))
    items = _items(given)
    return None if items is None else Constant(span=given.span, value=len(items))


def _computed(function: Callable[..., object]) -> Callable[[Given], Value | None]:
    """A function of constants."""

    def compute(given: Given) -> Value | None:
        plain = [text.plain(arg) for arg in given.args]
        if given.keywords or not all(text.is_plain(arg) for arg in plain):
            return None
        try:
            return text.of_plain(function(*plain), given.span)
        except Exception as error:
            return Unresolved(span=given.span, reason=f"{_FAILS}: {error}")

    return compute


def _string(given: Given) -> Value | None:
    if len(given.args) == 1 and isinstance(given.args[0], Constant) and not given.keywords:
        return Constant(span=given.span, value=str(given.args[0].value))
    return Constant(span=given.span, value="") if not given.args else None


def _range(given: Given) -> Value | None:
    numbers = [arg.value for arg in given.args if isinstance(arg, Constant)]
    whole = [number for number in numbers if isinstance(number, int)]
    if (
        len(whole) != len(given.args)
        or not 1 <= len(whole) <= 3
        or (len(whole) == 3 and not whole[2])
    ):
        return None
    found = range(*whole)
    if len(found) > MOST_ITEMS:
        return Unresolved(span=given.span, reason="this list is too long to be followed")
    items = tuple(Constant(span=given.span, value=number) for number in found)
    return Sequence(span=given.span, kind="list", items=items)


def _sorted(given: Given) -> Value | None:
    items = _items(given)
    plain = [text.plain(item) for item in items or ()]
    if items is None or given.keywords or not all(isinstance(item, (str, int)) for item in plain):
        return None
    try:
        order = sorted(range(len(plain)), key=lambda number: plain[number])
    except TypeError:
        return Unresolved(span=given.span, reason=_FAILS)
    return Sequence(span=given.span, kind="list", items=tuple(items[number] for number in order))


def _reversed(given: Given) -> Value | None:
    items = _items(given)
    return None if items is None else Sequence(span=given.span, kind="list", items=items[::-1])


def _pairs(given: Given) -> Value | None:
    """`zip`."""
    lists = [comprehensions.items_of(given.run, arg) for arg in given.args]
    known = [items for items in lists if items is not None]
    if len(known) != len(lists) or any(name != "strict" for name, _ in given.keywords):
        return None
    rows = tuple(
        Sequence(span=given.span, kind="tuple", items=row) for row in zip(*known, strict=False)
    )
    return Sequence(span=given.span, kind="list", items=rows)


def _numbered(given: Given) -> Value | None:
    """`enumerate`."""
    items = comprehensions.items_of(given.run, given.args[0])
    first = given.args[1] if len(given.args) > 1 else dict(given.keywords).get("start", None)
    start = 0 if first is None else first.value if isinstance(first, Constant) else None
    if items is None or not isinstance(start, int):
        return None
    rows = tuple(
        Sequence(
            span=given.span, kind="tuple", items=(Constant(span=given.span, value=number), item)
        )
        for number, item in enumerate(items, start)
    )
    return Sequence(span=given.span, kind="list", items=rows)


def _mapped(given: Given) -> Value | None:
    """`map`."""
    items = comprehensions.items_of(given.run, given.args[1]) if len(given.args) == 2 else None
    if items is None:
        return None
    results = tuple(given.run.call(given.args[0], (item,), (), given.span) for item in items)
    return Sequence(span=given.span, kind="list", items=results)


def _every(whole: bool) -> Callable[[Given], Value | None]:
    """`all` and `any`."""

    def decide(given: Given) -> Value | None:
        items = _items(given)
        if items is None:
            return None
        decided = [truth(item) for item in items]
        if (not whole) in decided:
            return Constant(span=given.span, value=not whole)
        return None if None in decided else Constant(span=given.span, value=whole)

    return decide


def _get_attribute(given: Given) -> Value | None:
    from schemalint.loaders.sqlmodel.evaluation import attributes

    if len(given.args) not in (2, 3) or not isinstance(given.args[1], Constant):
        return None
    name = given.args[1].value
    if not isinstance(name, str):
        return None
    found = attributes.attribute(given.run, given.args[0], name, given.span)
    if len(given.args) == 3 and isinstance(found, Unresolved):
        return Unresolved(span=given.span, reason=f"whether there is `{name}` cannot be told")
    return found


def _cast(given: Given) -> Value | None:
    return given.run.placed(given.args[1], given.span) if len(given.args) == 2 else None


def _is_instance(given: Given) -> Value | None:
    if len(given.args) != 2:
        return None
    kinds = given.args[1].items if isinstance(given.args[1], Sequence) else (given.args[1],)
    actual = _type_path(given.args[0])
    paths = [kind.path for kind in kinds if isinstance(kind, External)]
    if actual is None or len(paths) != len(kinds):
        return None
    if actual == "builtins.bool" and "builtins.int" in paths:
        return Constant(span=given.span, value=True)
    if actual in paths:
        return Constant(span=given.span, value=True)
    if all(path.startswith("builtins.") for path in paths) and "builtins.object" not in paths:
        return Constant(span=given.span, value=False)
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


def _type_of(given: Given) -> Value | None:
    if len(given.args) != 1:
        return None
    if isinstance(given.args[0], EnumMember):
        return given.run.placed(given.args[0].enum, given.span)
    if isinstance(given.args[0], Call) and isinstance(given.args[0].callee, ClassValue):
        return given.run.placed(given.args[0].callee, given.span)
    path = _type_path(given.args[0])
    return None if path is None else External(span=given.span, path=path)


_FUNCTIONS: dict[str, Callable[[Given], Value | None]] = {
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


def of_call(of: Call, name: str, given: Given) -> Value | None:
    """A method of what a known function gave: a compiled pattern, a match."""
    path = of.callee.path if isinstance(of.callee, External) else ""
    if path == "re.compile" and of.args:
        return patterns.call(name, given.with_first(of.args[:1]), flags=of.args[1:])
    if path == "re.Match" and name in ("group", "groups"):
        return patterns.group(of, name, given.args, given.span)
    return None
