/**
 * The fault suite: packaged replicas on a real database, broken from outside in every way that
 * matters, and a checker that compares what callers were promised, what receivers saw, and what the
 * database says.
 */
package io.fastyoke.integrations.faults;
