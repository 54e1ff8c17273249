-- When the oldest and the newest of the events happened, by which whole segments are skipped or pruned, and the first
-- 4 bytes of each event's hash, by which a changed one is found.
ALTER TABLE seal ADD COLUMN oldestAt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE seal ADD COLUMN newestAt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE seal ADD COLUMN marks BLOB NOT NULL DEFAULT x'';

-- What kept tools in during this life of the server.
ALTER TABLE boot ADD COLUMN sandbox TEXT;
-- When it closed the database in good order. NULL, and no WAL beside the database: somebody has taken the WAL away.
ALTER TABLE boot ADD COLUMN closedAt INTEGER;

-- Backups that were completed.
CREATE TABLE backup (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    startedAt  INTEGER NOT NULL,       -- what it holds is as of then
    finishedAt INTEGER NOT NULL,
    files      INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,       -- of files and database
    damaged    INTEGER NOT NULL        -- files that could not be copied as their rows say
) STRICT;

-- A chain has no gaps, and nothing in it is changed but that a seal may be pruned, once.
CREATE TRIGGER sealAdded BEFORE INSERT ON seal
WHEN EXISTS (SELECT 1 FROM seal WHERE id = NEW.id) OR NEW.lastEvent < NEW.firstEvent
  OR NEW.firstEvent <= coalesce((SELECT lastEvent FROM seal ORDER BY id DESC LIMIT 1), 0) BEGIN
    SELECT RAISE(ABORT, 'a seal continues the one before it');
END;

CREATE TRIGGER sealKept BEFORE UPDATE ON seal
WHEN OLD.prunedAt IS NOT NULL OR NEW.id <> OLD.id OR NEW.firstEvent <> OLD.firstEvent OR NEW.lastEvent <> OLD.lastEvent
  OR NEW.sha256 <> OLD.sha256 OR NEW.sealedAt <> OLD.sealedAt OR NEW.oldestAt <> OLD.oldestAt
  OR NEW.newestAt <> OLD.newestAt OR NEW.marks <> OLD.marks BEGIN
    SELECT RAISE(ABORT, 'seals are only pruned');
END;

CREATE TRIGGER sealAnchored BEFORE DELETE ON seal
WHEN OLD.prunedAt IS NULL OR NOT EXISTS (SELECT 1 FROM seal WHERE id > OLD.id AND prunedAt IS NOT NULL) BEGIN
    SELECT RAISE(ABORT, 'the newest pruned seal is kept as the anchor');
END;
