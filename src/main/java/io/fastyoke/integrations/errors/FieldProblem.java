package io.fastyoke.integrations.errors;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What is wrong with one field of a request.
 *
 * @param field the dotted path of the field in the request, such as {@code credentials.account_sid}
 *     or {@code actions[0].retry.max_attempts}
 * @param message what to do about it, for people; never quotes the value
 */
@RegisterForReflection
public record FieldProblem(String field, String message) {}
