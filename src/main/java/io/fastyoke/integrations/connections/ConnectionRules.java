package io.fastyoke.integrations.connections;

import io.fastyoke.integrations.connections.ConnectionRequest.Create;
import io.fastyoke.integrations.connections.ConnectionRequest.Patch;
import io.fastyoke.integrations.connections.ConnectionRequest.Trial;
import io.fastyoke.integrations.egress.Egress;
import io.fastyoke.integrations.egress.guard.GuardDecision;
import io.fastyoke.integrations.errors.ApiException;
import io.fastyoke.integrations.errors.ErrorCode;
import io.fastyoke.integrations.errors.FieldProblem;
import io.fastyoke.integrations.providers.ProviderClient;
import io.fastyoke.integrations.providers.ProviderRegistry;
import io.fastyoke.integrations.vault.Credentials;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Validates requests about connections. All problems are reported at once. */
@ApplicationScoped
class ConnectionRules {
  private static final int MAX_NAME_LENGTH = 120;

  private final ProviderRegistry providers;
  private final Egress egress;

  ConnectionRules(ProviderRegistry providers, Egress egress) {
    this.providers = providers;
    this.egress = egress;
  }

  /**
   * The provider of a new connection whose fields are all valid.
   *
   * @throws ApiException 400 {@code unknown_provider} or {@code validation_failed}
   */
  ProviderClient create(Create request) {
    ProviderClient provider = chosen(request.provider());
    List<FieldProblem> problems = new ArrayList<>();
    if (request.connectionName() == null) {
      problems.add(new FieldProblem("connection_name", "is required"));
    } else {
      name(problems, request.connectionName());
    }
    credentials(problems, provider, request.credentials());
    settings(problems, request.settings());
    refuse(problems);
    return provider;
  }

  /**
   * The provider that credentials are tried with, when all their fields are valid.
   *
   * @throws ApiException 400 {@code unknown_provider} or {@code validation_failed}
   */
  ProviderClient trial(Trial request) {
    ProviderClient provider = chosen(request.provider());
    List<FieldProblem> problems = new ArrayList<>();
    credentials(problems, provider, request.credentials());
    settings(problems, request.settings());
    refuse(problems);
    return provider;
  }

  /**
   * The provider of a connection, when the change is valid for it.
   *
   * @throws ApiException 400
   */
  ProviderClient patch(String providerName, Patch request) {
    ProviderClient provider = provider(providerName);
    List<FieldProblem> problems = new ArrayList<>();
    if (request.connectionName() != null) {
      name(problems, request.connectionName());
    }
    if (request.credentials() != null) {
      problems.addAll(provider.check(request.credentials()));
    }
    settings(problems, request.settings());
    if (request.status() != null && !Set.of("active", "paused").contains(request.status())) {
      problems.add(new FieldProblem("status", "must be active or paused"));
    }
    refuse(problems);
    return provider;
  }

  /**
   * The provider of a stored connection.
   *
   * @throws ApiException 400
   */
  ProviderClient provider(String name) {
    return providers
        .find(name)
        .orElseThrow(() -> ApiException.invalid("provider", "is not known to this version"));
  }

  /**
   * Checks the tenant's addresses, if the credentials have any. A name that does not resolve today
   * may do so tomorrow.
   *
   * @throws ApiException 400
   */
  Uni<Void> addresses(ProviderClient provider, @Nullable Credentials credentials) {
    Uni<Void> checked = Uni.createFrom().voidItem();
    if (credentials != null) {
      for (Map.Entry<String, URI> target : provider.tenantTargets(credentials).entrySet()) {
        checked = checked.chain(() -> address(target.getKey(), target.getValue()));
      }
    }
    return checked;
  }

  private Uni<Void> address(String field, URI url) {
    return egress
        .checkBaseUrl(url)
        .invoke(decision -> refuseBlocked(field, decision))
        .replaceWithVoid();
  }

  private static void refuseBlocked(String field, GuardDecision decision) {
    FieldProblem problem = new FieldProblem("credentials." + field, decision.message());
    switch (decision.status()) {
      case BLOCKED -> throw ApiException.invalid(ErrorCode.BLOCKED_ADDRESS, List.of(problem));
      case MALFORMED -> throw ApiException.invalid(List.of(problem));
      default -> {}
    }
  }

  static Credentials present(@Nullable Credentials credentials) {
    if (credentials == null) {
      throw new IllegalStateException("checked before");
    }
    return credentials;
  }

  /**
   * Runs a check, and wipes the credentials of the request afterwards, also when the check throws.
   */
  static <T> Uni<T> closing(@Nullable Credentials credentials, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(() -> work.get())
        .onTermination()
        .invoke(() -> close(credentials));
  }

  private static void close(@Nullable Credentials credentials) {
    if (credentials != null) {
      credentials.close();
    }
  }

  private ProviderClient chosen(@Nullable String name) {
    if (name == null) {
      throw ApiException.invalid("provider", "is required; known are " + known());
    }
    return providers
        .find(name)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    ErrorCode.UNKNOWN_PROVIDER,
                    List.of(new FieldProblem("provider", "is not known; known are " + known()))));
  }

  private static void credentials(
      List<FieldProblem> problems, ProviderClient provider, @Nullable Credentials credentials) {
    if (credentials == null) {
      problems.add(new FieldProblem("credentials", "is required"));
    } else {
      problems.addAll(provider.check(credentials));
    }
  }

  private static void name(List<FieldProblem> problems, String name) {
    int length = name.strip().codePointCount(0, name.strip().length());
    if (length < 1 || length > MAX_NAME_LENGTH) {
      problems.add(
          new FieldProblem("connection_name", "must be 1 to " + MAX_NAME_LENGTH + " characters"));
    } else if (name.strip().chars().anyMatch(Character::isISOControl)) {
      problems.add(new FieldProblem("connection_name", "must not have control characters"));
    }
  }

  private static void settings(List<FieldProblem> problems, @Nullable ConnectionSettings settings) {
    if (settings != null) {
      problems.addAll(settings.problems());
    }
  }

  private static void refuse(List<FieldProblem> problems) {
    if (!problems.isEmpty()) {
      throw ApiException.invalid(problems);
    }
  }

  private String known() {
    return providers.all().stream()
        .map(description -> description.name())
        .collect(Collectors.joining(", "));
  }
}
