package io.fastyoke.integrations.database;

import jakarta.inject.Singleton;

/** The connection pool for tenants' requests. */
@Singleton
class TenantPool extends CheckedPool {
  TenantPool(AccessProbe probe, OpenConnections connections) {
    super(probe, connections, "tenants", Access.Side.TENANTS);
  }
}
