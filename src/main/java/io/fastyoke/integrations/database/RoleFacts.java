package io.fastyoke.integrations.database;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What decides whether tenants are kept apart under the role that a session works as.
 *
 * @param name the role
 * @param bypasses whether row-level security does not apply to it
 * @param owns whether it owns a table of tenants, and could switch the security off
 * @param forced whether the security applies to owners, too, on all tables of tenants
 * @param policy a policy that shows the rows of all tenants to this role; null for none
 * @param table the policy's table
 * @param grantee the role that the policy is for
 * @param login the role that has logged in
 * @param powerful whether the login could do more than the role
 */
record RoleFacts(
    String name,
    boolean bypasses,
    boolean owns,
    boolean forced,
    @Nullable String policy,
    @Nullable String table,
    @Nullable String grantee,
    String login,
    boolean powerful) {
  /**
   * A policy that does not filter by tenant, but applies: to PUBLIC, or to a role whose rights this
   * role inherits. A role that inherits from the engine's sees the rows of all tenants.
   */
  private static final String OPEN_POLICY =
      """
      SELECT p.polname AS policy, c.relname AS of_table,
        COALESCE((SELECT g.rolname FROM pg_roles g WHERE g.oid = grantee.oid), 'PUBLIC') AS grantee
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid, unnest(p.polroles) AS grantee(oid),
        LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))) AS condition(text)
      WHERE p.polpermissive AND c.relnamespace = 'public'::regnamespace
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
        AND (grantee.oid = 0 OR pg_has_role(r.oid, grantee.oid, 'USAGE'))
        AND condition.text !~ 'current_tenant\\(\\)|fastyoke\\.engine'
      ORDER BY 1, 2 LIMIT 1\
      """;

  /** Row-level security applies to an owner only if it is forced, and an owner may disable it. */
  static final String RIGHTS =
      """
      SELECT r.rolname AS name, r.rolsuper OR r.rolbypassrls AS bypasses,
        EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE a.attname = 'tenant_id' AND pg_has_role(r.oid, c.relowner, 'USAGE')
          AND c.relnamespace = 'public'::regnamespace) AS owns,
        NOT EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)) AS forced,
        gap.policy, gap.of_table, gap.grantee,
        l.rolname AS login, l.rolsuper OR l.rolbypassrls
          OR EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE a.attname = 'tenant_id' AND pg_has_role(l.oid, c.relowner, 'USAGE')
            AND c.relnamespace = 'public'::regnamespace) AS powerful
      FROM pg_roles l, pg_roles r LEFT JOIN LATERAL (%s) AS gap ON true
      WHERE r.rolname = current_user AND l.rolname = session_user
      """
          .formatted(OPEN_POLICY);

  /** Of the one row that {@link #RIGHTS} finds. */
  static RoleFacts of(Function<String, @Nullable Object> row) {
    return new RoleFacts(
        text(row, "name"),
        flag(row, "bypasses"),
        flag(row, "owns"),
        flag(row, "forced"),
        (String) row.apply("policy"),
        (String) row.apply("of_table"),
        (String) row.apply("grantee"),
        text(row, "login"),
        flag(row, "powerful"));
  }

  private static String text(Function<String, @Nullable Object> row, String column) {
    return String.valueOf(row.apply(column));
  }

  private static boolean flag(Function<String, @Nullable Object> row, String column) {
    return Boolean.TRUE.equals(row.apply(column));
  }
}
