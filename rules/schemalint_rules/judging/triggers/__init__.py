"""What triggers see of a change, refuse and do."""
