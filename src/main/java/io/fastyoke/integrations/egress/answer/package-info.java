/**
 * Decodes HTTP/1.1 answers: head, framing and chunks, and whether and for how long the connection
 * may be kept alive.
 */
@NullMarked
package io.fastyoke.integrations.egress.answer;

import org.jspecify.annotations.NullMarked;
