/** `createdAt` → `created_at`: the model keeps REST's names. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** GraphQL's enumeration values are REST's in upper case. */
export function enumName(value: string | null | undefined): string | null {
  return value ? value.replaceAll(" ", "_").replaceAll("-", "_").toUpperCase() : null;
}

const longestHeadline = 72;
const keptOfLong = 69;

/** A commit message's first line; GitHub breaks long ones off and lets the body go on (cli/cli#11438). */
export function headline(message: string): string {
  const line = firstLine(message);
  return line.length > longestHeadline ? `${line.slice(0, keptOfLong)}…` : line;
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
  if (line.length <= longestHeadline) return rest;
  return [`…${line.slice(keptOfLong)}`, rest].filter(Boolean).join("\n\n");
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.trimEnd() ?? "";
}
