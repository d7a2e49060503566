/**
 * Client certificates and own authorities in a connection's credentials: reads and judges PEM, and
 * hands what is in it to egress.
 */
@NullMarked
package io.fastyoke.integrations.certificates;

import org.jspecify.annotations.NullMarked;
