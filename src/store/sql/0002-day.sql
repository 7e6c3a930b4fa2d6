-- What a gateway produced today, part of its live state (service/mm-live-day.h). Empty is unknown, and
-- is worked out from the reading log.
ALTER TABLE live ADD COLUMN day BLOB NOT NULL DEFAULT x'';
