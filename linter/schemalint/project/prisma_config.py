"""Where a project says that its Prisma schema is: `prisma.config.ts` and `package.json`.

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
    """The configuration names a schema in a way that cannot be read without running it."""

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
    for name in _NAMES:
        path = os.path.join(folder, name)
        text = _text(path)
        if text is not None:
            value = _in_config(text, path)
            if value is not None:
                return os.path.normpath(os.path.join(os.path.dirname(path), value))
            break  # Prisma reads the first configuration and no other
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


def _text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def _in_config(text: str, path: str) -> str | None:
    """The `schema` of the outermost object, as a path relative to the configuration."""
    braces = 0
    for token in _TOKEN.finditer(text):
        if token["open"] == "{":
            braces += 1
        elif token["close"] == "}":
            braces -= 1
        elif token["key"] == "schema" and braces == 1:
            value = _VALUE.match(text, token.end())
            if value is None:
                break
            if value["text"] is not None:
                return value["text"][1:-1]
            if value["call"].rpartition(".")[2] in ("join", "resolve"):
                parts = [part.strip() for part in value["inside"].split(",") if part.strip()]
                if parts and parts[0] in ("__dirname", "import.meta.dirname", "process.cwd("):
                    parts = parts[1:]
                strings = [_STRING.fullmatch(part) for part in parts]
                if parts and all(strings):
                    return os.path.join(*(match[1] for match in strings if match))
            break
    else:
        return None
    raise ConfigFault(
        path,
        "`schema:` in the Prisma configuration is computed, and it is not run to find out; "
        'only a plain text or `path.join("...", "...")` of such is understood',
    )
