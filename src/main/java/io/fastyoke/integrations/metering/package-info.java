/** Owns the utility ledger: one row per fired webhook, and its sums. */
@NullMarked
package io.fastyoke.integrations.metering;

import org.jspecify.annotations.NullMarked;
