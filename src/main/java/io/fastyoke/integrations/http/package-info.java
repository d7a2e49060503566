/**
 * Owns what every endpoint shares: the error envelope, the wire format, cursors, security headers
 * and request limits.
 */
@NullMarked
package io.fastyoke.integrations.http;

import org.jspecify.annotations.NullMarked;
