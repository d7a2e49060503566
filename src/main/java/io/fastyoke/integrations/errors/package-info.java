/**
 * The error envelope of every 4xx and 5xx: which code and status a failure gets, and how it is
 * written.
 */
@NullMarked
package io.fastyoke.integrations.errors;

import org.jspecify.annotations.NullMarked;
