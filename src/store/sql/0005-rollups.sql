-- What the folded points of a gateway come to (service/mm-rolling.h), in groups of its series:
-- `part` is the number of the group.

-- The quarters of an hour of the UTC day that begins at `start`.
CREATE TABLE quarters (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL,
  start INTEGER NOT NULL,
  part INTEGER NOT NULL,
  body BLOB NOT NULL,               -- codec/mm-rollups.h
  UNIQUE (gateway, start, part)
) STRICT;

-- The days of the site, as they are in `zone`, that begin in the UTC month that begins at `start`.
CREATE TABLE days (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL,
  start INTEGER NOT NULL,
  part INTEGER NOT NULL,
  zone TEXT NOT NULL,
  body BLOB NOT NULL,               -- codec/mm-rollups.h
  UNIQUE (gateway, start, part)
) STRICT;
