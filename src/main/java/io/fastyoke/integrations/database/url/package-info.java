/** Reads {@code DATABASE_URL} as libpq does, and says what it means to the two drivers. */
@NullMarked
package io.fastyoke.integrations.database.url;

import org.jspecify.annotations.NullMarked;
