-- How far each client has come in the line for a tool: the turn of its newest job there (start-time fair queueing).
-- The row of the client '' is the line's own clock: the turn of the newest job that was claimed.
CREATE TABLE share (
    tool     TEXT    NOT NULL,
    priority INTEGER NOT NULL,
    client   TEXT    NOT NULL,
    turn     INTEGER NOT NULL,
    PRIMARY KEY (tool, priority, client)
) STRICT, WITHOUT ROWID;

-- Turns were times before. Those that wait keep their order, by their ids.
UPDATE job SET turn = 0 WHERE status IN ('pending', 'running');

-- Pictures wait behind jobs of low priority, which there were none of.
UPDATE job SET priority = 3 WHERE status IN ('pending', 'running') AND kind = 'preview';
