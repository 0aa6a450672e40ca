/** The pieces that every part of the dashboard is made of. */
import type { Child } from "hono/jsx";

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** Said beside the title. */
  readonly note?: Child;
  readonly class?: string;
  readonly children?: Child;
}

/** A part that the live script replaces as a whole. */
export function Section({ id, title, note, children, class: name }: SectionProps) {
  return (
    <section id={id} class={`card ${name ?? ""}`} aria-labelledby={`${id}-title`} data-live>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {note ? <p class="quiet">{note}</p> : null}
      </header>
      {children}
    </section>
  );
}

interface TableProps {
  /** What a screen reader announces. */
  readonly label: string;
  readonly columns: readonly (string | { readonly name: string; readonly numeric: true })[];
  readonly rows: readonly (readonly Child[])[];
  readonly empty: string;
}

/** A table that scrolls by itself where the window is narrow, by keyboard too. */
export function Table({ label, columns, rows, empty }: TableProps) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const numeric = columns.map((column) => typeof column !== "string");
  return (
    <section class="scroll" aria-label={label} tabindex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th scope="col" class={numeric[index] ? "number" : undefined}>
                {typeof column === "string" ? column : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, index) => (
                <td class={numeric[index] ? "number" : undefined}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export const numeric = (name: string) => ({ name, numeric: true }) as const;

/** A bar from 0 to 1: decoration beside a figure that says the same. */
export function Bar({ share, tone }: { readonly share: number; readonly tone: string }) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rail" width="100" height="8" />
      <rect class={`fill ${tone}`} width={width.toFixed(2)} height="8" />
    </svg>
  );
}
