/**
 * Go's sort.Slice: pattern-defeating quicksort, not stable, and deterministic. Where gh sorts with it, equal items
 * (and items its comparison does not really order) land where this algorithm puts them, so it is repeated step by
 * step (golang/go src/sort/zsortfunc.go, Go 1.19 and later).
 */

type Less<T> = (a: T, b: T) => boolean;

/** A sorted copy of `items`. */
export function goSort<T>(items: readonly T[], less: Less<T>): T[] {
  const data = new Data([...items], less);
  pdqsort(data, 0, items.length, bitLength(items.length));
  return data.items;
}

class Data<T> {
  readonly items: T[];
  readonly #less: Less<T>;

  constructor(items: T[], less: Less<T>) {
    this.items = items;
    this.#less = less;
  }

  less(i: number, j: number): boolean {
    return this.#less(this.items[i] as T, this.items[j] as T);
  }

  swap(i: number, j: number): void {
    const kept = this.items[i] as T;
    this.items[i] = this.items[j] as T;
    this.items[j] = kept;
  }
}

const maxInsertion = 12;
const shortestNinther = 50;
const maxSwaps = 12;

function bitLength(n: number): number {
  return n === 0 ? 0 : 32 - Math.clz32(n);
}

function pdqsort<T>(data: Data<T>, start: number, end: number, badChoices: number): void {
  let [a, b, limit, balanced, partitioned] = [start, end, badChoices, true, true];
  for (;;) {
    const length = b - a;
    if (length <= maxInsertion) {
      insertionSort(data, a, b);
      return;
    }
    if (limit === 0) {
      heapSort(data, a, b);
      return;
    }
    if (!balanced) {
      breakPatterns(data, a, b);
      limit--;
    }
    let { pivot, hint } = choosePivot(data, a, b);
    if (hint === "decreasing") {
      for (let [i, j] = [a, b - 1]; i < j; i++, j--) data.swap(i, j);
      pivot = b - 1 - (pivot - a);
      hint = "increasing";
    }
    if (balanced && partitioned && hint === "increasing" && partialInsertionSort(data, a, b)) return;
    if (a > 0 && !data.less(a - 1, pivot)) {
      a = partitionEqual(data, a, b, pivot);
      continue;
    }
    const { middle, already } = partition(data, a, b, pivot);
    partitioned = already;
    const [left, right] = [middle - a, b - middle];
    const threshold = Math.trunc(length / 8);
    if (left < right) {
      balanced = left >= threshold;
      pdqsort(data, a, middle, limit);
      a = middle + 1;
    } else {
      balanced = right >= threshold;
      pdqsort(data, middle + 1, b, limit);
      b = middle;
    }
  }
}

function insertionSort<T>(data: Data<T>, a: number, b: number): void {
  for (let i = a + 1; i < b; i++) {
    for (let j = i; j > a && data.less(j, j - 1); j--) data.swap(j, j - 1);
  }
}

function siftDown<T>(data: Data<T>, low: number, high: number, first: number): void {
  for (let root = low; ; ) {
    let child = 2 * root + 1;
    if (child >= high) return;
    if (child + 1 < high && data.less(first + child, first + child + 1)) child++;
    if (!data.less(first + root, first + child)) return;
    data.swap(first + root, first + child);
    root = child;
  }
}

function heapSort<T>(data: Data<T>, a: number, b: number): void {
  const high = b - a;
  for (let i = Math.trunc((high - 1) / 2); i >= 0; i--) siftDown(data, i, high, a);
  for (let i = high - 1; i >= 0; i--) {
    data.swap(a, a + i);
    siftDown(data, 0, i, a);
  }
}

function partition<T>(data: Data<T>, a: number, b: number, pivot: number) {
  data.swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  const advance = () => {
    while (i <= j && data.less(i, a)) i++;
    while (i <= j && !data.less(j, a)) j--;
  };
  advance();
  const already = i > j;
  while (i <= j) {
    data.swap(i, j);
    i++;
    j--;
    advance();
  }
  data.swap(j, a);
  return { middle: j, already };
}

function partitionEqual<T>(data: Data<T>, a: number, b: number, pivot: number): number {
  data.swap(a, pivot);
  for (let [i, j] = [a + 1, b - 1]; ; i++, j--) {
    while (i <= j && !data.less(a, i)) i++;
    while (i <= j && data.less(a, j)) j--;
    if (i > j) return i;
    data.swap(i, j);
  }
}

function partialInsertionSort<T>(data: Data<T>, a: number, b: number): boolean {
  let i = a + 1;
  for (let step = 0; step < 5; step++) {
    while (i < b && !data.less(i, i - 1)) i++;
    if (i === b) return true;
    if (b - a < shortestNinther) return false;
    data.swap(i, i - 1);
    if (i - a >= 2) {
      for (let j = i - 1; j >= 1 && data.less(j, j - 1); j--) data.swap(j, j - 1);
    }
    if (b - i >= 2) {
      for (let j = i + 1; j < b && data.less(j, j - 1); j++) data.swap(j, j - 1);
    }
  }
  return false;
}

function breakPatterns<T>(data: Data<T>, a: number, b: number): void {
  const length = b - a;
  if (length < 8) return;
  let seed = BigInt(length);
  const modulus = 1n << BigInt(bitLength(length));
  const index = a + Math.trunc(length / 4) * 2 - 1;
  for (let i = 0; i < 3; i++) {
    seed = BigInt.asUintN(64, seed ^ (seed << 13n));
    seed ^= seed >> 7n;
    seed = BigInt.asUintN(64, seed ^ (seed << 17n));
    const other = Number(seed & (modulus - 1n));
    data.swap(index + i, a + (other >= length ? other - length : other));
  }
}

type Hint = "increasing" | "decreasing" | "unknown";

function choosePivot<T>(data: Data<T>, a: number, b: number): { pivot: number; hint: Hint } {
  const length = b - a;
  const quarter = Math.trunc(length / 4);
  let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
  let swaps = 0;
  const order = (x: number, y: number): [number, number] => {
    if (!data.less(y, x)) return [x, y];
    swaps++;
    return [y, x];
  };
  const median = (x: number, y: number, z: number): number => {
    const [low, high] = order(x, y);
    const [middle] = order(high, z);
    return order(low, middle)[1];
  };
  if (length >= shortestNinther) {
    i = median(i - 1, i, i + 1);
    j = median(j - 1, j, j + 1);
    k = median(k - 1, k, k + 1);
  }
  if (length >= 8) j = median(i, j, k);
  if (swaps === 0) return { pivot: j, hint: "increasing" };
  return { pivot: j, hint: swaps === maxSwaps ? "decreasing" : "unknown" };
}
