package io.fastyoke.integrations.connections;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * Sealed credentials and the note of the key that sealed them.
 *
 * <p>One value, so that both are always written together: while one replica re-seals a row, a
 * change on another would otherwise leave the old note, if that is what it has read, or the new one
 * beside credentials under the old key.
 */
@Embeddable
@SuppressWarnings("ArrayRecordComponent") // compared by Hibernate, which knows arrays
record Sealed(byte[] credentials, @Column(name = "key_id") String keyId) {}
