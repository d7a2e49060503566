-- What makes two names the same, folded by the service: lower() depends on the collation of the database, and under "C" it
-- knows ASCII only. Rows from before keep lower() until they are renamed, and so do those that an older replica still writes.
ALTER TABLE connections ADD COLUMN name_key text;
CREATE UNIQUE INDEX connections_name_key ON connections (tenant_id, (coalesce(name_key, lower(connection_name))));
DROP INDEX connections_name;
