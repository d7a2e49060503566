/**
 * The one door out: judges the name and every address, pins the connection, bounds time and size.
 */
@NullMarked
package io.fastyoke.integrations.egress;

import org.jspecify.annotations.NullMarked;
