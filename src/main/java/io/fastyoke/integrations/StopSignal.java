package io.fastyoke.integrations;

import java.lang.reflect.Proxy;

/**
 * What happens on SIGTERM. The Java language has no signals, and the JVM ends with 143 after one;
 * to stop when asked to is no failure, so it has to be caught. Reached by reflection because the
 * compiler warns of {@code sun.misc.Signal} whatever one tells it (JEP 260 keeps that class open
 * for want of a replacement); the native executable is told of it in {@code META-INF/native-image}.
 */
final class StopSignal {
  private StopSignal() {}

  /** Runs the action instead of ending the JVM; on a JVM without signals, nothing changes. */
  static void on(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), handling);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Then the exit code is the JVM's; the shutdown is as orderly.
    }
  }
}
