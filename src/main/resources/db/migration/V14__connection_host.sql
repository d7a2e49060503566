-- Where a connection's requests go, for people: the credentials hold it too, but nobody opens those to show a list. Rows from
-- before, and those that an older replica still writes, have none until their credentials are replaced.
ALTER TABLE connections ADD COLUMN host text;
