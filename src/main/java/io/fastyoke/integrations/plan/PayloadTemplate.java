package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fastyoke.integrations.templating.ExactJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request of an action, with placeholders.
 *
 * @param connectionId as the engine sent it; may not be a valid id
 * @param method {@code POST} by default
 * @param path appended to the connection's address; none by default
 * @param headers in the order in which they are sent
 * @param body any JSON; numbers keep their exact digits
 */
public record PayloadTemplate(
    @Nullable String connectionId,
    @Nullable String method,
    @Nullable String path,
    @Nullable Map<String, @Nullable String> headers,
    @JsonDeserialize(using = ExactJson.class) @Nullable JsonNode body) {}
