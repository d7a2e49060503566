/** One attempt: the request, what is kept of the answer, and the run's next state. */
@NullMarked
package io.fastyoke.integrations.delivery;

import org.jspecify.annotations.NullMarked;
