package io.fastyoke.integrations.runs;

import io.fastyoke.integrations.identity.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The runs in this process's hands whose requests are large. How many attempts are in flight bounds
 * the memory of small ones; these are bounded by their size, and no tenant has more than about half
 * of the room, so that its hanging receivers do not hold up the large runs of others.
 */
@ApplicationScoped
public class LargeRuns {
  /** In characters. So many of the largest small ones fit as there are slots. */
  static final int LARGE = 8 * 1024;

  /** An object or an array takes as much as this many characters, however little is in it. */
  private static final int BRACKET = 5;

  /** What a run of a table called {@code r} counts for here. */
  static final String WEIGHT =
      "CASE WHEN octet_length(r.request) > %1$d THEN octet_length(r.request) ELSE 0 END"
          .formatted(LARGE);

  /**
   * What a character of JSON takes on the heap once it is read; of text it is less, of brackets
   * more.
   */
  private static final int HEAP_PER_CHARACTER = 16;

  private static final int PART_OF_HEAP = 6;

  private record Held(String tenant, int size) {}

  private final long room;
  private final Map<UUID, Held> held = new HashMap<>();
  private final Map<String, Long> byTenant = new HashMap<>();
  private long total;
  private boolean roomier;

  LargeRuns() {
    this(roomOnHeap());
  }

  LargeRuns(long room) {
    this.room = room;
  }

  /** Characters of requests that a part of this process's heap has room for. */
  static long roomOnHeap() {
    return Runtime.getRuntime().maxMemory() / PART_OF_HEAP / HEAP_PER_CHARACTER;
  }

  /** What a request counts for, in characters. */
  static int weight(String request) {
    int weight = request.length();
    for (int i = 0; i < request.length(); i++) {
      char character = request.charAt(i);
      weight += character == '{' || character == '[' ? BRACKET : 0;
    }
    return weight;
  }

  /** Takes room for a run that is about to begin, if it needs some. */
  synchronized boolean tryHold(UUID run, TenantId tenant, int size) {
    if (size > LARGE
        && total > 0
        && (total + size > room || of(tenant.value()) + size > room / 2)) {
      return false;
    }
    hold(run, tenant, size);
    return true;
  }

  /** Takes room for a run that is here already. */
  synchronized void hold(UUID run, TenantId tenant, int size) {
    if (size > LARGE && held.put(run, new Held(tenant.value(), size)) == null) {
      total += size;
      byTenant.merge(tenant.value(), (long) size, Long::sum);
    }
  }

  /** The run is no longer here. */
  synchronized void letGo(UUID run) {
    Held gone = held.remove(run);
    if (gone != null) {
      total -= gone.size();
      byTenant.computeIfPresent(
          gone.tenant(), (tenant, size) -> size == gone.size() ? null : size - gone.size());
      roomier = true;
    }
  }

  /** Whether there is more room than when this was last asked. */
  synchronized boolean isRoomier() {
    boolean was = roomier;
    roomier = false;
    return was;
  }

  /**
   * Characters that may be claimed at once: half of what is left, so that it is not one tenant's
   * before the next claim. A claim may exceed it by one run.
   */
  synchronized long room() {
    return Math.max(0, (room - total + 1) / 2);
  }

  /** Tenants that have their part. */
  synchronized List<String> fullTenants() {
    List<String> full = new ArrayList<>();
    byTenant.keySet().stream().filter(tenant -> of(tenant) >= room / 2).forEach(full::add);
    return full;
  }

  private long of(String tenant) {
    return byTenant.getOrDefault(tenant, 0L);
  }
}
