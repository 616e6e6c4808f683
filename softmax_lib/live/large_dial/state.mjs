// Where the temperature is on its first way to cold, to hot and back: what a reader sees before touching anything.
const WAY = [
  { at: 0, T: 1 },
  { at: 1200, T: 0.3 },
  { at: 2800, T: 3 },
  { at: 3800, T: 1 },
]; // milliseconds

/** The temperature after some milliseconds, slow at each turn; undefined once the way is done. */
export function swept(elapsed) {
  const next = WAY.findIndex(({ at }) => at > elapsed);
  if (next === -1) return undefined;
  const [from, to] = [WAY[next - 1], WAY[next]];
  const share = (1 - Math.cos((Math.PI * (elapsed - from.at)) / (to.at - from.at))) / 2;
  return Number((from.T * (to.T / from.T) ** share).toPrecision(3));
}
