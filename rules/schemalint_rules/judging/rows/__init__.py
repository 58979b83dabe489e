"""What is known of every row of a table: by itself, and by the rows that it points at."""
