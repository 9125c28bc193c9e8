/**
 * How often pure chance gives a chi-square of at least this value: the upper tail of the chi-square distribution, which
 * is the regularized incomplete gamma function Q(k/2, x/2) (Abramowitz and Stegun 26.4.19).
 */
export function chiSquareTail(chiSquare: number, degreesOfFreedom: number): number {
  if (!(chiSquare >= 0)) throw new RangeError(`A chi-square is 0 or more, not ${chiSquare}.`);
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`Degrees of freedom are a whole number from 1 on, not ${degreesOfFreedom}.`);
  }
  const shape = degreesOfFreedom / 2;
  const x = chiSquare / 2;
  if (x === 0) return 1;
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  // Each of the two expansions converges fast only on its own side of the mean.
  return x < shape + 1 ? 1 - scale * lowerSeries(shape, x) : scale * upperFraction(shape, x);
}

const MAX_TERMS = 10_000;
const PRECISION = 1e-15;

/** A. & S. 6.5.29. */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < MAX_TERMS && term > sum * PRECISION; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** A. & S. 6.5.31 as a continued fraction, evaluated forwards (Lentz). */
function upperFraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let result = d;
  for (let n = 1; n < MAX_TERMS; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b || tiny);
    c = b + a / c || tiny;
    result *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return result;
}

/** ln Γ of a half-integer from 1/2 on, by Γ(x + 1) = x Γ(x) up to where Stirling's series is exact to the last digits. */
function logGamma(value: number): number {
  let shift = 0;
  let x = value;
  for (; x < 20; x++) shift += Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
}
