-- The zone that all stored days of a gateway are in; '' if it is not one for all.
ALTER TABLE folded ADD COLUMN zone TEXT NOT NULL DEFAULT '';
