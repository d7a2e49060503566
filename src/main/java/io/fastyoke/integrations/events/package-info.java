/** Owns the append-only event log: what happened to every attempt, connection and test. */
@NullMarked
package io.fastyoke.integrations.events;

import org.jspecify.annotations.NullMarked;
