-- One life of the server. Attempts and claims name it, so that recovery is by identity and not by age.
CREATE TABLE boot (
    id        TEXT    NOT NULL PRIMARY KEY,
    version   TEXT    NOT NULL,
    startedAt INTEGER NOT NULL,
    stoppedAt INTEGER                 -- NULL: running now, or ended without a goodbye
) STRICT;

-- The bytes of artifacts, under opaque keys that never change and are never used twice.
CREATE TABLE blob (
    key       TEXT    NOT NULL PRIMARY KEY,
    size      INTEGER NOT NULL,
    sha256    TEXT    NOT NULL,
    createdAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX blobContent ON blob (sha256);

-- One requested conversion. `status` changes only by the guarded statements of Transitions.swift.
CREATE TABLE job (
    id             TEXT    NOT NULL PRIMARY KEY,
    kind           TEXT    NOT NULL,   -- conversion | preview
    parentId       TEXT,
    retryOf        TEXT,
    client         TEXT    NOT NULL,
    requestId      TEXT,               -- of the request that caused the newest transition
    tag            TEXT,
    priority       INTEGER NOT NULL,   -- lower runs first
    turn           INTEGER NOT NULL,   -- the place in the queue within a priority, set at enqueue
    status         TEXT    NOT NULL CHECK (status IN
                     ('uploading', 'pending', 'running', 'succeeded', 'failed', 'cancelled')),
    reason         TEXT,               -- why the newest transition happened
    sourceFilename TEXT,               -- display only
    sourceFormat   TEXT,               -- unknown while uploading
    targetFormat   TEXT,
    options        TEXT,               -- JSON object
    route          TEXT,               -- JSON array of {from, to, converters}
    step           INTEGER NOT NULL DEFAULT 0,   -- index into route
    choice         INTEGER NOT NULL DEFAULT 0,   -- index into the step's converters
    tool           TEXT,               -- what the next or current attempt needs a permit for
    attempt        INTEGER NOT NULL DEFAULT 0,   -- the newest attempt's number; only rises
    claimedBy      TEXT REFERENCES boot (id),
    dueAt          INTEGER,            -- NULL: ready at once
    failures       INTEGER NOT NULL DEFAULT 0,   -- of this step with this converter
    crashes        INTEGER NOT NULL DEFAULT 0,   -- of the server during this step
    failureCode    TEXT,
    failureMessage TEXT,
    warnings       TEXT,               -- JSON array of sentences
    createdAt      INTEGER NOT NULL,
    changedAt      INTEGER NOT NULL,   -- of the newest transition
    startedAt      INTEGER,
    finishedAt     INTEGER,
    expiredAt      INTEGER,
    CHECK ((finishedAt IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled')))
) STRICT;

CREATE INDEX jobUploading ON job (createdAt) WHERE status = 'uploading';
CREATE INDEX jobReady     ON job (tool, priority, turn, id) WHERE status = 'pending' AND dueAt IS NULL;
CREATE INDEX jobWaiting   ON job (dueAt) WHERE status = 'pending' AND dueAt IS NOT NULL;
CREATE INDEX jobRunning   ON job (claimedBy) WHERE status = 'running';
CREATE INDEX jobHistory   ON job (createdAt, id) WHERE kind = 'conversion';
CREATE INDEX jobByStatus  ON job (status, createdAt, id) WHERE kind = 'conversion';
CREATE INDEX jobChildren  ON job (parentId) WHERE parentId IS NOT NULL;
CREATE INDEX jobExpiry    ON job (finishedAt) WHERE finishedAt IS NOT NULL AND expiredAt IS NULL;

-- One run of one step. Inserted by the claim, before anything is spawned.
CREATE TABLE attempt (
    jobId           TEXT    NOT NULL REFERENCES job (id),
    number          INTEGER NOT NULL,
    step            INTEGER NOT NULL,
    converter       TEXT    NOT NULL,
    tool            TEXT    NOT NULL,
    toolVersion     TEXT,
    arguments       TEXT,              -- JSON array, as the tool saw them
    boot            TEXT    NOT NULL REFERENCES boot (id),
    outcome         TEXT    NOT NULL CHECK (outcome IN
                      ('running', 'succeeded', 'failed', 'interrupted', 'cancelled')),
    failureCode     TEXT,
    failureMessage  TEXT,
    exitCode        INTEGER,
    signal          INTEGER,
    cpuSeconds      REAL,
    peakMemoryBytes INTEGER,
    startedAt       INTEGER NOT NULL,
    finishedAt      INTEGER,
    PRIMARY KEY (jobId, number),
    CHECK ((finishedAt IS NULL) = (outcome = 'running'))
) STRICT, WITHOUT ROWID;

CREATE INDEX attemptRunning ON attempt (boot) WHERE outcome = 'running';

-- A file's part in a job. Never names bytes that are not completely on disk.
CREATE TABLE artifact (
    id         TEXT    NOT NULL PRIMARY KEY,
    jobId      TEXT    NOT NULL REFERENCES job (id),
    role       TEXT    NOT NULL,       -- source | intermediate | result | log | preview
    step       INTEGER NOT NULL DEFAULT 0,
    attempt    INTEGER NOT NULL DEFAULT 0,
    name       TEXT,                   -- within a model of several files; NULL: the only file, or the root
    filename   TEXT,                   -- offered at download
    format     TEXT,
    packaging  TEXT    NOT NULL DEFAULT 'file',   -- file | zip
    blobKey    TEXT REFERENCES blob (key),        -- NULL: expired or deleted
    geometry   TEXT,                   -- JSON {vertices, triangles, extents}; NULL: not measured
    verifiedBy TEXT,
    createdAt  INTEGER NOT NULL,
    expiredAt  INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX artifactOfJob  ON artifact (jobId, attempt);
CREATE INDEX artifactOfBlob ON artifact (blobKey) WHERE blobKey IS NOT NULL;

-- The audit trail: every transition, by trigger, and what is not a transition, by statement. Append-only.
CREATE TABLE event (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    subjectKind TEXT    NOT NULL,      -- job | tool | key | boot ...
    subjectId   TEXT    NOT NULL,
    fromStatus  TEXT,
    toStatus    TEXT,
    attempt     INTEGER,
    client      TEXT,
    requestId   TEXT,
    reason      TEXT,
    details     TEXT                   -- JSON object
) STRICT;

CREATE INDEX eventOfSubject ON event (subjectKind, subjectId, id);

-- A sealed run of events: SHA-256 over their content and the seal before. A pruned seal is kept as the anchor.
CREATE TABLE seal (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    firstEvent INTEGER NOT NULL,
    lastEvent  INTEGER NOT NULL,
    sha256     TEXT    NOT NULL,
    sealedAt   INTEGER NOT NULL,
    prunedAt   INTEGER
) STRICT;

CREATE INDEX sealOfEvents ON seal (firstEvent, lastEvent);

-- Counters kept by trigger. `jobs` by status: active ones are the number there now, final ones only rise.
CREATE TABLE tally (
    name  TEXT    NOT NULL,
    label TEXT    NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (name, label)
) STRICT, WITHOUT ROWID;

-- What each converter was seen to do on this machine.
CREATE TABLE selfTest (
    converter    TEXT    NOT NULL,
    fromFormat   TEXT    NOT NULL,
    toFormat     TEXT    NOT NULL,
    toolVersion  TEXT    NOT NULL,
    programTime  INTEGER NOT NULL,     -- modification time of the program
    sandbox      TEXT    NOT NULL,
    kilnVersion  TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,     -- passed | failed
    failure      TEXT,
    testedAt     INTEGER NOT NULL,
    PRIMARY KEY (converter, fromFormat, toFormat)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER jobCreated AFTER INSERT ON job BEGIN
    INSERT INTO event (at, subjectKind, subjectId, fromStatus, toStatus, client, requestId, reason)
    VALUES (NEW.createdAt, 'job', NEW.id, NULL, NEW.status, NEW.client, NEW.requestId, NEW.reason);
    INSERT INTO tally (name, label, value) VALUES ('jobs', NEW.status, 1)
        ON CONFLICT (name, label) DO UPDATE SET value = value + 1;
END;

CREATE TRIGGER jobChanged AFTER UPDATE OF status ON job WHEN NEW.status <> OLD.status BEGIN
    INSERT INTO event (at, subjectKind, subjectId, fromStatus, toStatus, attempt, client, requestId, reason)
    VALUES (NEW.changedAt, 'job', NEW.id, OLD.status, NEW.status, nullif(NEW.attempt, 0),
            NEW.client, NEW.requestId, NEW.reason);
    INSERT INTO tally (name, label, value) VALUES ('jobs', NEW.status, 1)
        ON CONFLICT (name, label) DO UPDATE SET value = value + 1;
    UPDATE tally SET value = value - 1 WHERE name = 'jobs' AND label = OLD.status;
END;

CREATE TRIGGER jobFinal BEFORE UPDATE OF status ON job
WHEN OLD.status IN ('succeeded', 'failed', 'cancelled') AND NEW.status <> OLD.status BEGIN
    SELECT RAISE(ABORT, 'a final status never changes');
END;

CREATE TRIGGER attemptEnded AFTER UPDATE OF outcome ON attempt WHEN NEW.outcome <> OLD.outcome BEGIN
    INSERT INTO tally (name, label, value) VALUES ('attempts', NEW.converter || ' ' || NEW.outcome, 1)
        ON CONFLICT (name, label) DO UPDATE SET value = value + 1;
END;

CREATE TRIGGER eventKept BEFORE UPDATE ON event BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER eventPruned BEFORE DELETE ON event
WHEN NOT EXISTS (SELECT 1 FROM seal
                  WHERE OLD.id BETWEEN firstEvent AND lastEvent AND prunedAt IS NOT NULL) BEGIN
    SELECT RAISE(ABORT, 'events are deleted only in whole pruned segments');
END;
