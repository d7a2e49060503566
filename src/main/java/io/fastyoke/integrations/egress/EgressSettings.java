package io.fastyoke.integrations.egress;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/**
 * What the operator says about calls to other hosts. Texts as given: {@link EgressRules} reads them
 * and refuses to start with what it cannot read.
 */
@ConfigMapping(prefix = "fastyoke.egress")
public interface EgressSettings {

  /**
   * {@code EGRESS_ALLOW_CIDRS}: comma-separated ranges, IPv4 or IPv6, that tenants may reach
   * although they are not public: there, address literals, internal names and any port are
   * accepted.
   */
  Optional<String> allowCidrs();

  /**
   * {@code EGRESS_DENY_CIDRS}: comma-separated ranges that tenants never reach, also where {@code
   * EGRESS_ALLOW_CIDRS} opens them. This machine's own addresses (but loopback) and the database's
   * port are always among them.
   */
  Optional<String> denyCidrs();

  /** {@code EGRESS_ALLOW_HTTP}: {@code true} lets tenants use plain http. Default false. */
  Optional<String> allowHttp();

  /**
   * {@code EGRESS_PROXY}: {@code http://[user:password@]host:port}, a forward proxy for all calls.
   * It is asked for a tunnel to the address that was judged here, so tenants' hosts are https only.
   */
  Optional<String> proxy();

  /**
   * {@code EGRESS_PROXY_RESOLVES}: {@code true} leaves names to the proxy, which then has to judge
   * addresses as well; names, and the addresses that this service can see, are still judged here.
   * For networks in which names of the outside cannot be resolved. Default false.
   */
  Optional<String> proxyResolves();

  /**
   * {@code EGRESS_ALLOW_PORTS}: comma-separated ports of public hosts besides 443 (and 80 where
   * http is allowed). Default none.
   */
  Optional<String> allowPorts();

  /**
   * {@code EGRESS_DNS_SERVERS}: comma-separated {@code address[:port]}, asked for the names that
   * tenants choose. Default: the system's.
   */
  Optional<String> dnsServers();
}
