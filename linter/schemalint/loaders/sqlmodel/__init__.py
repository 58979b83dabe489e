"""SQLModel and SQLAlchemy models, read from their source and never run."""
