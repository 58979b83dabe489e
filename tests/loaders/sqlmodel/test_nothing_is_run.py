"""Loading models imports nothing of the project and runs nothing of it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import schemalint

# Each way in which Python runs code of a module that is imported, or of a class that is made.
BASE = """
from pathlib import Path
Path("{folder}/imported").write_text("base")
from sqlmodel import SQLModel, Field

def column():
    Path("{folder}/called").write_text("column")
    return Field(default=1)

class Meta(type(SQLModel)):
    def __new__(cls, *args, **kwargs):
        Path("{folder}/metaclass").write_text("made")
        return super().__new__(cls, *args, **kwargs)

class Base(SQLModel):
    def __init_subclass__(cls, **kwargs):
        Path("{folder}/subclass").write_text("made")
"""
MODELS = """
from sqlmodel import Field
from .base import Base, column
open("{folder}/opened", "w").close()
__import__("os").system("touch {folder}/system")
exec("open('{folder}/executed', 'w')")

class Customer(Base, table=True):
    open("{folder}/body", "w").close()
    id: int = Field(primary_key=True, default=eval("open('{folder}/evaluated', 'w')"))
    size: int = column()
"""


def test_no_line_of_the_project_runs(tmp_path: Path) -> None:
    traces = tmp_path / "traces"
    traces.mkdir()
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text(f'open("{traces}/package", "w")\n')
    (package / "base.py").write_text(BASE.format(folder=traces))
    (package / "models.py").write_text(MODELS.format(folder=traces))
    (tmp_path / "conftest.py").write_text(f'open("{traces}/conftest", "w")\n')
    (tmp_path / "sitecustomize.py").write_text(f'open("{traces}/site", "w")\n')
    done = schemalint(tmp_path, "ast", "shop/models.py")
    assert '"table": "customer"' in done.stdout
    assert sorted(path.name for path in traces.iterdir()) == []
