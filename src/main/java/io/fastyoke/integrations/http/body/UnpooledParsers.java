package io.fastyoke.integrations.http.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;

/**
 * JSON parsers for request bodies, without Jackson's buffer pool. Decoded text stays in a parser's
 * buffers, possibly a secret: without the pool, no other parser is given them, and the garbage
 * collector takes them with the parser.
 */
@Singleton
class UnpooledParsers {
  private final JsonFactory factory;

  UnpooledParsers(ObjectMapper json) {
    this.factory = json.getFactory().copy();
    factory.setRecyclerPool(JsonRecyclerPools.nonRecyclingPool());
  }

  JsonFactory factory() {
    return factory;
  }
}
