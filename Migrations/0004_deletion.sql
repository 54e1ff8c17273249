-- What stays on record of bytes that were given up: `blobKey` is NULL then.
ALTER TABLE artifact ADD COLUMN goneSize INTEGER;
ALTER TABLE artifact ADD COLUMN goneSha256 TEXT;
