/** One attempt: what is sent, what the answer means, and what becomes of the action. */
@NullMarked
package io.fastyoke.integrations.delivery;

import org.jspecify.annotations.NullMarked;
