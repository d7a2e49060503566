/** What a run is to do and how far it is, and the form in which both are stored. */
@NullMarked
package io.fastyoke.integrations.plan;

import org.jspecify.annotations.NullMarked;
