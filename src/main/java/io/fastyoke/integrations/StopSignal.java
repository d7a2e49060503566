package io.fastyoke.integrations;

import java.lang.reflect.Proxy;

/**
 * Handles SIGTERM, after which the JVM would exit with 143; a requested stop must exit with 0.
 * {@code sun.misc.Signal} is called by reflection, because javac's warning about it cannot be
 * suppressed (JEP 260 keeps that class accessible, since there is no replacement). It is registered
 * for the native executable in {@code META-INF/native-image}.
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
      // Only the exit code differs then; the shutdown is still orderly.
    }
  }
}
