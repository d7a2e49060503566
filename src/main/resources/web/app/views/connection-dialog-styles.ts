import { css } from 'lit';

export const dialogStyles = css`
  .choices {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
    gap: var(--gap-2);
    margin-top: var(--gap-1);
  }
  .choices label {
    display: flex;
    align-items: center;
    gap: var(--gap-2);
    padding: var(--gap-3);
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    font-weight: 550;
    cursor: pointer;
  }
  .choices label:has(:checked) {
    border-color: var(--accent);
    background: var(--accent-soft);
    box-shadow: 0 0 0 1px var(--accent);
  }
  .choices + .help {
    margin-top: var(--gap-2);
  }
  input[type='radio'] {
    accent-color: var(--accent);
    margin: 0;
  }
  .kept {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--gap-3);
    padding: var(--gap-3);
    border-radius: var(--radius-s);
    background: var(--surface-2);
  }
  .kept p {
    display: flex;
    gap: var(--gap-2);
    align-items: center;
  }
  .kept svg {
    flex: none;
  }
  summary {
    cursor: pointer;
    font-weight: 600;
    font-size: var(--text-s);
  }
  .settings {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
    gap: var(--gap-4);
    margin-top: var(--gap-3);
  }
  .actions {
    position: sticky;
    bottom: calc(-1 * var(--gap-4));
    margin: 0 calc(-1 * var(--gap-4)) calc(-1 * var(--gap-4));
    padding: var(--gap-3) var(--gap-4);
    background: var(--surface);
    border-top: 1px solid var(--border);
  }
  /* Magnified, or on a telephone on its side: nothing may cover the field one is in. */
  @media (max-height: 30rem) {
    .actions {
      position: static;
    }
  }
  .parts {
    display: grid;
    gap: var(--gap-4);
    padding: var(--gap-3);
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
  }
  .parts > legend {
    padding: 0 var(--gap-1);
  }
  .either {
    font-weight: 600;
    font-size: var(--text-s);
    color: var(--muted);
  }
`;
