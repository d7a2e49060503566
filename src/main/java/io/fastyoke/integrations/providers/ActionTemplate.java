package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action says about its request, before placeholders are replaced.
 *
 * @param method as given, or null for the provider's own
 * @param path as given, or null
 * @param headers names to values, as given; empty when there are none
 * @param body as given, or null when there is none; JSON's null is none either
 */
public record ActionTemplate(
    @Nullable String method,
    @Nullable String path,
    Map<String, String> headers,
    @Nullable JsonNode body) {}
