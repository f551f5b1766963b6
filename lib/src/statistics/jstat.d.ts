/** What we use of jstat, which has no types. */
declare module "jstat" {
  export const jStat: {
    readonly normal: {
      cdf(x: number, mean: number, sd: number): number;
      inv(p: number, mean: number, sd: number): number;
    };
    readonly studentt: {
      cdf(t: number, df: number): number;
      inv(p: number, df: number): number;
    };
  };
}
