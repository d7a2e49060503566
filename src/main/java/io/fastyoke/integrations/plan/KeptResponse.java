package io.fastyoke.integrations.plan;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the answer to an action because a later action of the run names it; redacted.
 *
 * @param headers those of the allow-list, names in lower case
 * @param json the body, if it was JSON of at most 64 KiB; a text, which takes less memory than a
 *     tree
 */
public record KeptResponse(int status, Map<String, String> headers, @Nullable String json) {}
