package io.fastyoke.integrations.identity;

/**
 * The permissions that endpoints ask for with {@code @PermissionsAllowed}. Which people and which
 * scopes hold them is decided where the token is read, and nowhere else.
 */
public final class Permissions {
  /** Create, change, delete and test connections. */
  public static final String CONNECTIONS_WRITE = "connections:write";

  /** List and read connections, without their credentials, and the providers. */
  public static final String CONNECTIONS_READ = "connections:read";

  /** Fire, cancel, replay and preview runs. */
  public static final String RUNS_EXECUTE = "runs:execute";

  /** Read runs and the event log. */
  public static final String RUNS_READ = "runs:read";

  /** Read what will be billed. */
  public static final String USAGE_READ = "usage:read";

  /** Operate the platform: keys and their rotation. */
  public static final String PLATFORM = "platform:operate";

  private Permissions() {}
}
