/** What a line is about: whole minor units, and decimal text where a part of one may be meant. */
export type Line = {
  /** At most three places. */
  quantity: string;
  /** Before tax and discount, in minor units. */
  unitAmount: number;
  /** In percent, at most two places. */
  discountPercent: string;
  /** In percent, at most four places. */
  taxRate: string;
};

/** Decimal text as a whole number of its smallest places: `scaled('2.5', 3)` is 2500. */
function scaled(text: string, places: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
}

/** Halves away from zero; neither is negative here. */
const divided = (amount: bigint, by: bigint): bigint => (amount * 2n + by) / (by * 2n);

/**
 * Net: quantity × unit less the discount, rounded once. Tax: its rate on the rounded net. Both in minor units; halves are
 * rounded away from zero. No binary fraction is anywhere on the way.
 */
export function totalsOf({ quantity, unitAmount, discountPercent, taxRate }: Line): { net: number; tax: number } {
  const kept = 10_000n - scaled(discountPercent, 2);
  const net = divided(scaled(quantity, 3) * BigInt(unitAmount) * kept, 1_000n * 10_000n);
  const tax = divided(net * scaled(taxRate, 4), 1_000_000n);
  return { net: Number(net), tax: Number(tax) };
}
