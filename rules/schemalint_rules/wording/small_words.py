"""Small words of messages."""


def one(name: str) -> str:
    """A model's name with the article that it is spoken with: "an `Order`"."""
    return f"{'an' if name[:1].upper() in 'AEIO' else 'a'} `{name}`"
