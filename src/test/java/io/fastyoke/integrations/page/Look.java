package io.fastyoke.integrations.page;

import com.microsoft.playwright.options.ColorScheme;
import java.util.Locale;

/** How the page is looked at. */
record Look(int width, ColorScheme scheme) {
  static final Look USUAL = new Look(1280, ColorScheme.LIGHT);

  @Override
  public String toString() {
    return width + "-" + scheme.name().toLowerCase(Locale.ROOT);
  }
}
