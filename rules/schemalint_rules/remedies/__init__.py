"""What to do about a finding: edits of the schema, and SQL to add in a migration."""
