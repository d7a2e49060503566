package io.fastyoke.integrations.templating;

import org.jspecify.annotations.Nullable;

/**
 * A template that cannot be rendered; nothing may be sent ({@code template_error}).
 *
 * <p>The message is for people. It names the variable where one is at fault and never quotes a
 * value.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String variable;

  TemplateException(String message) {
    this(null, message);
  }

  TemplateException(@Nullable String variable, String message) {
    super(message, null, false, false);
    this.variable = variable;
  }

  /** An error of one variable; the message starts with its name. */
  static TemplateException of(Placeholder placeholder, String problem) {
    return new TemplateException(
        placeholder.path(), "The variable " + placeholder.path() + " " + problem);
  }

  /** The variable at fault, such as {@code job.customer.phone}; null if it is the template. */
  public @Nullable String variable() {
    return variable;
  }
}
