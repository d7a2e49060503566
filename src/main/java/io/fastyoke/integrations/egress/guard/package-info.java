/** The SSRF guard: which hosts and addresses tenants may reach. */
@NullMarked
package io.fastyoke.integrations.egress.guard;

import org.jspecify.annotations.NullMarked;
