-- The bytes of small blobs, which have no file of their own: they are durable with their row, in its transaction.
CREATE TABLE content (
    key   TEXT NOT NULL PRIMARY KEY,   -- of the blob
    bytes BLOB NOT NULL
) STRICT;

CREATE TRIGGER blobGone AFTER DELETE ON blob BEGIN
    DELETE FROM content WHERE key = OLD.key;
END;

-- Nobody looks for content by its hash.
DROP INDEX blobContent;
