-- What pushes carried that could not be taken, for whoever looks after the server: the newest of each
-- gateway (store/mm-store-quarantine.h). Values that are well-formed but not plausible stand in the
-- table quarantine.
CREATE TABLE refused (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  received INTEGER NOT NULL,
  place TEXT NOT NULL,              -- "line 3", "readings[4].v.soc"
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  text TEXT NOT NULL                -- the beginning of what was sent, or empty
) STRICT;
CREATE INDEX refused_gateway ON refused (gateway, id);

-- The settings that a gateway last said it has, as the JSON object of its push.
CREATE TABLE reported_settings (
  gateway INTEGER PRIMARY KEY REFERENCES gateway (id) ON DELETE CASCADE,
  settings TEXT NOT NULL,
  received INTEGER NOT NULL         -- when they last changed
) STRICT;
