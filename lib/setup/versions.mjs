/** Whether version `have`, such as "v20.9.0" or "3.11", is at least `need`. */
export function atLeast(have, need) {
  const [a, b] = [have, need].map((version) => version.replace(/^v/, "").split(".").map(Number));
  for (let i = 0; i < b.length; i++) {
    const difference = (a[i] ?? 0) - b[i];
    if (difference !== 0) return difference > 0;
  }
  return true;
}
