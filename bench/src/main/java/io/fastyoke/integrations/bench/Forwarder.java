package io.fastyoke.integrations.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;

/** Passes every POST on and answers 202 when it is answered: what HTTP alone costs. */
final class Forwarder {
  private Forwarder() {}

  /** Takes the port to forward to; prints its own; stops when its standard input ends. */
  public static void main(String[] args) throws Exception {
    int target = Integer.parseInt(args[0]);
    Vertx vertx = Vertx.vertx();
    HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1024));
    vertx
        .createHttpServer()
        .requestHandler(request -> forward(client, target, request))
        .listen(0, "127.0.0.1")
        .onSuccess(server -> System.out.println(server.actualPort()))
        .onFailure(failure -> System.exit(1));
    Child.stayUntilParentEnds();
  }

  private static void forward(HttpClient client, int target, HttpServerRequest request) {
    request
        .body()
        .compose(
            body ->
                client
                    .request(HttpMethod.POST, target, "127.0.0.1", request.path())
                    .compose(out -> out.send(body)))
        .compose(HttpClientResponse::body)
        .onSuccess(answer -> request.response().setStatusCode(202).end(answer))
        .onFailure(failure -> request.response().setStatusCode(502).end());
  }
}
