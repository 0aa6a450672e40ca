/** `createdAt` → `created_at`: the model keeps REST's names. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** GraphQL's enumeration values are REST's in upper case. */
export function enumName(value: string | null | undefined): string | null {
  return value ? value.replaceAll(" ", "_").replaceAll("-", "_").toUpperCase() : null;
}

const LONGEST_HEADLINE = 72;
const KEPT_OF_LONG = 69;

/** A commit message's first line; GitHub breaks long ones off and lets the body go on (cli/cli#11438). */
export function headline(message: string): string {
  const line = firstLine(message);
  return line.length > LONGEST_HEADLINE ? `${line.slice(0, KEPT_OF_LONG)}…` : line;
}

export function messageBody(message: string): string {
  const line = firstLine(message);
  const lineBreak = message.indexOf("\n");
  const rest =
    lineBreak < 0
      ? ""
      : message
          .slice(lineBreak + 1)
          .replace(/^\n+/, "")
          .trimEnd();
  if (line.length <= LONGEST_HEADLINE) return rest;
  return [`…${line.slice(KEPT_OF_LONG)}`, rest].filter(Boolean).join("\n\n");
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.trimEnd() ?? "";
}
