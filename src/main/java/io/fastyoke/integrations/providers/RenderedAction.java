package io.fastyoke.integrations.providers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action asks to be sent, with every placeholder replaced.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param path begins with a slash and may have a query, percent-encoded already; or is empty
 * @param headers in the order in which they were given
 * @param body null for a request without a body
 */
public record RenderedAction(
    String method, String path, List<Map.Entry<String, String>> headers, @Nullable JsonNode body) {}
