"""What a trigger does to the row that it is for: bodies to effects.

A body is read to steps (`plpgsql`, `sqlite`, `mysql`), every way through the steps is followed
(`paths`), and the ends of the ways are summed up (`outcome`) as effects in the sense of
`schemalint.model.Trigger`. Whatever is not understood stays `opaque`.
"""
