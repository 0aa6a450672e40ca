/** Links to the documentation, where an operator has said where its site is. */

interface Props {
  /** Address of the site, without a trailing slash; empty without one. */
  readonly site: string;
  /** Pages by their names in docs/, with the text of their links. */
  readonly pages: readonly (readonly [page: string, text: string])[];
}

export function Guides({ site, pages }: Props) {
  if (site === "") return null;
  return (
    <nav class="guides" aria-label="Documentation">
      <span class="quiet">Documentation:</span>
      {pages.map(([page, text]) => (
        <a href={`${site}/${page}.html`}>{text}</a>
      ))}
    </nav>
  );
}
