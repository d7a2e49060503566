package io.fastyoke.integrations.egress;

import java.util.Optional;
import java.util.function.Function;

/** The settings as the environment gives them, before the service is configured by them. */
record GivenSettings(Function<String, Optional<String>> given) implements EgressSettings {
  @Override
  public Optional<String> allowCidrs() {
    return given.apply("EGRESS_ALLOW_CIDRS");
  }

  @Override
  public Optional<String> denyCidrs() {
    return given.apply("EGRESS_DENY_CIDRS");
  }

  @Override
  public Optional<String> allowHttp() {
    return given.apply("EGRESS_ALLOW_HTTP");
  }

  @Override
  public Optional<String> proxy() {
    return given.apply("EGRESS_PROXY");
  }

  @Override
  public Optional<String> proxyResolves() {
    return given.apply("EGRESS_PROXY_RESOLVES");
  }

  @Override
  public Optional<String> allowPorts() {
    return given.apply("EGRESS_ALLOW_PORTS");
  }

  @Override
  public Optional<String> dnsServers() {
    return given.apply("EGRESS_DNS_SERVERS");
  }
}
