package io.fastyoke.integrations.support;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The status of an answer that may not come. */
public final class HttpStatus {
  private HttpStatus() {}

  /** Sends a request and says the status of its answer, or 0 when there is none. */
  public static int of(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException noAnswer) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
