/**
 * The registry of providers and one adapter each, which describes fields, builds requests and
 * judges answers.
 */
@NullMarked
package io.fastyoke.integrations.providers;

import org.jspecify.annotations.NullMarked;
