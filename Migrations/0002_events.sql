-- REPLACE deletes a row without firing the trigger that forbids it: no event may take another's number.
CREATE TRIGGER eventAdded BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;

-- A number that SQLite is yet to give reads as -1 in the trigger above: no event may really have it.
CREATE TRIGGER eventNumbered AFTER INSERT ON event WHEN NEW.id < 1 BEGIN
    SELECT RAISE(ABORT, 'events are numbered from 1');
END;
