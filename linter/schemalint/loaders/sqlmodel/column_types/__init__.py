"""Which type a column has: by SQLAlchemy's types, by annotations, by types of the project's own."""
