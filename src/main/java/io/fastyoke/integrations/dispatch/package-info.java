/**
 * Decides what may start on this replica, and when: permits, the dispatcher, the worker, the
 * shutdown.
 */
@NullMarked
package io.fastyoke.integrations.dispatch;

import org.jspecify.annotations.NullMarked;
