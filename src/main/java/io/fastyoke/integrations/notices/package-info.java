/** Notices: what a tenant wants to be told, what has happened of that, and when it is sent. */
@NullMarked
package io.fastyoke.integrations.notices;

import org.jspecify.annotations.NullMarked;
