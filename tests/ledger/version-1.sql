PRAGMA application_id = 1592598230;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE address (
        number INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        host TEXT NOT NULL,
        wanted INTEGER NOT NULL DEFAULT 0,      -- whether a seed has it
        incomplete INTEGER NOT NULL DEFAULT 0,  -- whether one of them lacks a field
        published INTEGER,
        state TEXT NOT NULL DEFAULT 'unknown',
        since INTEGER,
        failures INTEGER NOT NULL DEFAULT 0,
        target TEXT,                            -- where its last success was, when elsewhere
        visits INTEGER NOT NULL DEFAULT 0,
        urgency INTEGER NOT NULL,
        due INTEGER NOT NULL
    );
INSERT INTO "address" VALUES(1,'https://a.example/news/one-two-three','a.example',1,0,NULL,'alive',1780315200,0,NULL,1,2,1780666319);
CREATE TABLE host (
        name TEXT PRIMARY KEY,
        paused_until INTEGER,
        probe_at INTEGER, probe_verdict TEXT, probe_target TEXT, probe_payload TEXT, probe_text TEXT,
        -- The silence that goes on: first and last visit without an answer, the first address, whether there are more.
        silent_since INTEGER, silent_until INTEGER, silent_address INTEGER, silent_several INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
INSERT INTO "host" VALUES('a.example',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE outage (host TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);
CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        arguments TEXT NOT NULL,
        started INTEGER NOT NULL,
        active INTEGER NOT NULL,                -- when it last recorded something
        ended INTEGER,
        complete INTEGER NOT NULL DEFAULT 0,
        visits INTEGER NOT NULL DEFAULT 0
    );
INSERT INTO "run" VALUES(1,'refresh','',1780315200,1780315200,1780315200,1,1);
CREATE TABLE seed (
        path TEXT PRIMARY KEY,
        address INTEGER NOT NULL REFERENCES address,
        missing TEXT NOT NULL,                  -- names with a comma between them
        published INTEGER,
        todo INTEGER NOT NULL,                  -- new at its address, or lacking more than at its last visit
        scan INTEGER NOT NULL                   -- the last scan that met it
    ) WITHOUT ROWID;
INSERT INTO "seed" VALUES('a',1,'',NULL,0,1);
CREATE TABLE shared_target (host TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (host, url)) WITHOUT ROWID;
CREATE TABLE visit (
        number INTEGER PRIMARY KEY,
        address INTEGER NOT NULL REFERENCES address,
        run INTEGER REFERENCES run,
        at INTEGER NOT NULL,
        verdict TEXT NOT NULL,
        status INTEGER,
        origin TEXT NOT NULL,
        payload TEXT, text TEXT, drift TEXT, etag TEXT, last_modified TEXT, target TEXT,
        detail TEXT NOT NULL DEFAULT ''
    );
INSERT INTO "visit" VALUES(1,1,1,1780315200,'article',200,'live','sha1:A','sha1:B','updated','"e"','Mon',NULL,'A sentence.');
CREATE INDEX outage_of_host ON outage (host, until);
CREATE INDEX address_due ON address (urgency, due, number) WHERE wanted;
CREATE INDEX address_target ON address (host, target) WHERE target IS NOT NULL;
CREATE INDEX visit_of_address ON visit (address);
CREATE INDEX seed_of_address ON seed (address);
COMMIT;
