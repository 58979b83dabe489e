"""The common AST as the DDL that makes it."""

from __future__ import annotations

from schemalint.ddl.result import Ddl, Omission, Statement
from schemalint.ddl.statements import statements, written

__all__ = ["Ddl", "Omission", "Statement", "statements", "written"]
