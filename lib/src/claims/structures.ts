import { cvLevels } from "../experiments/grids/cv";
import { parametricFamilies } from "../experiments/grids/static";

/** The profiles of the static grid whose inputs are windows, as profiles have them by default, `constant` apart. */
export const windowProfiles: readonly string[] = [
  ...parametricFamilies.map((family) => `${family} CV 0.5`),
  "lognormal CV 1",
  "power-law CV 1",
];

/** Those whose inputs are drawn uniformly, as the inputs of random masks are. */
export const scatteredProfiles: readonly string[] = ["lognormal CV 1, scattered"];

/** Every sparse structure of the static grid. Constant fan-in, its CV 0, is what profiles are held against, and none. */
export const staticStructures: readonly string[] = [
  "random",
  "ERK",
  "constant",
  ...windowProfiles,
  "constant, scattered",
  ...scatteredProfiles,
];

/** The structures of the cv grid beside `constant`: two families at rising CV, in windows. */
export const cvProfiles: readonly string[] = ["lognormal", "power-law"].flatMap((family) =>
  cvLevels.filter((cv) => cv > 0).map((cv) => `${family} CV ${cv}`),
);

/** The largest fan-in CV that some structures ask for; 0 of none. */
export function largestCv(structures: readonly string[]): number {
  return Math.max(0, ...structures.map((label) => Number(/CV ([\d.]+)/.exec(label)?.[1] ?? 0)));
}
