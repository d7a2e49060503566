/** Finds secrets in text and bytes, however they are encoded or escaped. */
@NullMarked
package io.fastyoke.integrations.redaction;

import org.jspecify.annotations.NullMarked;
