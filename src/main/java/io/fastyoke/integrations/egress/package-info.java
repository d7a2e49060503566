/**
 * Outbound HTTP, and the only client that makes it: checks the host's name and each of its
 * addresses, connects to a checked address, and limits the time and the size of an exchange.
 */
@NullMarked
package io.fastyoke.integrations.egress;

import org.jspecify.annotations.NullMarked;
