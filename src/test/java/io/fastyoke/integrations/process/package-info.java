/** The packaged service as real processes, which can be killed, halted and stopped from outside. */
package io.fastyoke.integrations.process;
