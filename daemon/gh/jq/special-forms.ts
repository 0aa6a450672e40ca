/** Functions that take expressions and decide themselves when, and how often, they run. */
import type { JqMachine, Path, SpecialForm } from "./evaluation.ts";
import { matchesIn } from "./regex.ts";
import type { Closure } from "./scopes.ts";
import { exact, fail, inexact, isTrue, JqError, type Value } from "./values.ts";

const computed = (path: Path): Path => (path === undefined ? undefined : null);

const only = (machine: JqMachine, closure: Closure | undefined, value: Value): Value => {
  const [first, ...more] = closure ? machine.all(closure, value) : [];
  return first === undefined || more.length > 0 ? inexact("the order of several arguments") : first;
};

const first: SpecialForm = (machine, [body], value, path, emit) => {
  let found: { readonly value: Value; readonly path: Path } | undefined;
  machine.untilBroken((leave) => {
    if (body) {
      machine.run(body, value, path, (result, at) => {
        found = { value: result, path: at };
        leave();
      });
    }
  });
  if (found) emit(found.value, found.path);
};

const isEmpty = (machine: JqMachine, body: Closure | undefined, value: Value): boolean => {
  let empty = true;
  first(machine, body ? [body] : [], value, undefined, () => {
    empty = false;
  });
  return empty;
};

/** Whether `condition` holds for any result of the source; `wanted` false: whether it fails for any. */
const finds = (machine: JqMachine, source: Closure, condition: Closure, value: Value, wanted: boolean): boolean => {
  let found = false;
  machine.untilBroken((leave) =>
    machine.run(source, value, undefined, (item) =>
      machine.run(condition, item, undefined, (result) => {
        if (isTrue(result) !== wanted) return;
        found = true;
        leave();
      }),
    ),
  );
  return found;
};

const range = (machine: JqMachine, bounds: readonly [Value, Value, Value], emit: (value: Value) => void) => {
  const [start, end, step] = bounds;
  if (typeof start !== "number" || typeof end !== "number" || typeof step !== "number") return fail();
  if (step === 0) return inexact("a range without a step");
  for (let at = start; step > 0 ? at < end : at > end; at = exact(at + step)) {
    machine.work(1);
    emit(at);
  }
};

/** Each argument's results, the first outermost. */
const product = (
  machine: JqMachine,
  args: readonly Closure[],
  value: Value,
  use: (values: readonly Value[]) => void,
) => {
  const from = (at: number, values: readonly Value[]): void => {
    const closure = args[at];
    if (!closure) {
      use(values);
      return;
    }
    machine.run(closure, value, undefined, (each) => from(at + 1, [...values, each]));
  };
  from(0, []);
};

const ranges: SpecialForm = (machine, args, value, path, emit) =>
  product(machine, args, value, (values) => {
    const [a = null, b = null, c = 1] = values;
    range(machine, values.length === 1 ? [0, a, 1] : [a, b, c], (each) => emit(each, computed(path)));
  });

/** `sub`, and with `g` among the flags `gsub`. */
const substitute =
  (extra: string): SpecialForm =>
  (machine, [pattern, replacement, flags], value, path, emit) => {
    const given = flags ? only(machine, flags, value) : null;
    if (given !== null && typeof given !== "string") return fail();
    if (typeof value !== "string") return fail();
    const characters = [...value];
    let text = "";
    let from = 0;
    for (const match of matchesIn(value, only(machine, pattern, value), (given ?? "") + extra)) {
      const named = match.captures.flatMap(({ name, string }) => (name === null ? [] : [[name, string] as const]));
      const put = only(machine, replacement, new Map<string, Value>(named));
      if (typeof put !== "string") return fail();
      text += characters.slice(from, match.offset).join("") + put;
      from = match.offset + match.length;
    }
    emit(text + characters.slice(from).join(""), computed(path));
  };

const limit: SpecialForm = (machine, [count, body], value, path, emit) => {
  if (!count || !body) return;
  for (const wanted of machine.all(count, value)) {
    if (typeof wanted !== "number" || wanted < 0) return inexact("a limit of something else than a count");
    let left = wanted;
    if (left <= 0) continue;
    machine.untilBroken((leave) =>
      machine.run(body, value, undefined, (result) => {
        left--;
        emit(result, computed(path));
        if (left <= 0) leave();
      }),
    );
  }
};

const nth: SpecialForm = (machine, [position, body], value, path, emit) => {
  if (!position || !body) return;
  for (const wanted of machine.all(position, value)) {
    if (typeof wanted !== "number" || !Number.isInteger(wanted)) return inexact("nth of something else than a count");
    if (wanted < 0) return fail();
    let left = wanted;
    let found: { readonly value: Value } | undefined;
    machine.untilBroken((leave) =>
      machine.run(body, value, undefined, (result) => {
        if (left-- > 0) return;
        found = { value: result };
        leave();
      }),
    );
    if (found) emit(found.value, computed(path));
  }
};

const last: SpecialForm = (machine, [body], value, path, emit) => {
  let found: { readonly value: Value; readonly path: Path } | undefined;
  if (body) {
    machine.run(body, value, path, (result, at) => {
      found = { value: result, path: at };
    });
  }
  // gojq's versions give null or nothing.
  if (!found) return inexact("the last of nothing");
  emit(found.value, found.path);
};

const until: SpecialForm = (machine, [condition, next], value, path, emit) => {
  if (!condition || !next) return;
  if (path !== undefined) return inexact("a path through until");
  let state = value;
  while (!isTrue(only(machine, condition, state))) state = only(machine, next, state);
  emit(state, undefined);
};

const recurse: SpecialForm = (machine, [body], value, path, emit) => {
  const visit = (item: Value, at: Path): void => {
    emit(item, at);
    if (body) machine.run(body, item, at, visit);
  };
  visit(value, path);
};

const raise = (value: Value): never => {
  if (value === null) return inexact("an error of null");
  throw new JqError(value);
};

export const specialForms: ReadonlyMap<string, SpecialForm> = new Map<string, SpecialForm>([
  ["empty/0", () => {}],
  ["error/0", (_machine, _args, value) => raise(value)],
  ["error/1", (machine, [message], value) => message && machine.run(message, value, undefined, raise)],
  ["now/0", (machine, _args, _value, path, emit) => emit(machine.now, computed(path))],
  ["first/1", first],
  ["last/1", last],
  ["limit/2", limit],
  ["nth/2", nth],
  ["until/2", until],
  ["recurse/1", recurse],
  ["range/1", ranges],
  ["range/2", ranges],
  ["range/3", ranges],
  ["sub/2", substitute("")],
  ["sub/3", substitute("")],
  ["gsub/2", substitute("g")],
  ["gsub/3", substitute("g")],
  ["isempty/1", (machine, [body], value, path, emit) => emit(isEmpty(machine, body, value), computed(path))],
  [
    "any/2",
    (machine, [source, condition], value, path, emit) =>
      source && condition && emit(finds(machine, source, condition, value, true), computed(path)),
  ],
  [
    "all/2",
    (machine, [source, condition], value, path, emit) =>
      source && condition && emit(!finds(machine, source, condition, value, false), computed(path)),
  ],
  [
    "path/1",
    (machine, [body], value, path, emit) => {
      if (!body) return;
      machine.run(body, value, [], (_result, at) => emit(at ?? inexact("a path of a computed value"), computed(path)));
    },
  ],
  [
    "getpath/1",
    (machine, [wanted], value, path, emit) => {
      for (const keys of wanted ? machine.all(wanted, value) : []) machine.at(value, path, keys, emit);
    },
  ],
]);
