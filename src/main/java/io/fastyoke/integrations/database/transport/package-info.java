/** Secures and watches single connections to PostgreSQL: TLS, channel binding, silent servers. */
@NullMarked
package io.fastyoke.integrations.database.transport;

import org.jspecify.annotations.NullMarked;
