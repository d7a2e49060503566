/**
 * Owns what every endpoint shares: the error envelope, cursors, security headers and request
 * limits.
 */
@NullMarked
package io.fastyoke.integrations.http;

import org.jspecify.annotations.NullMarked;
