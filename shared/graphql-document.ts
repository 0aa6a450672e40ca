/** Whether a GraphQL document holds a mutation: only then does sending it change anything. */

const tokens = /#[^\n]*|"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n])*"|[A-Za-z_]\w*|[{}]/g;

/** Checks only the words that begin definitions; names, strings and comments do not count. */
export function holdsMutation(document: string): boolean {
  let depth = 0;
  for (const [token] of document.matchAll(tokens)) {
    if (token === "{") depth += 1;
    else if (token === "}") depth -= 1;
    else if (depth === 0 && token === "mutation") return true;
  }
  return false;
}
