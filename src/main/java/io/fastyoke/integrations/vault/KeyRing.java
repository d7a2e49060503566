package io.fastyoke.integrations.vault;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of this replica: one that seals and opens, and any number that only open. */
public final class KeyRing {
  private final EncryptionKey active;
  private final Map<KeyId, EncryptionKey> keys = new LinkedHashMap<>();

  KeyRing(EncryptionKey active, List<EncryptionKey> retired) {
    this.active = active;
    keys.put(active.id(), active);
    retired.forEach(key -> keys.put(key.id(), key));
  }

  /** The key under which credentials are sealed now. */
  public KeyId active() {
    return active.id();
  }

  /** All keys that open, the active one first. */
  public Set<KeyId> keyIds() {
    return Collections.unmodifiableSet(keys.keySet());
  }

  /** The keys that only open. */
  public Set<KeyId> retired() {
    return keys.keySet().stream()
        .filter(id -> !id.equals(active.id()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether credentials under this key can be opened. */
  public boolean holds(KeyId id) {
    return keys.containsKey(id);
  }

  /**
   * The key under which credentials were sealed, whether or not it is in this ring.
   *
   * @throws UnreadableCredentialsException when these are not sealed credentials at all
   */
  public KeyId idOf(byte[] sealed) {
    return SealedBlob.keyId(sealed);
  }

  EncryptionKey activeKey() {
    return active;
  }

  Optional<EncryptionKey> find(KeyId id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public String toString() {
    return "KeyRing" + keys.keySet();
  }
}
