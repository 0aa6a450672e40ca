interface Node<H> {
  fixed: Map<string, Node<H>>;
  param: { name: string; node: Node<H> } | null;
  /** Takes one or more segments, as few as the segments after `:name+` allow. */
  rest: { name: string; node: Node<H> } | null;
  end: { route: string; handler: H } | null;
}

interface Match<H> {
  handler: H;
  /** As it stands in the table. */
  route: string;
  params: Record<string, string>;
}

/** Finds handlers by method and path segments; fixed segments win over parameters, parameters over `:rest+`. */
export class Router<H> {
  readonly #roots = new Map<string, Node<H>>();

  constructor(routes: Record<string, H>) {
    for (const [route, handler] of Object.entries(routes)) this.add(route, handler);
  }

  add(route: string, handler: H): void {
    const [method = "", path = ""] = route.split(" ");
    let node = this.#roots.get(method) ?? empty<H>();
    this.#roots.set(method, node);
    for (const segment of path.split("/").filter(Boolean)) node = child(node, segment);
    node.end = { route, handler };
  }

  match(method: string, segments: string[]): Match<H> | null {
    const root = this.#roots.get(method);
    const params: Record<string, string> = {};
    const end = root ? find(root, segments, 0, params) : null;
    return end === null ? null : { ...end, params };
  }
}

function empty<H>(): Node<H> {
  return { fixed: new Map(), param: null, rest: null, end: null };
}

function child<H>(node: Node<H>, segment: string): Node<H> {
  if (segment.startsWith(":")) {
    const wide = segment.endsWith("+");
    const name = segment.slice(1, wide ? -1 : undefined);
    const slot = wide ? "rest" : "param";
    node[slot] ??= { name, node: empty() };
    if (node[slot].name !== name) throw new Error(`two names for one segment: ${node[slot].name} and ${name}`);
    return node[slot].node;
  }
  const next = node.fixed.get(segment) ?? empty<H>();
  node.fixed.set(segment, next);
  return next;
}

function find<H>(node: Node<H>, segments: string[], at: number, params: Record<string, string>): Node<H>["end"] {
  const segment = segments[at];
  if (segment === undefined) return node.end;
  const fixed = node.fixed.get(segment);
  const exact = fixed ? find(fixed, segments, at + 1, params) : null;
  if (exact !== null) return exact;
  if (node.param) {
    const inner = find(node.param.node, segments, at + 1, params);
    if (inner !== null) {
      params[node.param.name] = segment;
      return inner;
    }
  }
  if (!node.rest) return null;
  for (let end = at + 1; end <= segments.length; end += 1) {
    const inner = find(node.rest.node, segments, end, params);
    if (inner === null) continue;
    params[node.rest.name] = segments.slice(at, end).join("/");
    return inner;
  }
  return null;
}
