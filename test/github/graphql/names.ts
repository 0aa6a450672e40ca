/** `createdAt` → `created_at`: the model keeps REST's names. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** GraphQL's enumeration values are REST's in upper case. */
export function enumName(value: string | null | undefined): string | null {
  return value ? value.replaceAll(" ", "_").replaceAll("-", "_").toUpperCase() : null;
}

/** A body's first line, as GitHub splits commit messages. */
export function headline(message: string): string {
  return message.split("\n", 1)[0]?.trimEnd() ?? "";
}

export function messageBody(message: string): string {
  const lineBreak = message.indexOf("\n");
  return lineBreak < 0
    ? ""
    : message
        .slice(lineBreak + 1)
        .replace(/^\n+/, "")
        .trimEnd();
}
