/** Groups work into few transactions, and sends each transaction in one round trip. */
@NullMarked
package io.fastyoke.integrations.queue.batching;

import org.jspecify.annotations.NullMarked;
