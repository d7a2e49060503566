package io.fastyoke.integrations.providers;

import io.fastyoke.integrations.egress.Exchange.Answered;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Function;

/** Clients for the tests of other packages, of which the egress is never used. */
public final class ProviderClients {
  private ProviderClients() {}

  /** One whose adapter judges answers so, and keeps these headers. */
  @SuppressWarnings("NullAway") // no request is sent
  public static ProviderClient judging(Set<String> kept, Function<Answered, AnswerVerdict> judge) {
    Object adapter =
        Proxy.newProxyInstance(
            Provider.class.getClassLoader(),
            new Class<?>[] {Provider.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "judge" -> judge.apply((Answered) arguments[0]);
                  case "keptHeaders" -> kept;
                  default -> {
                    if (method.isDefault()) {
                      yield InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    throw new UnsupportedOperationException(method.getName());
                  }
                });
    return new ProviderClient((Provider) adapter, null);
  }
}
