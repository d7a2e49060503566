package io.fastyoke.integrations.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** Goes through the page as people without a mouse do. */
final class Keyboard {
  /** Nothing on the page is further away. */
  private static final int MOST_STEPS = 40;

  private Keyboard() {}

  static void tabTo(Page page, Locator target) {
    step(page, target, "Tab");
  }

  static void tabBackTo(Page page, Locator target) {
    step(page, target, "Shift+Tab");
  }

  /** Goes there and presses it. */
  static void press(Page page, Locator target) {
    tabTo(page, target);
    page.keyboard().press("Enter");
  }

  private static void step(Page page, Locator target, String key) {
    target.waitFor();
    for (int i = 0; i < MOST_STEPS && !isFocused(target); i++) {
      page.keyboard().press(key);
    }
    assertThat(target).isFocused();
  }

  private static boolean isFocused(Locator target) {
    return (Boolean) target.evaluate("element => element.matches(':focus')");
  }
}
