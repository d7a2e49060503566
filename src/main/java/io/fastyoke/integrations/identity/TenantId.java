package io.fastyoke.integrations.identity;

import java.util.regex.Pattern;

/**
 * A tenant's id. It comes from a verified token only, and is passed as an argument, never as
 * ambient state.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 . _ : -}, starting with a letter or a
 *     digit
 */
public record TenantId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  /**
   * @throws IllegalArgumentException when the value does not match
   */
  public TenantId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a tenant id");
    }
  }

  /** Whether a string has the shape of a tenant id. */
  public static boolean isValid(String value) {
    return SHAPE.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
