package io.fastyoke.integrations.identity;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the key set from the operator's address: one GET, no redirects, 256 KiB and a few seconds
 * at most.
 */
final class JwksDownload implements Supplier<Uni<? extends String>> {
  private static final int MAX_BYTES = 256 * 1024;
  private static final String LATE = "no answer in time";

  private final Vertx vertx;
  private final HttpClient client;
  private final URI address;
  private final Duration deadline;

  /**
   * @param proxy the forward proxy for calls to the outside, if there is one: {@code
   *     http://[user:password@]host:port}
   */
  JwksDownload(Vertx vertx, URI address, Duration deadline, Optional<String> proxy) {
    this.vertx = vertx;
    HttpClientOptions options =
        new HttpClientOptions()
            .setKeepAlive(false)
            .setMaxPoolSize(1)
            .setConnectTimeout(Math.toIntExact(deadline.toMillis()));
    if (!isLoopback(address)) {
      proxy.flatMap(JwksDownload::read).ifPresent(options::setProxyOptions);
    }
    this.client = vertx.createHttpClient(options);
    this.address = address;
    this.deadline = deadline;
  }

  /** Whether the address is loopback, where plain http cannot be intercepted. */
  static boolean isLoopback(URI address) {
    String host = String.valueOf(address.getHost());
    return host.equalsIgnoreCase("localhost")
        || host.matches("127(\\.[0-9]{1,3}){3}")
        || host.equals("[::1]");
  }

  /** Empty if the proxy setting is malformed; another check then refuses the start. */
  private static Optional<ProxyOptions> read(String text) {
    URI uri;
    try {
      uri = URI.create(text.trim());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // Parsed here, because getHost() is null for a name with an underscore.
    String authority = uri.getAuthority() == null ? "" : uri.getAuthority();
    int at = authority.lastIndexOf('@');
    int colon = authority.lastIndexOf(':');
    if (colon <= at + 1 || !authority.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    ProxyOptions options =
        new ProxyOptions()
            .setHost(authority.substring(at + 1, colon))
            .setPort(Integer.parseInt(authority.substring(colon + 1)));
    if (at >= 0) {
      String[] user = authority.substring(0, at).split(":", 2);
      options.setUsername(user[0]).setPassword(user.length > 1 ? user[1] : "");
    }
    return Optional.of(options);
  }

  @Override
  public Uni<String> get() {
    return Uni.createFrom()
        .completionStage(() -> request().toCompletionStage())
        .ifNoItem()
        .after(deadline)
        .failWith(() -> new IllegalStateException(LATE));
  }

  private Future<String> request() {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(address.toString())
            .setFollowRedirects(false)
            .putHeader("Accept", "application/jwk-set+json, application/json")
            .setTimeout(deadline.toMillis());
    return client.request(options).compose(this::send);
  }

  private Future<String> send(HttpClientRequest request) {
    // Vert.x has no time-out for a body that arrives slowly: the timer bounds the whole exchange.
    Promise<String> body = Promise.promise();
    long timer = vertx.setTimer(deadline.toMillis(), id -> body.tryFail(LATE));
    request.send().onFailure(body::tryFail).onSuccess(response -> read(response, body));
    return body.future()
        .onComplete(done -> vertx.cancelTimer(timer))
        .onFailure(failure -> request.reset());
  }

  private void read(HttpClientResponse response, Promise<String> body) {
    response.exceptionHandler(body::tryFail);
    if (response.statusCode() != 200) {
      body.tryFail(new IllegalStateException("status " + response.statusCode()));
      return;
    }
    Buffer received = Buffer.buffer();
    response.handler(
        part -> {
          if (received.length() + part.length() > MAX_BYTES) {
            body.tryFail(new IllegalStateException("larger than " + MAX_BYTES + " bytes"));
          } else {
            received.appendBuffer(part);
          }
        });
    response.endHandler(end -> body.tryComplete(received.toString(StandardCharsets.UTF_8)));
  }
}
