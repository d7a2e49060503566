package io.fastyoke.integrations.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fastyoke.integrations.templating.ExactJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action sends, with placeholders.
 *
 * @param connectionId as the engine wrote it; it need not be an id
 * @param method {@code POST} by default
 * @param path behind the connection's own address; none by default
 * @param headers in the order in which they are sent
 * @param body any JSON, digit by digit as it came
 */
public record PayloadTemplate(
    @Nullable String connectionId,
    @Nullable String method,
    @Nullable String path,
    @Nullable Map<String, @Nullable String> headers,
    @JsonDeserialize(using = ExactJson.class) @Nullable JsonNode body) {}
