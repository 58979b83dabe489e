-- schemalint: dialect sqlite
CREATE TABLE account (
  id         INTEGER PRIMARY KEY,
  email      TEXT NOT NULL,
  plan       TEXT NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'paid')),
  closed_at  TEXT,
  UNIQUE (email, closed_at)
);
