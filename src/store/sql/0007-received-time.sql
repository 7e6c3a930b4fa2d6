-- When the data of a gateway whose clock is off was placed by the time it was received, by the
-- operator's wish (service/mm-clock-sense.h): it still is where until is NULL.
CREATE TABLE received_time (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  since INTEGER NOT NULL,
  until INTEGER
) STRICT;
CREATE UNIQUE INDEX received_time_now ON received_time (gateway) WHERE until IS NULL;
CREATE INDEX received_time_gateway ON received_time (gateway, since);
