package io.fastyoke.integrations.page;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;

/** Finds what a person looks for on the page: by what it is, and by all of its words. */
final class Find {
  private Find() {}

  static Locator button(Page page, String name) {
    return byRole(page, AriaRole.BUTTON, name);
  }

  static Locator link(Page page, String name) {
    return byRole(page, AriaRole.LINK, name);
  }

  static Locator heading(Page page, String name) {
    return byRole(page, AriaRole.HEADING, name);
  }

  static Locator byRole(Page page, AriaRole role, String name) {
    return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** By the field's label, with or without the note that it is optional. */
  static Locator field(Page page, String label) {
    return page.getByLabel(Pattern.compile("^\\s*" + label + "\\s*(\\(optional\\)\\s*)?$"));
  }

  static Locator text(Page page, String text) {
    return page.getByText(text, new Page.GetByTextOptions().setExact(true));
  }
}
