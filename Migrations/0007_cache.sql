-- What makes two conversions the same (SHA-256, see ResultCache.swift); NULL: the result is not for others.
ALTER TABLE job ADD COLUMN cacheKey TEXT;
-- The job whose tools made this one's result.
ALTER TABLE job ADD COLUMN cachedFrom TEXT;

CREATE INDEX jobReusable ON job (cacheKey, id)
 WHERE cacheKey IS NOT NULL AND status = 'succeeded' AND expiredAt IS NULL;
