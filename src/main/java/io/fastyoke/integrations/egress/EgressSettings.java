package io.fastyoke.integrations.egress;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/**
 * The operator's settings for outbound calls, as plain text. {@link EgressRules} parses them, and
 * stops the start if one is malformed.
 */
@ConfigMapping(prefix = "fastyoke.egress")
public interface EgressSettings {

  /**
   * {@code EGRESS_ALLOW_CIDRS}: comma-separated ranges, IPv4 or IPv6, that tenants may reach
   * although they are not public. In these ranges, address literals, internal names and any port
   * are accepted.
   */
  Optional<String> allowCidrs();

  /**
   * {@code EGRESS_DENY_CIDRS}: comma-separated ranges that tenants never reach, even where {@code
   * EGRESS_ALLOW_CIDRS} allows them. The database's port, and this machine's own addresses except
   * loopback, are always denied.
   */
  Optional<String> denyCidrs();

  /** {@code EGRESS_ALLOW_HTTP}: {@code true} lets tenants use plain http. Default false. */
  Optional<String> allowHttp();

  /**
   * {@code EGRESS_PROXY}: {@code http://[user:password@]host:port}, a forward proxy for all calls.
   * The service asks it for a tunnel to the address that the SSRF guard has checked, so tenants'
   * hosts are https only.
   */
  Optional<String> proxy();

  /**
   * {@code EGRESS_PROXY_RESOLVES}: {@code true} lets the proxy resolve names; it then has to check
   * the addresses, too. The service still checks names, and the addresses that it can resolve. For
   * networks that cannot resolve public names. Default false.
   */
  Optional<String> proxyResolves();

  /**
   * {@code EGRESS_ALLOW_PORTS}: comma-separated ports of public hosts besides 443 (and 80 where
   * http is allowed). Default none.
   */
  Optional<String> allowPorts();

  /**
   * {@code EGRESS_DNS_SERVERS}: comma-separated {@code address[:port]} that resolve tenants' host
   * names. Default: the system's name servers.
   */
  Optional<String> dnsServers();
}
