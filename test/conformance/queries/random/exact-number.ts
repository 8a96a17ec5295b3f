/** An exact number: `units / 10 ** scale`. Whole numbers have the scale 0. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** The units of a decimal as it is written, with all digits of its scale. */
export function unitsOf(text: string): bigint {
  return BigInt(text.replace('.', ''));
}

/** As a database gives it. */
export function textOf({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${whole}` : whole;
}

export function compare(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const [a, b] = [rescaled(left, scale), rescaled(right, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: rescaled(left, scale) + rescaled(right, scale), scale };
}

export function negated({ units, scale }: Decimal): Decimal {
  return { units: -units, scale };
}

export function multiplied(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

function rescaled({ units, scale }: Decimal, to: number): bigint {
  return units * 10n ** BigInt(to - scale);
}

/** The same number with more digits behind the point. */
export function withScale(number: Decimal, scale: number): Decimal {
  return { units: rescaled(number, scale), scale };
}
