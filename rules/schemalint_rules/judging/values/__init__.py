"""What single columns and expressions hold: texts that are compared, NULL, moments, bounds."""
