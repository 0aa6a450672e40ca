/** The parts that the bench uses; the package has no types of its own. */
declare module "autocannon" {
  interface Result {
    readonly requests: { readonly total: number };
    readonly duration: number;
    readonly non2xx: number;
    readonly errors: number;
  }
  interface Options {
    readonly url: string;
    readonly socketPath: string;
    readonly connections: number;
    readonly duration: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}
