"""Prisma schemas for fuzzing: sound ones, damaged ones, and arbitrary text.

`SCHEMAS` are written from the grammar, mostly what people write and now and then what they rarely
do; `DAMAGED` are such schemas, broken; `TEXTS` mix pieces of the language with anything. The first
two are grown from a number that hypothesis draws, because drawing each of their parts from it takes
a hundred times as long; a failing test shows the text itself.
"""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

NAMES = ["id", "name", "email", "User", "Post", "Role", "a", "b1", "a_b", "größe", "model", "type"]
ODD_NAMES = ["a-b", "1b", "ªx", "datasource", "名前", "A" * 80]
TYPES = ["Int", "String", "DateTime", "Boolean", "User", "Post", "Json", "Role"]
ODD_TYPES = ['Unsupported("point")', 'Unsupported( "a b" )', "Größe", "Unsupported"]
STRINGS = [
    '"x"',
    '""',
    '"a b"',
    '"\\n\\u00e9\\""',
    '"}"',
    '"// no comment"',
    '"/*"',
    '"é😀\'{}()[]@"',
]
SCALARS = ["1", "-1", "1.5", "true", "null", "Cascade", "a.b", "now()", "raw ( )", *STRINGS]
COMMENTS = ["// c", "/// documentation", "/* c */", "//", "/* a } b */", "/// }"]
ATTRIBUTES = ["id", "unique", "default", "map", "db.VarChar", "relation", "x.y", "updatedAt"]
VALUE_ENDS = ["", "", "", ' @map("x")', " // c", " /// d"]
LINE_ENDS = ["\n", "\n", "\n", "\n", "\r\n", "\r"]
KEYWORDS = ["model"] * 6 + ["enum"] * 3 + ["type", "view", "datasource", "generator"]
GAPS = ["", "", "\n", "\n\n", "// c\n", "/// d\n", "/* c\n model X { */\n"]
PIECES = [
    *"@()[]{}\",:.?!=-_/*\\ \n\t\r0a'#;|\0\u00a0\u2028\ufeff\x0c",
    *["/*", "*/", "//", "///", "@@", "@id", "[]", "()", "[[", "{{", "f(", "{a:", '\\"', "\\u"],
    *["model X {\n", "\n}\n", "}\n", "enum E {\n", "type T = ", "types {\n", "namespace n {\n"],
    *["datasource db {\n", "a Int\n", 'A = "a"\n', ",)", ": ", 'Unsupported("', "\r\n", "😀"],
]


class SchemaWriter:
    """Writes sound text, part by part, as one number decides."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.choice = self.random.choice

    def one_in(self, many: int) -> bool:
        """True once in `many` times."""
        return self.random.randrange(many) == 0

    def name(self) -> str:
        return self.choice(ODD_NAMES if self.one_in(20) else NAMES)

    def value(self, depth: int = 0) -> str:
        """A value, in other values up to three deep."""
        if depth == 3 or self.random.random() < 0.7:
            return self.choice(SCALARS)
        inner = [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        match self.random.randrange(3):
            case 0:
                return f"[{', '.join(inner)}]"
            case 1:
                return f"f({', '.join(inner)})"
            case _:
                return "{" + ", ".join(f"k: {value}" for value in inner) + "}"

    def attribute(self, signs: str = "@") -> str:
        """An attribute, with or without arguments, at times spaced oddly."""
        name = self.choice(ATTRIBUTES)
        if self.one_in(2):
            return signs + name
        arguments = [
            self.value() if self.one_in(2) else f"{self.name()}: {self.value()}"
            for _ in range(self.random.randrange(3))
        ]
        space = " " if self.one_in(8) else ""
        return f"{signs}{space}{name}{space}({space}{', '.join(arguments)}{space})"

    def field(self) -> str:
        """A line of a model: a field or an attribute of the block, without its end."""
        if self.one_in(8):
            return "  " + self.attribute("@@")
        kind = self.choice(ODD_TYPES if self.one_in(10) else TYPES)
        parts = [self.name(), kind + self.choice(["", "", "", "?", "[]", " ?", " []"])]
        parts += [self.attribute() for _ in range(self.random.randrange(4))]
        if self.one_in(6):
            parts.append(self.choice(COMMENTS))
        space = self.choice([" ", " ", " ", "  ", "\t", "\u00a0"])
        return self.choice(["  ", "  ", "", "\t", "\u3000"]) + space.join(parts)

    def line(self, keyword: str) -> str:
        """A line inside a block, without its end."""
        if self.one_in(5):
            return self.choice(["", "   ", "\t", "  " + self.choice(COMMENTS)])
        if keyword == "enum":
            return f"  {self.name()}{self.choice(VALUE_ENDS)}"
        if keyword in ("datasource", "generator"):
            return f"  {self.name()} = {self.value()}{self.choice(['', '', ' // c'])}"
        return self.field()

    def block(self) -> str:
        """One block, from its keyword to the line end behind its brace."""
        keyword = self.choice(KEYWORDS)
        end = self.choice(LINE_ENDS)
        lines = [self.line(keyword) + end for _ in range(self.random.randrange(6))]
        return f"{keyword} {self.name()} {{{end}{''.join(lines)}}}{end}"

    def schema(self) -> str:
        """Some blocks, with blank lines and comments between them."""
        blocks = range(self.random.randrange(4))
        return "".join(self.choice(GAPS) + self.block() for _ in blocks)

    def damaged(self) -> str:
        """A schema with some characters deleted, repeated, inserted, or its end cut off."""
        text = self.schema()
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randint(0, len(text))
            length = self.random.randint(1, 12)
            match self.random.randrange(6):
                case 0:
                    text = text[:at] + text[at + length :]
                case 1:
                    text = text[: at + length] + text[at:]
                case 2:
                    text = text[:at]
                case _:
                    text = text[:at] + self.choice(PIECES) + text[at:]
        return text


SEEDS = st.integers(0, 2**64 - 1)
SCHEMAS = SEEDS.map(lambda seed: SchemaWriter(seed).schema())
DAMAGED = SEEDS.map(lambda seed: SchemaWriter(seed).damaged())
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(max_size=40),
    st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "replace")),
)
