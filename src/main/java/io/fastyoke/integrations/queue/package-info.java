/**
 * The rows of {@code action_runs} and the only SQL that writes them: enqueue, claim, limit,
 * complete, order, expire.
 */
@NullMarked
package io.fastyoke.integrations.queue;

import org.jspecify.annotations.NullMarked;
