-- A failed job that may succeed another day, whose file is there, and that nobody has repeated yet: a dead letter.
ALTER TABLE job ADD COLUMN retryable INTEGER NOT NULL DEFAULT 0;

CREATE INDEX jobDeadLetters ON job (createdAt, id) WHERE retryable = 1 AND kind = 'conversion';

UPDATE job SET retryable = 1
 WHERE status = 'failed' AND kind = 'conversion' AND expiredAt IS NULL AND failureCode IN
    ('timedOut', 'outOfMemory', 'crashed', 'toolMissing', 'diskFull', 'rateLimited', 'interrupted', 'internal')
   AND EXISTS (SELECT 1 FROM artifact WHERE jobId = job.id AND role = 'source' AND blobKey IS NOT NULL);
