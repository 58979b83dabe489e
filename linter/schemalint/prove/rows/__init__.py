"""Valid rows of any table: what is known of it, values that fit, and where they have to point."""
