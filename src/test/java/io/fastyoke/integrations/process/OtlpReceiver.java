package io.fastyoke.integrations.process;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes traces as collectors do: over gRPC, and as protobuf over HTTP/1.1. */
final class OtlpReceiver implements AutoCloseable {
  private static final String GRPC = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  /** A flag for compression and four bytes of length (gRPC over HTTP/2). */
  private static final int GRPC_PREFIX = 5;

  /**
   * A span, as it was sent.
   *
   * @param parent empty for the first of a trace
   */
  record Received(String via, String trace, String id, String parent, Span span) {
    String attribute(String key) {
      return span.getAttributesList().stream()
          .filter(attribute -> attribute.getKey().equals(key))
          .map(attribute -> attribute.getValue())
          .map(value -> value.hasStringValue() ? value.getStringValue() : number(value))
          .findFirst()
          .orElse("");
    }

    private static String number(io.opentelemetry.proto.common.v1.AnyValue value) {
      return value.hasBoolValue() ? "" + value.getBoolValue() : "" + value.getIntValue();
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<String> headers = new CopyOnWriteArrayList<>();
  private final int port;

  OtlpReceiver() {
    port =
        vertx
            .createHttpServer()
            .requestHandler(this::take)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  List<Received> spans() {
    return spans;
  }

  /** All that has come, to be searched. */
  String everything() {
    return String.join("\n", texts);
  }

  /** Of each export, the header {@code x-collector-key}. */
  List<String> keys() {
    return headers;
  }

  private void take(HttpServerRequest request) {
    request.body().onSuccess(body -> take(request, body));
  }

  private void take(HttpServerRequest request, Buffer body) {
    headers.add(String.valueOf(request.getHeader("x-collector-key")));
    if (request.path().equals(GRPC)) {
      keep("grpc", body.getBytes(GRPC_PREFIX, body.length()));
      request.response().putHeader("content-type", "application/grpc");
      request.response().putTrailer("grpc-status", "0").end(Buffer.buffer(new byte[GRPC_PREFIX]));
    } else if (request.path().equals("/v1/traces")) {
      keep("http", body.getBytes());
      request.response().putHeader("content-type", "application/x-protobuf").end();
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private void keep(String via, byte[] message) {
    ExportTraceServiceRequest request;
    try {
      request = ExportTraceServiceRequest.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    texts.add(request.toString());
    request
        .getResourceSpansList()
        .forEach(
            resource ->
                resource
                    .getScopeSpansList()
                    .forEach(
                        scope -> scope.getSpansList().forEach(span -> spans.add(of(via, span)))));
  }

  private static Received of(String via, Span span) {
    HexFormat hex = HexFormat.of();
    return new Received(
        via,
        hex.formatHex(span.getTraceId().toByteArray()),
        hex.formatHex(span.getSpanId().toByteArray()),
        hex.formatHex(span.getParentSpanId().toByteArray()),
        span);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
