package io.fastyoke.integrations.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Sends requests for some time, either as fast as a number of callers can (closed model), or at a
 * fixed rate whatever the answers do (open model). Latency counts from the moment at which a
 * request was meant to go, so that waiting for a slow answer is not left out (no coordinated
 * omission). Everything happens on one event loop.
 */
final class Load {
  /**
   * Callers of the open model; who finds none free waits, and the wait counts. They take turns: the
   * service would close the connection of one that has nothing to do for 75 s.
   */
  private static final int OPEN_LINES = 256;

  private static final long TICK_MS = 1;

  /** What is sent. */
  interface Requests {
    /**
     * @param startedAt when it was meant to go, by {@link Clock}
     */
    Buffer next(long startedAt);
  }

  /**
   * What came of it.
   *
   * @param answers by nanoseconds; only those with the expected status
   * @param failed answers with another status
   * @param nanos from the first request to the last answer
   */
  record Result(Histogram answers, long failed, long nanos) {
    long succeeded() {
      return answers.getTotalCount();
    }

    double rate() {
      return succeeded() * 1e9 / nanos;
    }
  }

  private final Vertx vertx;
  private final List<Integer> ports;
  private final int expected;
  private final Requests requests;
  private final CompletableFuture<Result> done = new CompletableFuture<>();
  private final Histogram answers = new Histogram(3);
  private final Deque<Line> free = new ArrayDeque<>();
  private final Deque<Long> waiting = new ArrayDeque<>();
  private final List<Line> lines = new ArrayList<>();
  private long failed;
  private long begun;
  private long sent;
  private long answered;
  private boolean offering = true;

  private Load(Vertx vertx, List<Integer> ports, int expected, Requests requests) {
    this.vertx = vertx;
    this.ports = ports;
    this.expected = expected;
    this.requests = requests;
  }

  /** Callers that send their next request when the last is answered. */
  static Result closed(
      Vertx vertx, List<Integer> ports, int status, Requests requests, int callers, double secs) {
    return closed(vertx, ports, status, requests, callers, secs, Long.MAX_VALUE);
  }

  /** The same, with at most so many requests. */
  static Result closed(
      Vertx vertx,
      List<Integer> ports,
      int status,
      Requests requests,
      int callers,
      double secs,
      long most) {
    Load load = new Load(vertx, ports, status, requests);
    return load.run(
        callers,
        () -> {
          long end = load.begun + (long) (secs * 1e9);
          load.lines.forEach(line -> load.again(line, end, most));
        });
  }

  /** Requests at a fixed rate. */
  static Result open(
      Vertx vertx, List<Integer> ports, int status, Requests requests, double perSec, double secs) {
    Load load = new Load(vertx, ports, status, requests);
    return load.run(OPEN_LINES, () -> load.offer(perSec, secs));
  }

  private Result run(int callers, Runnable start) {
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        here -> {
          NetClient client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
          List<Future<Line>> opening = new ArrayList<>();
          for (int i = 0; i < callers; i++) {
            opening.add(Line.open(client, ports.get(i % ports.size())));
          }
          Future.all(opening)
              .onFailure(done::completeExceptionally)
              .onSuccess(
                  opened -> {
                    opening.forEach(line -> lines.add(line.result()));
                    free.addAll(lines);
                    begun = Clock.now();
                    start.run();
                  });
        });
    Result result = done.join();
    context.runOnContext(here -> lines.forEach(Line::close));
    return result;
  }

  private void again(Line line, long end, long most) {
    long now = Clock.now();
    if (now >= end || sent >= most) {
      offering = false;
      finish();
    } else {
      send(line, now, () -> again(line, end, most));
    }
  }

  private void offer(double perSec, double secs) {
    long all = (long) (perSec * secs);
    long[] offered = {0};
    vertx.setPeriodic(
        TICK_MS,
        timer -> {
          long now = Clock.now();
          while (offered[0] < all && due(offered[0], perSec) <= now) {
            waiting.add(due(offered[0]++, perSec));
          }
          if (offered[0] == all) {
            offering = false;
            vertx.cancelTimer(timer);
          }
          pump();
        });
  }

  private long due(long number, double perSec) {
    return begun + (long) (number * 1e9 / perSec);
  }

  private void pump() {
    while (!waiting.isEmpty() && !free.isEmpty()) {
      Line line = free.poll();
      send(
          line,
          waiting.poll(),
          () -> {
            free.add(line);
            pump();
          });
    }
    finish();
  }

  private void send(Line line, long intended, Runnable then) {
    sent++;
    line.send(
        requests.next(intended),
        status -> {
          answered++;
          if (status == 0) {
            done.completeExceptionally(new IllegalStateException("a connection was closed"));
            return;
          }
          if (status == expected) {
            answers.recordValue(Math.max(0, Clock.now() - intended));
          } else {
            failed++;
          }
          then.run();
        });
  }

  private void finish() {
    if (!offering && waiting.isEmpty() && answered == sent) {
      done.complete(new Result(answers, failed, Clock.now() - begun));
    }
  }
}
