"""schemalint: judges whether a database schema keeps the business rules written for it."""
