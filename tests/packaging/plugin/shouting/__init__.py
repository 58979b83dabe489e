"""A third party's plug-in: one of everything."""
