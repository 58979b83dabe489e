"""A Prisma schema and its migrations as one schema: what the database has is as the migrations
build it, what the client knows of it is as Prisma's file says; where they differ is told."""
