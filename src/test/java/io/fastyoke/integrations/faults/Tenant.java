package io.fastyoke.integrations.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tenant with one connection of each kind, each with secrets of its own.
 *
 * @param connections id by {@link Plan.Target}
 */
record Tenant(String name, String accountSid, String secret, Map<Plan.Target, String> connections) {
  static Tenant named(String name) {
    String hex = Integer.toHexString(name.hashCode() | 0x10000000);
    return new Tenant(
        name, "AC" + hex.repeat(4), "secret-of-" + name + "-" + hex, new ConcurrentHashMap<>());
  }
}
