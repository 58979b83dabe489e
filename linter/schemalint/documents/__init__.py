"""Reads YAML and TOML with the place of everything in them, and values of them by their types.

`yaml_source` and `toml_source` make the `nodes` of a text; `typed_values` fills from them what
`parameters` finds out about a struct's fields. What is wrong is a `Fault`, and all are told.
"""
