"""What classes and `Table(...)` calls declare: tables, columns, keys, constraints, relations."""
