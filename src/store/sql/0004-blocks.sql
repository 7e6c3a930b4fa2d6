-- What the reading log has been folded into (service/mm-folding.h). A row holds all points of its
-- gateway from `start` to the gateway's next row or the end of the UTC day, whichever comes first.
CREATE TABLE block (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL,
  start INTEGER NOT NULL,
  body BLOB NOT NULL,               -- codec/mm-block.h
  UNIQUE (gateway, start)
) STRICT;

-- All rows of a gateway in the reading log up to this one are in its blocks.
CREATE TABLE folded (
  gateway INTEGER PRIMARY KEY,
  log_row INTEGER NOT NULL
) STRICT;

-- What of a gateway's log is not, part of its live state. No rows behind the mark: unknown, if there
-- are any.
ALTER TABLE live ADD COLUMN tail_rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE live ADD COLUMN tail_first INTEGER NOT NULL DEFAULT 0;  -- none of them is before it
ALTER TABLE live ADD COLUMN tail_since INTEGER NOT NULL DEFAULT 0;  -- when the oldest came
