package io.fastyoke.integrations.page;

import com.microsoft.playwright.options.ColorScheme;
import java.util.Locale;

/** How the page is looked at. */
record Look(int width, ColorScheme scheme) {
  static final Look USUAL = new Look(1280, ColorScheme.LIGHT);

  /** Of a window that is as wide: a telephone, a laptop or a wall. */
  int height() {
    return width > 2000 ? 2160 : 900;
  }

  @Override
  public String toString() {
    return width + "-" + scheme.name().toLowerCase(Locale.ROOT);
  }
}
