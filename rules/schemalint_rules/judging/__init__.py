"""What kinds of business rule share in judging: the meaning of constraints, not of rules."""
