"""Reads files as text, strictly: what cannot be read is told with its place, never skipped."""

from __future__ import annotations

import os
import stat

from schemalint.finding import Finding
from schemalint.source import SourceFile, Span

# Ten thousand models are about ten million bytes.
LIMIT = 32 * 1024 * 1024
_OTHERWISE = (
    "write what comes out of it into a file, or pass that on standard input: "
    "`--stdin-filename NAME`"
)
MOST_NULS = 20  # a file of which more than one character in so many is NUL is no text at all


class Unreadable(Exception):  # noqa: N818 -- what the input is, not a fault of the program
    """A file of which nothing can be used; `finding` says why, and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Reader:
    """Reads each file once, and keeps what is wrong with it.

    Attributes:
        folder: the working folder, which paths are shown relative to.
        findings: what is wrong with files whose text is used all the same.
    """

    def __init__(self, folder: str, stdin: tuple[str, bytes] | None = None) -> None:
        """`stdin` is the path of a file and what to take for its content."""
        self.folder = folder
        self.findings: list[Finding] = []
        self._folders: dict[str, str] = {}  # their real paths
        self._given: dict[str, bytes] = {}
        self._contents: dict[str, bytes] = {}
        self._files: dict[str, SourceFile] = {}
        if stdin is not None:
            path, content = stdin
            self._given[self.key(path)] = content

    def key(self, path: str) -> str:
        """What two spellings of one file's path have in common: its real absolute path."""
        path = os.path.join(self.folder, path)
        folder, name = os.path.split(path)
        if name in ("", ".", "..") or os.path.islink(path):
            return os.path.realpath(path)
        # Files of one folder share the way to it, which is the long part of the work.
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], name)

    def shown(self, path: str) -> str:
        """The path for people: relative to the working folder, with forward slashes."""
        path = os.path.join(self.folder, path)
        try:
            path = os.path.relpath(path, self.folder)
        except ValueError:  # another drive
            path = os.path.abspath(path)
        # A name that is not valid in the file system's encoding could not be written as JSON.
        return path.replace(os.sep, "/").encode("utf-8", "replace").decode()

    def content(self, path: str, rule: str) -> bytes:
        """The file's bytes.

        Args:
            rule: the id of the finding if there are none: `invalid-schema` ...

        Raises:
            Unreadable: it is missing, not a regular file, too large, or not to be opened.
        """
        key = self.key(path)
        if key in self._given:
            return self._given[key]
        if key not in self._contents:
            self._contents[key] = self._read(path, rule)
        return self._contents[key]

    def forget(self) -> None:
        """Let go of bytes that were read: their texts stay, and any file can be read again."""
        self._contents.clear()

    def _read(self, path: str, rule: str) -> bytes:
        shown = self.shown(path)
        absolute = os.path.join(self.folder, path)
        try:
            mode = os.stat(absolute).st_mode
            if stat.S_ISDIR(mode):
                raise Unreadable(fault(rule, shown, f"`{shown}` is a folder, not a file"))
            if not stat.S_ISREG(mode):  # opening a pipe could wait for ever
                raise Unreadable(
                    fault(rule, shown, f"`{shown}` is not a regular file", help=_OTHERWISE)
                )
            with open(absolute, "rb") as file:
                data = file.read(LIMIT + 1)
        except FileNotFoundError:
            if os.path.islink(absolute):
                to = self.shown(os.path.realpath(absolute))
                message = f"`{shown}` is a link to `{to}`, and there is no `{to}`"
                raise Unreadable(fault(rule, shown, message)) from None
            raise Unreadable(
                fault(rule, shown, f"there is no `{shown}`", help=self._near(path))
            ) from None
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise Unreadable(
                fault(rule, shown, f"`{shown}` cannot be read: {reason or error}")
            ) from None
        if len(data) > LIMIT:
            raise Unreadable(
                fault(
                    rule,
                    shown,
                    f"`{shown}` is larger than {LIMIT // 1024**2} MiB, the most that is read",
                )
            )
        return data

    def _near(self, path: str) -> str | None:
        from schemalint.near_match import nearest

        folder, name = os.path.split(os.path.join(self.folder, path))
        try:
            close = nearest(name, os.listdir(folder))
        except (OSError, ValueError):
            return None
        return f"did you mean `{self.shown(os.path.join(folder, close))}`?" if close else None

    def read(self, path: str, rule: str) -> SourceFile:
        """The file's text. What is not UTF-8 in it is replaced, NUL too, and told in `findings`.

        Raises:
            Unreadable: as for `content`, or it is not text at all.
        """
        key = self.key(path)
        if key not in self._files:
            self._files[key] = self._decode(self.content(path, rule), self.shown(path), rule)
        return self._files[key]

    def _decode(self, data: bytes, shown: str, rule: str) -> SourceFile:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            declared = _as_declared(data) if shown.endswith(".py") else None
            if declared is None:
                return self._not_utf8(data, error.start, shown, rule)
            text = declared
        nul = text.find("\0")
        if nul < 0:
            return SourceFile(shown, text)
        number = text.count("\0")
        file = SourceFile(shown, text.replace("\0", "\ufffd"))
        finding = _character(
            rule,
            Span(file, nul, nul + 1),
            f"a NUL character, which no text holds ({number} in the file, the first in line "
            f"{file.position(nul)[0]})",
            label="NUL",
            help="remove it; a file that was cut off or padded while it was written has these, "
            "and one that is UTF-16",
        )
        if number * MOST_NULS > len(text):
            raise Unreadable(finding)
        self.findings.append(finding)
        return file

    def _not_utf8(self, data: bytes, at: int, shown: str, rule: str) -> SourceFile:
        """What can be read of bytes of which those from `at` are not UTF-8."""
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            message = f"`{shown}` is UTF-16; it has to be UTF-8"
            raise Unreadable(fault(rule, shown, message, help="save it as UTF-8"))
        file = SourceFile(shown, data.decode("utf-8", "replace"))
        start = len(data[:at].decode("utf-8"))
        finding = _character(
            rule,
            Span(file, start, start + 1),
            f"not UTF-8: the byte 0x{data[at]:02x} at offset {at}, in line "
            f"{file.position(start)[0]}, belongs to no character",
            label="not a character",
            help="save the file as UTF-8",
        )
        if b"\0" in data:
            raise Unreadable(finding)
        self.findings.append(finding)
        return file


def _character(rule: str, span: Span, message: str, *, label: str, help: str) -> Finding:
    return Finding(
        rule=rule,
        name=rule,
        message=message,
        span=span,
        path=span.file.path,
        label=label,
        help=help,
    )


def fault(rule: str, shown: str, message: str, *, help: str | None = None) -> Finding:
    """A finding about a file, or a folder, as a whole."""
    return Finding(
        rule=rule,
        name=rule,
        message=message,
        span=Span(SourceFile(shown, ""), 0, 0),
        path=shown,
        help=help,
    )


def _as_declared(data: bytes) -> str | None:
    """The text of a Python file that names its encoding in one of its first two lines (PEP 263);
    None where it names none that it is in."""
    from io import BytesIO
    from tokenize import detect_encoding  # few files want it

    try:
        return data.decode(detect_encoding(BytesIO(data).readline)[0])
    except (SyntaxError, LookupError, ValueError):
        return None
