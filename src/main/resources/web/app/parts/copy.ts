import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base, buttons } from '../styles';
import { icon } from './icon';
import { toast } from './toasts';

/** Copies a text; its own label says what. */
@customElement('fy-copy')
export class Copy extends LitElement {
  @property() text = '';
  @property() label = 'Copy';

  static override styles = [base, buttons];

  override render() {
    return html`<button type="button" @click=${this.copy}>${icon('copy', 16)}${this.label}</button>`;
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
      toast('Copied.');
    } catch {
      toast('The browser did not allow copying. Select the text and copy it by hand.', 'bad');
    }
  }
}
