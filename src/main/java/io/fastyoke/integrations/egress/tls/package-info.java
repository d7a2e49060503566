/** TLS with a connection's own client certificate and own authorities. */
@NullMarked
package io.fastyoke.integrations.egress.tls;

import org.jspecify.annotations.NullMarked;
