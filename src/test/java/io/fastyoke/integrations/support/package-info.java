/** What tests of several packages need: waiting, pauses, free ports, servers on loopback. */
@NullMarked
package io.fastyoke.integrations.support;

import org.jspecify.annotations.NullMarked;
