-- A lesson that nobody waits for any more.  Alone in its file: a new value of a type can be used
-- only after the transaction that adds it.

alter type lesson_status add value 'abandoned';
