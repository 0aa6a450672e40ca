/** Go's text/template evaluator. */

import type { Operand, Pipeline, Template, TemplateCommand, TemplateNode } from "./ast.ts";
import type { TemplateBudget } from "./budget.ts";
import { printValue } from "./format.ts";
import type { TemplateFunction } from "./functions.ts";
import { native } from "./unsupported.ts";
import { field, Int, isList, isMap, isTrue, sortedKeys, type TemplateValue } from "./values.ts";

type Signal = "break" | "continue" | undefined;

/** A variable in scope; the innermost of a name counts. */
interface Variable {
  readonly name: string;
  value: TemplateValue;
}

const maxDepth = 200;

interface EvaluatorParts {
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly print: (text: string) => void;
  readonly budget: TemplateBudget;
}

export class Evaluator {
  readonly #template: Template;
  readonly #functions: ReadonlyMap<string, TemplateFunction>;
  readonly #print: (text: string) => void;
  #variables: Variable[] = [];
  readonly #budget: TemplateBudget;
  #depth = 0;

  constructor(template: Template, { functions, print, budget }: EvaluatorParts) {
    this.#template = template;
    this.#functions = functions;
    this.#print = print;
    this.#budget = budget;
  }

  run(data: TemplateValue): void {
    this.#variables = [{ name: "$", value: data }];
    this.#walk(this.#template.body, data);
  }

  #walk(nodes: readonly TemplateNode[], dot: TemplateValue): Signal {
    for (const node of nodes) {
      this.#budget.steps();
      const signal = this.#node(node, dot);
      if (signal) return signal;
    }
    return undefined;
  }

  #node(node: TemplateNode, dot: TemplateValue): Signal {
    switch (node.kind) {
      case "text":
        this.#print(node.text);
        return undefined;
      case "action": {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.#print(printValue(value));
        return undefined;
      }
      case "if":
      case "with":
        return this.#scoped(() => {
          const value = this.#pipeline(node.pipeline, dot);
          if (isTrue(value)) return this.#walk(node.body, node.kind === "with" ? value : dot);
          return this.#walk(node.otherwise, dot);
        });
      case "range":
        return this.#scoped(() => this.#range(node.pipeline, node.body, node.otherwise, dot));
      case "template":
        return this.#call(node.name, node.pipeline ? this.#pipeline(node.pipeline, dot) : undefined);
      default:
        return node.kind;
    }
  }

  #scoped(run: () => Signal): Signal {
    const outer = this.#variables.length;
    const signal = run();
    this.#variables.length = outer;
    return signal;
  }

  #range(
    pipeline: Pipeline,
    body: readonly TemplateNode[],
    otherwise: readonly TemplateNode[],
    dot: TemplateValue,
  ): Signal {
    const value = this.#commands(pipeline, dot);
    this.#budget.values([value]);
    const items = rangeItems(value);
    if (items.length === 0) return this.#walk(otherwise, dot);
    for (const [key, item] of items) {
      this.#budget.steps();
      const outer = this.#variables.length;
      const [first, second] = pipeline.variables;
      if (second !== undefined) {
        this.#set(first ?? "", key, pipeline.declares);
        this.#set(second, item, pipeline.declares);
      } else if (first !== undefined) {
        this.#set(first, item, pipeline.declares);
      }
      const signal = this.#walk(body, item);
      this.#variables.length = outer;
      if (signal === "break") break;
    }
    return undefined;
  }

  #call(name: string, data: TemplateValue): Signal {
    const body = this.#template.defined.get(name) ?? native(`the undefined template ${name}`);
    if (++this.#depth > maxDepth) native("templates nested too deeply");
    const outer = this.#variables;
    this.#variables = [{ name: "$", value: data }];
    this.#walk(body, data);
    this.#variables = outer;
    this.#depth--;
    return undefined;
  }

  #pipeline(pipeline: Pipeline, dot: TemplateValue): TemplateValue {
    const value = this.#commands(pipeline, dot);
    for (const name of pipeline.variables) this.#set(name, value, pipeline.declares);
    return value;
  }

  #set(name: string, value: TemplateValue, declare: boolean) {
    if (declare) {
      this.#variables.push({ name, value });
      return;
    }
    const variable = this.#variable(name) ?? native(`the variable ${name}`);
    variable.value = value;
  }

  #variable(name: string): Variable | undefined {
    this.#budget.steps(this.#variables.length >> 4);
    return this.#variables.findLast((known) => known.name === name);
  }

  #commands(pipeline: Pipeline, dot: TemplateValue): TemplateValue {
    let piped: readonly TemplateValue[] = [];
    for (const command of pipeline.commands) piped = [this.#command(command, dot, piped)];
    return piped[0];
  }

  #command(command: TemplateCommand, dot: TemplateValue, piped: readonly TemplateValue[]): TemplateValue {
    const [head, ...args] = command;
    if (!head) return native("an empty command");
    if (head.kind === "function") return this.#function(head.name, args, dot, piped);
    if (args.length > 0 || piped.length > 0) return native("arguments for a value that is no function");
    return this.#operand(head, dot);
  }

  #function(
    name: string,
    args: readonly Operand[],
    dot: TemplateValue,
    piped: readonly TemplateValue[],
  ): TemplateValue {
    if (name === "and" || name === "or") return this.#shortCircuit(name, args, dot, piped);
    const run = this.#functions.get(name) ?? native(`the template function ${name}`);
    const values = [...args.map((arg) => this.#operand(arg, dot)), ...piped];
    // A function of fixed parameters refuses other numbers of arguments; those of rest parameters check themselves.
    if (run.length > 0 && values.length < run.length) return native(`${name} with too few arguments`);
    if (fixedArity.has(name) && values.length !== run.length) return native(`${name} with too many arguments`);
    this.#budget.values(values);
    const result = run(...values);
    this.#budget.values([result]);
    return result;
  }

  #shortCircuit(
    name: "and" | "or",
    args: readonly Operand[],
    dot: TemplateValue,
    piped: readonly TemplateValue[],
  ): TemplateValue {
    let value: TemplateValue;
    let count = 0;
    for (const arg of args) {
      count++;
      value = this.#operand(arg, dot);
      if (isTrue(value) === (name === "or")) return value;
    }
    for (const last of piped) {
      count++;
      value = last;
    }
    return count === 0 ? native(`${name} without arguments`) : value;
  }

  #operand(operand: Operand, dot: TemplateValue): TemplateValue {
    this.#budget.steps();
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "int":
        return new Int(operand.value);
      case "bool":
      case "float":
      case "string":
        return operand.value;
      case "function":
        return this.#function(operand.name, [], dot, []);
      case "variable":
        return this.#variable(operand.name)?.value;
      case "pipeline":
        return this.#pipeline(operand.pipeline, dot);
      case "fields":
        this.#budget.steps(operand.names.length);
        return operand.names.reduce(field, this.#operand(operand.of, dot));
    }
  }
}

/** gh's and Go's functions that take a set number of arguments. */
const fixedArity = new Set("not lt le gt ge autocolor color hyperlink join pluck timeago timefmt truncate".split(" "));

function rangeItems(value: TemplateValue): readonly (readonly [TemplateValue, TemplateValue])[] {
  if (value === null || value === undefined) return [];
  if (isList(value)) return value.map((item, index) => [new Int(index), item] as const);
  if (isMap(value)) return sortedKeys(value).map((key) => [key, value[key]] as const);
  return native("a range over something else than a list or an object");
}
