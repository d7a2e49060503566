/**
 * Access tokens of OAuth 2 (client credentials grant): asks for them, keeps them in memory, renews
 * them before they end, and drops them.
 */
@NullMarked
package io.fastyoke.integrations.oauth;

import org.jspecify.annotations.NullMarked;
