package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.connections.ConnectionRequest.Create;
import io.fastyoke.integrations.connections.ConnectionRequest.Patch;
import io.fastyoke.integrations.database.TimeOrderedIds;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.events.LastFirings;
import io.fastyoke.integrations.http.ETags;
import io.fastyoke.integrations.identity.Caller;
import io.fastyoke.integrations.identity.TenantId;
import io.fastyoke.integrations.notices.NoticeType;
import io.fastyoke.integrations.oauth.AuthorizedSender;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.vault.Credentials;
import io.fastyoke.integrations.vault.KeyId;
import io.fastyoke.integrations.vault.KeyRing;
import io.fastyoke.integrations.vault.SealContext;
import io.fastyoke.integrations.vault.Vault;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Creates, reads, changes and deletes connections. Credentials are sealed before they are stored.
 */
@ApplicationScoped
class ConnectionService {
  private final ConnectionStore store;
  private final ConnectionRules rules;
  private final Vault vault;
  private final KeyRing keys;
  private final LastFirings lastFirings;
  private final FindFailing failing;
  private final AuthorizedSender sender;
  private final InstantSource clock;

  ConnectionService(
      ConnectionStore store,
      ConnectionRules rules,
      Vault vault,
      KeyRing keys,
      LastFirings lastFirings,
      FindFailing failing,
      AuthorizedSender sender,
      InstantSource clock) {
    this.store = store;
    this.rules = rules;
    this.vault = vault;
    this.keys = keys;
    this.lastFirings = lastFirings;
    this.failing = failing;
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Stores a new connection.
   *
   * @throws ApiException 400 naming the fields, 409 when the name is taken
   */
  Uni<ConnectionView> create(Caller caller, Create request) {
    ProviderClient provider = rules.create(request);
    Credentials credentials = ConnectionRules.present(request.credentials());
    return rules
        .addresses(provider, credentials)
        .chain(
            () -> {
              StoredConnection row = newRow(caller, provider.description().name(), request);
              seal(row, provider, credentials);
              return store.within(
                  caller.tenant(),
                  () ->
                      store
                          .persistAndFlush(row)
                          .call(() -> store.log(caller, row, "CONNECTION_CREATED", row.createdAt)));
            })
        .map(row -> ConnectionView.of(row, true, null));
  }

  Uni<List<ConnectionView>> list(
      TenantId tenant, ConnectionFilter filter, @Nullable UUID after, int limit) {
    List<String> readable = keys.keyIds().stream().map(KeyId::hex).toList();
    Uni<ConnectionFilter> narrowed =
        filter.status() == ConnectionFilter.Status.FAILING
            ? failing.of(tenant).map(filter::among)
            : Uni.createFrom().item(filter);
    return narrowed
        .chain(f -> store.within(tenant, () -> store.page(tenant, f, readable, after, limit)))
        .chain(rows -> withLastFired(tenant, rows));
  }

  Uni<ConnectionView> get(TenantId tenant, UUID id) {
    return store
        .within(tenant, () -> store.required(tenant, id))
        .chain(row -> withLastFired(tenant, List.of(row)))
        .map(views -> views.get(0));
  }

  /**
   * Changes a connection.
   *
   * @throws ApiException 400, 404, 409 {@code version_conflict} or {@code connection_name_taken}
   */
  Uni<ConnectionView> patch(Caller caller, UUID id, Patch request, @Nullable String ifMatch) {
    TenantId tenant = caller.tenant();
    return store
        .within(tenant, () -> store.required(tenant, id))
        .chain(
            row -> {
              requireMatch(row, ifMatch);
              ProviderClient provider = rules.patch(row.provider, request);
              return rules.addresses(provider, request.credentials());
            })
        .chain(() -> store.within(tenant, () -> change(caller, id, request, ifMatch)))
        .invoke(() -> sender.forget(id))
        .chain(row -> withLastFired(tenant, List.of(row)))
        .map(views -> views.get(0));
  }

  Uni<Void> delete(Caller caller, UUID id, @Nullable String ifMatch) {
    return store
        .within(
            caller.tenant(),
            () ->
                store
                    .required(caller.tenant(), id)
                    .invoke(row -> requireMatch(row, ifMatch))
                    .call(store::remove)
                    .call(row -> store.log(caller, row, "CONNECTION_DELETED", now())))
        .invoke(() -> sender.forget(id))
        .replaceWithVoid();
  }

  private Uni<StoredConnection> change(
      Caller caller, UUID id, Patch request, @Nullable String ifMatch) {
    return store
        .required(caller.tenant(), id)
        .invoke(row -> requireMatch(row, ifMatch))
        .call(
            row -> {
              String before = row.status;
              return apply(row, request)
                  ? written(caller, row, before)
                  : Uni.createFrom().voidItem();
            });
  }

  private Uni<Void> written(Caller caller, StoredConnection row, String statusBefore) {
    row.updatedAt = now();
    Uni<Void> logged =
        store.flush().chain(() -> store.log(caller, row, "CONNECTION_UPDATED", row.updatedAt));
    NoticeType type =
        row.status.equals(StoredConnection.ACTIVE)
            ? NoticeType.CONNECTION_RESUMED
            : NoticeType.CONNECTION_PAUSED;
    return row.status.equals(statusBefore)
        ? logged
        : logged.chain(() -> store.tell(row, type, row.updatedAt));
  }

  /** Whether the change alters anything. New credentials always do: secrets are not compared. */
  private boolean apply(StoredConnection row, Patch request) {
    boolean changed = request.credentials() != null;
    if (request.credentials() != null) {
      seal(row, rules.provider(row.provider), request.credentials());
    }
    if (request.connectionName() != null
        && !row.connectionName.equals(request.connectionName().strip())) {
      row.name(request.connectionName().strip());
      changed = true;
    }
    if (request.settings() != null && !row.settings().equals(request.settings())) {
      row.settings(request.settings());
      changed = true;
    }
    if (request.status() != null && row.isDecidedDifferently(request.status())) {
      row.status(request.status());
      changed = true;
    }
    return changed;
  }

  private StoredConnection newRow(Caller caller, String provider, Create request) {
    StoredConnection row = new StoredConnection();
    Instant now = now();
    row.id = TimeOrderedIds.next(now);
    row.tenantId = caller.tenant().value();
    row.provider = provider;
    row.name(String.valueOf(request.connectionName()).strip());
    row.settings(request.settings() == null ? ConnectionSettings.DEFAULTS : request.settings());
    row.status = StoredConnection.ACTIVE;
    row.createdAt = now;
    row.updatedAt = now;
    row.createdBy = caller.actor().sub();
    return row;
  }

  private void seal(StoredConnection row, ProviderClient provider, Credentials credentials) {
    SealContext context = new SealContext(new TenantId(row.tenantId), row.id, row.provider);
    byte[] sealed = vault.seal(context, credentials);
    row.sealed = new Sealed(sealed, keys.idOf(sealed).hex());
    row.host = provider.host(credentials).orElse(null);
    row.certificateExpiresAt = provider.certificateExpiresAt(credentials).orElse(null);
  }

  private Uni<List<ConnectionView>> withLastFired(TenantId tenant, List<StoredConnection> rows) {
    return lastFirings
        .of(tenant, rows.stream().map(row -> row.id).toList())
        .map(
            last ->
                rows.stream()
                    .map(row -> ConnectionView.of(row, isReadable(row), last.get(row.id)))
                    .toList());
  }

  private boolean isReadable(StoredConnection row) {
    return keys.holds(new KeyId(row.sealed.keyId()));
  }

  private static void requireMatch(StoredConnection row, @Nullable String ifMatch) {
    if (!ETags.matches(ifMatch, row.version)) {
      throw ConnectionStore.versionConflict();
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
