package io.fastyoke.integrations.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;

/**
 * Makes parsers for request bodies. What a parser has decoded stays in its buffers, and pieces of a
 * long text in several of them: here they are nobody else's, and go when the parser does.
 */
@Singleton
class UnsharedBuffers {
  private final JsonFactory parsers;

  UnsharedBuffers(ObjectMapper json) {
    this.parsers = json.getFactory().copy();
    parsers.setRecyclerPool(JsonRecyclerPools.nonRecyclingPool());
  }

  JsonFactory parsers() {
    return parsers;
  }
}
