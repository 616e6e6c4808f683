// Numbers in words.
export const minus = (x) => String(x).replaceAll("-", "−");
export const temperatureText = (T) => (T === Infinity ? "∞" : String(T));

// Small numbers are said as they are; 0 and 1 are bare only when they are exact.
export function decimals(x, digits = 3) {
  if (x === 0 || x === 1) return String(x);
  if (x < 10 ** -digits / 10) return minus(x.toExponential(1));
  return x.toFixed(x < 10 ** -digits ? digits + 1 : digits);
}

export const { format: whole } = new Intl.NumberFormat("en-GB"); // toLocaleString asks for it anew each time
