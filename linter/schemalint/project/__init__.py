"""Which files a run is about, and their texts: beside `cli`, the only part that touches the world.

`schemas` finds the files of each schema, `upwards` the rulebook and the settings that govern
them, and `reading` reads any of them.
"""
