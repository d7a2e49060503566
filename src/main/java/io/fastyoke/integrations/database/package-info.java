/**
 * Connects to PostgreSQL: the server's address, the embedded default, the two roles, migrations,
 * and transactions under row-level security.
 */
@NullMarked
package io.fastyoke.integrations.database;

import org.jspecify.annotations.NullMarked;
