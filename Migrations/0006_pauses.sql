-- Tools that an operator has paused: their jobs wait until he resumes them.
CREATE TABLE pause (
    tool     TEXT    NOT NULL PRIMARY KEY,
    pausedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For those who look whether a job was repeated already.
CREATE INDEX jobRetries ON job (retryOf) WHERE retryOf IS NOT NULL;
