/**
 * Owns request bodies: reads them within limits of size, time and memory, parses their JSON, and
 * wipes what was read.
 */
@NullMarked
package io.fastyoke.integrations.http.body;

import org.jspecify.annotations.NullMarked;
