package io.fastyoke.integrations.errors;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;

/**
 * The JSON body of every 4xx and 5xx.
 *
 * @param error a stable code for machines
 * @param message for people; wording may change
 * @param details such as {@code fields} or {@code request_id}; may be empty
 */
@RegisterForReflection
public record ErrorBody(String error, String message, Map<String, Object> details) {}
