/** Compiles and renders placeholders inside JSON, paths and headers; pure functions without I/O. */
@NullMarked
package io.fastyoke.integrations.templating;

import org.jspecify.annotations.NullMarked;
