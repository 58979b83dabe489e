"""The Prisma schema language: `parser` to `syntax`, `validation` of it, `build` to the AST."""
