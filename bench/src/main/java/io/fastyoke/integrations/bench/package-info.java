/** Measures the service and the limits of the machine beside it; not part of the service. */
package io.fastyoke.integrations.bench;
