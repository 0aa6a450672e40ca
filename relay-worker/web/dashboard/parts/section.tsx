/** The pieces that every part of the dashboard is made of. */
import type { Child } from "hono/jsx";

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** Shown beside the title. */
  readonly note?: Child;
  readonly class?: string;
  /** Forms and the like, which the live script leaves alone. */
  readonly still?: Child;
  /** Can be folded away; the script folds it at first where the window is narrow. */
  readonly fold?: boolean;
  readonly children?: Child;
}

/** A part of the page; the live script renews all of it but the `still` part. */
export function Section({ id, title, note, children, still, fold, class: name }: SectionProps) {
  const head = (
    <header>
      <h2 id={`${id}-title`}>{title}</h2>
      {note ? <p class="quiet">{note}</p> : null}
    </header>
  );
  const rest = fold ? (
    <details id={`${id}-fold`} class="fold" open>
      <summary>{head}</summary>
      <div class="live-part">{children}</div>
    </details>
  ) : (
    <>
      {head}
      {children}
    </>
  );
  return (
    <section id={id} class={`card ${name ?? ""}`} aria-labelledby={`${id}-title`} data-live={still ? undefined : true}>
      {still ? (
        <div id={`${id}-live`} class="live-part" data-live>
          {rest}
        </div>
      ) : (
        rest
      )}
      {still}
    </section>
  );
}

interface Column {
  readonly name: string;
  readonly numeric?: boolean;
  /** For screen readers only. */
  readonly unseen?: boolean;
}

interface TableProps {
  /** The label for screen readers. */
  readonly label: string;
  /** The first one names the row. */
  readonly columns: readonly (string | Column)[];
  readonly rows: readonly (readonly Child[])[];
  /** One for each row, so that the live script knows a row that has moved. */
  readonly ids?: readonly string[];
  readonly empty: string;
  /** On a narrow window each row becomes a card, instead of scrolling sideways. */
  readonly stack?: boolean;
}

/** A table that scrolls by itself where the window is narrow, by keyboard too. */
export function Table({ label, columns, rows, ids = [], empty, stack }: TableProps) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const heads = columns.map((column): Column => (typeof column === "string" ? { name: column } : column));
  const tone = (index: number) => (heads[index]?.numeric ? "number" : undefined);
  return (
    <section class="scroll" aria-label={`${label}, table`} tabindex={0}>
      <table class={stack ? "stack" : undefined}>
        <thead>
          <tr>
            {heads.map(({ name, unseen }, index) => (
              <th scope="col" class={tone(index)}>
                {unseen ? <span class="unseen">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells], row) => (
            <tr id={ids[row]}>
              <th scope="row">{first}</th>
              {cells.map((cell, index) => (
                <td class={tone(index + 1)} data-label={heads[index + 1]?.unseen ? undefined : heads[index + 1]?.name}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export const numeric = (name: string): Column => ({ name, numeric: true });
export const unseen = (name: string): Column => ({ name, unseen: true });

/** A bar from 0 to 1: decoration beside the same figure. */
export function Bar({ share, tone }: { readonly share: number; readonly tone: string }) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rail" width="100" height="8" />
      <rect class={`fill ${tone}`} width={width.toFixed(2)} height="8" />
    </svg>
  );
}
