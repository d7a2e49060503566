/**
 * Owns the way to PostgreSQL: its address, its embedded default, its two roles and the tenant wall
 * of a transaction.
 */
@NullMarked
package io.fastyoke.integrations.database;

import org.jspecify.annotations.NullMarked;
