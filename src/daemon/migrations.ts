/** Each entry moves the schema one version on; entries are never changed once they have shipped. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE jobs (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, state_data TEXT NOT NULL, reason TEXT NOT NULL,
     created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, priority INTEGER NOT NULL, rank REAL NOT NULL,
     hold INTEGER NOT NULL, device TEXT, options TEXT NOT NULL, plan TEXT, progress REAL NOT NULL, inked INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX jobs_by_state ON jobs (state, priority DESC, rank);
   CREATE INDEX jobs_by_age ON jobs (created_ms, id);
   CREATE TABLE history (
     job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, at_ms INTEGER NOT NULL,
     from_state TEXT, to_state TEXT NOT NULL, reason TEXT NOT NULL
   ) STRICT;
   CREATE INDEX history_by_job ON history (job_id);
   CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, at_ms INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
   CREATE INDEX events_by_age ON events (at_ms);
   CREATE TABLE devices (id TEXT PRIMARY KEY, ready INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
   CREATE TABLE pens (pen TEXT PRIMARY KEY, mm REAL NOT NULL, mm_since_change REAL NOT NULL, lifts INTEGER NOT NULL) STRICT;`,
  `CREATE TABLE robot_keys (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
     created_ms INTEGER NOT NULL, used_ms INTEGER
   ) STRICT;`,
  `CREATE TABLE alerts (
     id TEXT PRIMARY KEY, key TEXT, level TEXT NOT NULL, source TEXT NOT NULL, message TEXT NOT NULL, details TEXT NOT NULL,
     job_id TEXT, device_id TEXT, raised_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, count INTEGER NOT NULL,
     cleared_ms INTEGER, acknowledged_ms INTEGER
   ) STRICT;
   CREATE INDEX alerts_under_way ON alerts (key) WHERE cleared_ms IS NULL;`,
  `CREATE TABLE webhooks (
     id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, subject TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL,
     created_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, next_ms INTEGER NOT NULL, error TEXT, given_up_ms INTEGER
   ) STRICT;
   CREATE INDEX webhooks_by_url ON webhooks (url, id);`,
  `CREATE TABLE submissions (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, answer TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;`,
];
