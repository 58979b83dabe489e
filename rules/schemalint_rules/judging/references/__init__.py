"""What foreign keys do: rows without a parent, actions, how many point at one."""
