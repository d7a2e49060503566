package io.fastyoke.integrations.egress;

import java.util.Optional;
import java.util.function.Function;

/** Egress settings straight from the environment, to validate them before the start. */
record EnvironmentSettings(Function<String, Optional<String>> environment)
    implements EgressSettings {
  @Override
  public Optional<String> allowCidrs() {
    return environment.apply("EGRESS_ALLOW_CIDRS");
  }

  @Override
  public Optional<String> denyCidrs() {
    return environment.apply("EGRESS_DENY_CIDRS");
  }

  @Override
  public Optional<String> allowHttp() {
    return environment.apply("EGRESS_ALLOW_HTTP");
  }

  @Override
  public Optional<String> proxy() {
    return environment.apply("EGRESS_PROXY");
  }

  @Override
  public Optional<String> proxyResolves() {
    return environment.apply("EGRESS_PROXY_RESOLVES");
  }

  @Override
  public Optional<String> allowPorts() {
    return environment.apply("EGRESS_ALLOW_PORTS");
  }

  @Override
  public Optional<String> dnsServers() {
    return environment.apply("EGRESS_DNS_SERVERS");
  }
}
