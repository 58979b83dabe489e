"""Which constraints make two rows impossible, and what else keys are for."""
