-- The first schema. Times are UTC microseconds; public ids are random 128-bit texts.

-- The server itself: one row.
CREATE TABLE server (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  public_id TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

-- Terms of use; the highest version of an audience is the one in force.
CREATE TABLE terms (
  audience TEXT NOT NULL CHECK (audience IN ('dealer', 'customer')),
  version INTEGER NOT NULL,
  language TEXT NOT NULL,
  body TEXT NOT NULL,
  published INTEGER NOT NULL,
  PRIMARY KEY (audience, version, language)
) STRICT;

-- Dealers and customers. sign_in is what the person types (a dealer's user ID exactly, a customer's
-- mail address); sign_in_folded keeps it unique without regard to case.
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('dealer', 'customer')),
  state TEXT NOT NULL CHECK (state IN ('provisional', 'active', 'closed')),
  sign_in TEXT NOT NULL,
  sign_in_folded TEXT NOT NULL,
  password TEXT,                    -- Argon2id string; NULL while provisional
  language TEXT NOT NULL,
  name TEXT NOT NULL,
  kana TEXT NOT NULL,
  mail TEXT NOT NULL,
  phone TEXT NOT NULL,              -- normalised digits
  postal_code TEXT NOT NULL,
  prefecture TEXT NOT NULL,
  municipality TEXT NOT NULL,       -- customers; empty for dealers
  address TEXT NOT NULL,
  dealer_name TEXT NOT NULL,        -- dealers; empty for customers
  alert_own_mail INTEGER NOT NULL DEFAULT 0, -- fault mails also to the account's own address
  created INTEGER NOT NULL,
  activated INTEGER,
  changed INTEGER NOT NULL,
  UNIQUE (kind, sign_in_folded)
) STRICT;

-- Who agreed to which terms, when, at which step of the walk.
CREATE TABLE consent (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  audience TEXT NOT NULL,
  version INTEGER NOT NULL,
  language TEXT NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('form', 'password')),
  agreed INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_account ON consent (account);

-- Single-use secrets sent by mail or kept by a walk; only their hash is here. Used and expired ones
-- stay for a while so that their bearer can be told which of the two they are.
CREATE TABLE token (
  hash BLOB PRIMARY KEY,
  purpose TEXT NOT NULL
    CHECK (purpose IN ('registration', 'walk', 'password', 'contact', 'second-factor',
                       'mail-change')),
  account INTEGER REFERENCES account (id) ON DELETE CASCADE,
  contact INTEGER REFERENCES contact (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  tries_left INTEGER NOT NULL,
  used INTEGER,
  dead INTEGER NOT NULL DEFAULT 0   -- replaced by a newer one
) STRICT;
CREATE INDEX token_account ON token (account);
CREATE INDEX token_contact ON token (contact);
CREATE INDEX token_expires ON token (expires);

CREATE TABLE session (
  hash BLOB PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('web', 'app')), -- how long it may rest
  created INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  agent TEXT NOT NULL,              -- what the client calls itself, cut
  address TEXT NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account);
CREATE INDEX session_expires ON session (expires);

-- The second factor of an account (RFC 6238). Its secret has to be read to be of use and is stored
-- as it is: the file is its owner's only (mode 0600).
CREATE TABLE second_factor (
  account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  secret BLOB NOT NULL,
  made INTEGER NOT NULL,
  confirmed INTEGER,                -- NULL while it is set up
  last_step INTEGER NOT NULL        -- of 30 s; codes of it and of earlier ones do not count
) STRICT;

CREATE TABLE recovery_code (
  hash BLOB PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES second_factor (account) ON DELETE CASCADE
) STRICT;
CREATE INDEX recovery_code_account ON recovery_code (account);

-- The address that a customer wants to have, until the link sent to it is opened.
CREATE TABLE mail_change (
  account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  mail TEXT NOT NULL
) STRICT;

-- Up to five maintenance contacts of a dealer.
CREATE TABLE contact (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 5),
  mail TEXT NOT NULL,
  language TEXT NOT NULL,
  created INTEGER NOT NULL,
  confirmed INTEGER,
  UNIQUE (account, mail)
) STRICT;

CREATE TABLE gateway (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  public_id_folded TEXT NOT NULL UNIQUE,
  key_hash BLOB UNIQUE,             -- NULL: revoked
  activation_hash BLOB NOT NULL,
  activation_used INTEGER,          -- when the present code was redeemed
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  owner INTEGER REFERENCES account (id),
  owned_since INTEGER,
  hidden_before INTEGER,            -- what was measured before is an earlier owner's
  name TEXT NOT NULL,               -- of the site
  postal_code TEXT NOT NULL,
  prefecture TEXT NOT NULL,
  municipality TEXT NOT NULL,
  latitude REAL,
  longitude REAL,
  timezone TEXT NOT NULL,
  pv_peak_w REAL,
  battery_wh REAL,
  interval_s INTEGER NOT NULL,
  firmware TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX gateway_owner ON gateway (owner);

-- The gateway that a provisional customer will own: the activation code was right when the form was
-- sent, and is consumed when the registration completes.
CREATE TABLE claim (
  account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  activation_hash BLOB NOT NULL
) STRICT;
CREATE INDEX claim_gateway ON claim (gateway);

CREATE TABLE device (
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  maker TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  changed INTEGER NOT NULL,
  PRIMARY KEY (gateway, name)
) STRICT;

-- A customer's permission for a dealer. At most one open link per gateway and dealer.
CREATE TABLE link (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  dealer INTEGER NOT NULL REFERENCES account (id),
  grants INTEGER NOT NULL,          -- bits of core/mm-link.h
  since INTEGER NOT NULL,
  until INTEGER,                    -- NULL: until revoked
  ended INTEGER,
  ended_by TEXT CHECK (ended_by IN ('customer', 'dealer', 'time', 'owner-change', 'closed'))
) STRICT;
CREATE UNIQUE INDEX link_open ON link (gateway, dealer) WHERE ended IS NULL;
CREATE INDEX link_dealer ON link (dealer) WHERE ended IS NULL;
CREATE INDEX link_until ON link (until) WHERE ended IS NULL AND until IS NOT NULL;

-- Every look (one row per dealer, gateway, kind and hour) and every change a dealer made.
CREATE TABLE access (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  dealer INTEGER NOT NULL REFERENCES account (id),
  kind TEXT NOT NULL,               -- looked, exported, acknowledged, declined …
  hour INTEGER NOT NULL,            -- of looks: the start of the hour; of changes: the time
  at INTEGER NOT NULL,              -- first in that hour
  detail TEXT NOT NULL,
  UNIQUE (gateway, dealer, kind, hour, detail)
) STRICT;
CREATE INDEX access_gateway ON access (gateway, id);

-- Numbers for (device, quantity) of a gateway: the words of the reading log.
CREATE TABLE series (
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  device TEXT NOT NULL,
  quantity TEXT NOT NULL,
  PRIMARY KEY (gateway, number)
) STRICT;

-- The reading log: one row per push, only ever appended. Each row points to the gateway's row
-- before it and says the newest time in all rows before it, so that a reader walks back no further
-- than it must and an append touches no index.
CREATE TABLE reading_log (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL,
  received INTEGER NOT NULL,
  previous INTEGER NOT NULL,        -- 0: none
  newest_before INTEGER NOT NULL,
  added INTEGER NOT NULL,           -- values that were neither there before nor correct one
  body BLOB NOT NULL                -- codec/mm-log-body.h
) STRICT;

-- The live state of gateways as of a row of the reading log; rows after it are replayed on start.
CREATE TABLE live (
  gateway INTEGER PRIMARY KEY,
  head INTEGER NOT NULL,            -- the gateway's last row of the reading log
  newest INTEGER NOT NULL,
  last_contact INTEGER NOT NULL,
  n_values INTEGER NOT NULL,        -- stored, each (device, quantity, time) once
  series BLOB NOT NULL
) STRICT;
CREATE TABLE live_mark (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  log_row INTEGER NOT NULL
) STRICT;
INSERT INTO live_mark (id, log_row) VALUES (1, 0);

-- Readings that were well-formed but not plausible.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL,
  received INTEGER NOT NULL,
  time INTEGER NOT NULL,
  device TEXT NOT NULL,
  quantity TEXT NOT NULL,
  value REAL NOT NULL,
  reason TEXT NOT NULL,
  UNIQUE (gateway, device, quantity, time)
) STRICT;
CREATE INDEX quarantine_gateway ON quarantine (gateway, id);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  device TEXT NOT NULL,
  code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('raised', 'cleared')),
  time INTEGER NOT NULL,
  received INTEGER NOT NULL,
  late INTEGER NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (gateway, device, code, time, state)
) STRICT;
CREATE INDEX event_time ON event (gateway, time);

-- One row per cause; the cause is the gateway's, what a dealer did about it is the dealer's.
CREATE TABLE alert (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  gateway INTEGER NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('fault', 'offline')),
  device TEXT NOT NULL,
  code TEXT NOT NULL,
  severity INTEGER NOT NULL,        -- core/mm-status.h
  shows TEXT NOT NULL,              -- a status that the fault itself is (islanded …), or empty
  opened INTEGER NOT NULL,          -- by the device's clock
  opened_received INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  count INTEGER NOT NULL,
  recovered INTEGER,
  recovered_received INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (gateway, kind, device, code) WHERE recovered IS NULL;
CREATE INDEX alert_gateway ON alert (gateway, opened);
CREATE INDEX alert_cause ON alert (gateway, kind, device, code);

CREATE TABLE acknowledgement (
  alert INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  dealer INTEGER NOT NULL REFERENCES account (id),
  at INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (alert, dealer)
) STRICT;

-- The transactional outbox: written with what caused the mail, sent afterwards.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,   -- also the left half of the Message-ID
  account INTEGER REFERENCES account (id) ON DELETE SET NULL,
  contact INTEGER REFERENCES contact (id) ON DELETE SET NULL,
  alert INTEGER REFERENCES alert (id) ON DELETE SET NULL,
  letter TEXT NOT NULL,             -- name of the letter, e.g. fault-raised
  recipient TEXT NOT NULL,
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  html TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'given-up', 'dropped')),
  created INTEGER NOT NULL,
  next_try INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  finished INTEGER,
  answer TEXT NOT NULL              -- what the next server said last
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_try) WHERE state = 'waiting';
CREATE INDEX outbox_account ON outbox (account);

-- What the operator did.
CREATE TABLE operator_log (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL
) STRICT;
