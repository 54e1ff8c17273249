-- Files that are still kept, by age: what retention walks along, whatever else there is.
CREATE INDEX artifactKept ON artifact (createdAt) WHERE blobKey IS NOT NULL AND role <> 'source';
CREATE INDEX sourceKept   ON artifact (createdAt) WHERE blobKey IS NOT NULL AND role = 'source';

-- Ended jobs by age, with files and without.
CREATE INDEX jobEnded ON job (finishedAt) WHERE finishedAt IS NOT NULL;
DROP INDEX jobExpiry;

-- Bytes of disk that the job's work may need while it is pending or running. Their sum is kept by trigger.
ALTER TABLE job ADD COLUMN promised INTEGER NOT NULL DEFAULT 0;
-- Milliseconds that the job has waited for space on the disk, attempts not counted.
ALTER TABLE job ADD COLUMN diskWait INTEGER NOT NULL DEFAULT 0;

UPDATE job SET promised = 2 * coalesce(
    (SELECT sum(blob.size) FROM artifact JOIN blob ON blob.key = artifact.blobKey
      WHERE artifact.jobId = job.id AND artifact.role = 'source'), 0)
 WHERE status IN ('pending', 'running');

INSERT INTO tally (name, label, value)
SELECT 'disk', 'promised', coalesce(sum(promised), 0) FROM job WHERE status IN ('pending', 'running');

CREATE TRIGGER jobPromised AFTER UPDATE OF status ON job
WHEN NEW.promised > 0 AND (OLD.status IN ('pending', 'running')) <> (NEW.status IN ('pending', 'running')) BEGIN
    UPDATE tally SET value = value + iif(NEW.status IN ('pending', 'running'), NEW.promised, -NEW.promised)
     WHERE name = 'disk' AND label = 'promised';
END;

CREATE TRIGGER jobPromisedAtOnce AFTER INSERT ON job WHEN NEW.promised > 0 AND NEW.status = 'pending' BEGIN
    UPDATE tally SET value = value + NEW.promised WHERE name = 'disk' AND label = 'promised';
END;

-- The newest time of the wall clock that was believed. One row, or none before the first.
CREATE TABLE clock (
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    believedAt INTEGER NOT NULL
) STRICT;
