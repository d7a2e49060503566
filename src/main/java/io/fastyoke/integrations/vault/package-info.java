/**
 * Encrypts (seals) and decrypts (opens) credentials under the key ring; key bytes never leave this
 * package, and no other package uses javax.crypto ciphers.
 */
@NullMarked
package io.fastyoke.integrations.vault;

import org.jspecify.annotations.NullMarked;
