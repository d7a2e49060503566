/**
 * Owns what all endpoints share: the front filter, the JSON wire format, cursors and pages,
 * security headers, CORS, the rate limit and connection draining.
 */
@NullMarked
package io.fastyoke.integrations.http;

import org.jspecify.annotations.NullMarked;
