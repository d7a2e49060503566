/**
 * No test may block an event loop: what Vert.x's blocked-thread checker says makes the run fail.
 */
package io.fastyoke.integrations.eventloops;
