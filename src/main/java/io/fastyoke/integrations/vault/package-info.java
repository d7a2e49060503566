/**
 * Seals and opens secrets under the key ring; key bytes never leave it, and it alone uses
 * javax.crypto ciphers.
 */
@NullMarked
package io.fastyoke.integrations.vault;

import org.jspecify.annotations.NullMarked;
