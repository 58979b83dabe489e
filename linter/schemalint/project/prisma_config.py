"""Where a project says that its Prisma schema is, and its migrations: `prisma.config.ts` and
`package.json`.

The configuration is a program; it is read as text and never run.
"""

from __future__ import annotations

import os
import re

import msgspec

# In the order in which Prisma's own configuration loader tries them.
_NAMES = tuple(
    os.path.join(*parts, f"{name}.{suffix}")
    for parts, name in (((), "prisma.config"), ((".config",), "prisma"))
    for suffix in ("js", "ts", "mjs", "cjs", "mts", "cts")
)
_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"""
    r"""|(?P<open>[{\[(])|(?P<close>[}\])])"""
    r"""|(?P<key>[A-Za-z_$][\w$]*)(?=\s*:(?!:))|(?P<word>[A-Za-z_$][\w$.]*)""",
    re.DOTALL,
)
_VALUE = re.compile(
    r"""\s*:\s*(?:(?P<call>[\w$.]+)\s*\((?P<inside>[^()]*)\)"""
    r"""|(?P<text>"[^"\n]*"|'[^'\n]*'|`[^`$]*`))\s*(?=[,}\n]|$)"""
)
_STRING = re.compile(r"""["'`]([^"'`]*)["'`]""")


class ConfigFault(Exception):  # noqa: N818 -- told to the user, not a fault of the program
    """The configuration names a path in a way that cannot be read without running it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


class _Prisma(msgspec.Struct):
    schema: str | None = None


class _Package(msgspec.Struct):
    prisma: _Prisma | None = None


def configured_schema(folder: str) -> str | None:
    """The absolute path that the Prisma configuration in `folder` gives, or None.

    Raises:
        ConfigFault: it gives one that is not plainly written.
    """
    value = _configured(folder, ("schema",))
    if value is not None:
        return value
    package = os.path.join(folder, "package.json")
    text = _text(package)
    if text is None or '"prisma"' not in text:
        return None
    try:
        read = msgspec.json.decode(text, type=_Package)
    except msgspec.ValidationError:
        return None  # other shapes of "prisma" name no schema
    except msgspec.DecodeError as error:
        raise ConfigFault(package, f"`package.json` is not valid JSON: {error}") from error
    if read.prisma is None or read.prisma.schema is None:
        return None
    return os.path.normpath(os.path.join(folder, read.prisma.schema))


def configured_migrations(folder: str) -> str | None:
    """The absolute path of the migrations that the Prisma configuration in `folder` gives, or None.

    Raises:
        ConfigFault: it gives one that is not plainly written.
    """
    return _configured(folder, ("migrations", "path"))


def _configured(folder: str, keys: tuple[str, ...]) -> str | None:
    for name in _NAMES:
        path = os.path.join(folder, name)
        text = _text(path)
        if text is not None:  # Prisma reads the first configuration and no other
            value = _in_config(text, path, keys)
            if value is None:
                return None
            return os.path.normpath(os.path.join(os.path.dirname(path), value))
    return None


def _text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def _in_config(text: str, path: str, keys: tuple[str, ...]) -> str | None:
    """The path at `keys` of the outermost object, relative to the configuration."""
    within: list[str] = []  # the key that each open brace is the value of
    key = ""
    for token in _TOKEN.finditer(text):
        if token["open"] == "{":
            within.append(key)
            key = ""
        elif token["close"] == "}":
            if within:
                within.pop()
        elif token["key"]:
            key = token["key"]
            if (*within[1:], key) == keys and within:
                value = _written_path(text, token.end())
                if value is None:
                    raise _computed(path, keys)
                return value
    return None


def _written_path(text: str, at: int) -> str | None:
    """The path that stands at an offset as a text, or as a `path.join` of texts."""
    value = _VALUE.match(text, at)
    if value is None:
        return None
    if value["text"] is not None:
        return value["text"][1:-1]
    if value["call"].rpartition(".")[2] not in ("join", "resolve"):
        return None
    parts = [part.strip() for part in value["inside"].split(",") if part.strip()]
    if parts and parts[0] in ("__dirname", "import.meta.dirname", "process.cwd("):
        parts = parts[1:]
    strings = [match for part in parts if (match := _STRING.fullmatch(part)) is not None]
    if not parts or len(strings) != len(parts):
        return None
    return os.path.join(*(match[1] for match in strings))


def _computed(path: str, keys: tuple[str, ...]) -> ConfigFault:
    return ConfigFault(
        path,
        f"`{'.'.join(keys)}:` in the Prisma configuration is computed, and it is not run to find "
        'out; only a plain text or `path.join("...", "...")` of such is understood',
    )
