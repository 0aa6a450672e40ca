/** The syntax tree of a template. */

/** The parts of an expression. */
export type Operand =
  | { readonly kind: "dot" }
  | { readonly kind: "nil" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "pipeline"; readonly pipeline: Pipeline }
  | { readonly kind: "fields"; readonly of: Operand; readonly names: readonly string[] };

export type TemplateCommand = readonly Operand[];

export interface Pipeline {
  /** Variables that it sets; two only in `range`. */
  readonly variables: readonly string[];
  /** `:=` makes them, `=` changes them. */
  readonly declares: boolean;
  readonly commands: readonly TemplateCommand[];
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipeline: Pipeline }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipeline: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | { readonly kind: "template"; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly kind: "break" | "continue" };

/** A parsed template with those it defines. */
export interface Template {
  readonly body: readonly TemplateNode[];
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}
