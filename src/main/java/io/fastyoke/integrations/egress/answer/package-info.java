/**
 * Reads HTTP/1.1 answers off a connection: head, framing, chunks, and how long the connection may
 * be kept.
 */
@NullMarked
package io.fastyoke.integrations.egress.answer;

import org.jspecify.annotations.NullMarked;
