package io.fastyoke.integrations.queue.batching;

import io.fastyoke.integrations.database.DatabaseFailure;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: lets concurrent work share one transaction. A lone item is written at once; items
 * that arrive while a transaction is under way, or within the {@link Linger} after it, are written
 * together in the next one, so batches grow with the load. A second transaction runs beside the
 * first only when many items wait: two half as large cost the database about half as much again
 * (docs/performance.md).
 *
 * @param <I> an item of work
 * @param <O> its result
 */
public final class Batcher<I, O> {
  private record Waiting<I, O>(I item, UniEmitter<? super O> emitter) {}

  /** How one item of a group ended: with a result, or with a failure. */
  private record Result<O>(@Nullable O value, @Nullable Throwable failure) {
    private void tell(UniEmitter<? super O> emitter) {
      if (failure == null) {
        emitter.complete(value);
      } else {
        emitter.fail(failure);
      }
    }
  }

  private record Group<I, O>(Context lane, List<Waiting<I, O>> waiting) {}

  private final Vertx vertx;
  private final LongSupplier nanos;
  private final Function<List<I>, Uni<List<O>>> work;
  private final Function<I, @Nullable Object> exclusive;
  private final int lanes;
  private final int maxBatch;

  /** While a transaction is under way, so many items are worth another beside it. */
  private final int worthAnother;

  private final Deque<Waiting<I, O>> queue = new ArrayDeque<>();

  private final Linger linger = new Linger();
  private boolean holding;

  /**
   * Contexts of their own, spread over the event loops, and not that of the request which happens
   * to be first: what follows on a group's result belongs to no request any more.
   */
  private final Deque<Context> freeLanes = new ArrayDeque<>();

  /**
   * @param nanos {@link System#nanoTime()}
   * @param lanes transactions at once
   * @param maxBatch items in one transaction
   * @param exclusive items with equal keys never share a transaction; null for none
   * @param work writes a group; its results are in the order of the items
   */
  public Batcher(
      Vertx vertx,
      LongSupplier nanos,
      int lanes,
      int maxBatch,
      Function<I, @Nullable Object> exclusive,
      Function<List<I>, Uni<List<O>>> work) {
    this.vertx = vertx;
    this.nanos = nanos;
    this.lanes = lanes;
    this.maxBatch = maxBatch;
    this.worthAnother = maxBatch / 2;
    this.exclusive = exclusive;
    this.work = work;
    for (int lane = 0; lane < lanes; lane++) {
      freeLanes.add(((VertxInternal) vertx).createEventLoopContext());
    }
  }

  /**
   * Queues an item; the result arrives when its group is written, or its failure when the group
   * fails.
   */
  public Uni<O> submit(I item) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              synchronized (this) {
                queue.add(new Waiting<>(item, emitter));
              }
              drain();
            });
  }

  /** Items that wait for a transaction. */
  public synchronized int waiting() {
    return queue.size();
  }

  private void drain() {
    for (Group<I, O> group = take(); group != null; group = take()) {
      Group<I, O> next = group;
      next.lane().runOnContext(there -> write(next));
    }
  }

  private synchronized @Nullable Group<I, O> take() {
    boolean busy = freeLanes.size() < lanes;
    boolean few = queue.size() < worthAnother;
    if (queue.isEmpty() || freeLanes.isEmpty() || (few && (busy || holdBack()))) {
      return null;
    }
    List<Waiting<I, O>> group = new ArrayList<>();
    Set<Object> keys = new HashSet<>();
    List<Waiting<I, O>> deferred = new ArrayList<>();
    while (group.size() < maxBatch && !queue.isEmpty()) {
      Waiting<I, O> next = queue.poll();
      Object key = exclusive.apply(next.item());
      (key == null || keys.add(key) ? group : deferred).add(next);
    }
    for (int i = deferred.size() - 1; i >= 0; i--) {
      queue.addFirst(deferred.get(i));
    }
    linger.begin(group.size(), nanos.getAsLong());
    return new Group<>(freeLanes.remove(), group);
  }

  /** Whether the few there are wait a moment for more. */
  private boolean holdBack() {
    long hold = linger.hold(nanos.getAsLong());
    if (hold > 0 && !holding) {
      holding = true;
      vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(hold)), timer -> lingered());
    }
    return hold > 0;
  }

  private void lingered() {
    synchronized (this) {
      holding = false;
      linger.held();
    }
    drain();
  }

  private void write(Group<I, O> group) {
    List<I> items = group.waiting().stream().map(Waiting::item).toList();
    Uni.createFrom()
        .deferred(() -> work.apply(items))
        .map(results -> results.stream().map(value -> new Result<>(value, null)).toList())
        .onFailure(failure -> items.size() > 1 && isOfOneItem(failure))
        .recoverWithUni(() -> oneByOne(items))
        .onTermination()
        .invoke(() -> release(group.lane()))
        .subscribe()
        .with(
            results -> complete(group.waiting(), results),
            failure -> fail(group.waiting(), failure));
  }

  private void release(Context lane) {
    synchronized (this) {
      freeLanes.add(lane);
    }
    drain();
  }

  /** A conflict is with another transaction: no item of the group is to blame. */
  private static boolean isOfOneItem(Throwable failure) {
    return failure instanceof PgException && !DatabaseFailure.isConflict(failure);
  }

  /** PostgreSQL refused the group: what is wrong with one item must not fail the others. */
  private Uni<List<Result<O>>> oneByOne(List<I> items) {
    return Multi.createFrom()
        .iterable(items)
        .onItem()
        .transformToUniAndConcatenate(this::alone)
        .collect()
        .asList();
  }

  private Uni<Result<O>> alone(I item) {
    return Uni.createFrom()
        .deferred(() -> work.apply(List.of(item)))
        .map(results -> new Result<>(results.get(0), null))
        .onFailure()
        .recoverWithItem(failure -> new Result<>(null, failure));
  }

  private static <I, O> void complete(List<Waiting<I, O>> group, List<Result<O>> results) {
    for (int i = 0; i < group.size(); i++) {
      results.get(i).tell(group.get(i).emitter());
    }
  }

  private static <I, O> void fail(List<Waiting<I, O>> group, Throwable failure) {
    group.forEach(waiting -> waiting.emitter().fail(failure));
  }
}
