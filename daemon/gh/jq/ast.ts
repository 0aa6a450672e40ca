/** The syntax tree of a jq program. */

export type Node =
  | { readonly kind: "identity" }
  | { readonly kind: "recurse" }
  | { readonly kind: "constant"; readonly value: null | boolean | number | string }
  | { readonly kind: "text"; readonly format: string; readonly parts: readonly (string | Node)[] }
  | { readonly kind: "format"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "index"; readonly term: Node; readonly key: Node }
  | { readonly kind: "slice"; readonly term: Node; readonly from: Node | undefined; readonly to: Node | undefined }
  | { readonly kind: "each"; readonly term: Node }
  | { readonly kind: "array"; readonly body: Node | undefined }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "negate"; readonly body: Node }
  | { readonly kind: "pipe"; readonly left: Node; readonly right: Node }
  | { readonly kind: "comma"; readonly left: Node; readonly right: Node }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "assign"; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "if"; readonly condition: Node; readonly then: Node; readonly otherwise: Node | undefined }
  | { readonly kind: "try"; readonly body: Node; readonly handler: Node | undefined }
  | {
      readonly kind: "reduce";
      readonly source: Node;
      readonly pattern: Pattern;
      readonly start: Node;
      readonly update: Node;
    }
  | {
      readonly kind: "foreach";
      readonly source: Node;
      readonly pattern: Pattern;
      readonly start: Node;
      readonly update: Node;
      readonly extract: Node | undefined;
    }
  | { readonly kind: "bind"; readonly source: Node; readonly pattern: Pattern; readonly body: Node }
  | { readonly kind: "label"; readonly name: string; readonly body: Node }
  | { readonly kind: "break"; readonly name: string }
  | { readonly kind: "define"; readonly definition: Definition; readonly body: Node }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] };

export interface Member {
  readonly key: Node;
  readonly value: Node;
}

export type Pattern =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "array"; readonly items: readonly Pattern[] }
  | {
      readonly kind: "object";
      readonly members: readonly { readonly bind?: string; readonly key: Node; readonly value?: Pattern }[];
    };

/** `def name(a; $b): body;` */
export interface Definition {
  readonly name: string;
  /** `$b` takes a value, `a` an expression. */
  readonly parameters: readonly string[];
  readonly body: Node;
}
