package io.fastyoke.integrations.identity;

/**
 * The permissions that endpoints require with {@code @PermissionsAllowed}. Only {@link Grants} maps
 * roles and scopes to them.
 */
public final class Permissions {
  /** Create, change, delete and test connections. */
  public static final String CONNECTIONS_WRITE = "connections:write";

  /** List and read connections, without their credentials, and the providers. */
  public static final String CONNECTIONS_READ = "connections:read";

  /** Read and change what the tenant is told. */
  public static final String NOTICES = "notices:write";

  /** Fire, cancel, replay and preview runs. */
  public static final String RUNS_EXECUTE = "runs:execute";

  /** Read runs and the event log. */
  public static final String RUNS_READ = "runs:read";

  /** Read usage, on which bills are based. */
  public static final String USAGE_READ = "usage:read";

  /** Operate the platform: keys and their rotation. */
  public static final String PLATFORM = "platform:operate";

  private Permissions() {}
}
