import { type Decimal, textOf, unitsOf } from './exact-number.ts';

/** A sale as the reference sees it. Texts sort alike on all engines: capital letters of ASCII begin them. */
export interface SaleRow {
  readonly id: number;
  readonly amount: number;
  readonly price: string;
  readonly discount: string | null;
  readonly paid: boolean;
  readonly city: string;
  readonly seller: string | null;
}

const CITIES = ['Aachen', 'Bonn', 'Rome', 'York'];
const SELLERS = ['Ann', 'Eve', 'Max', null];

/** Thirty sales, always the same; some of each value, NULLs among them. */
export const ROWS: readonly SaleRow[] = Array.from({ length: 30 }, (_, index) => {
  const spread = (index * 7919 + 13) % 1009;
  return {
    id: index + 1,
    amount: (spread % 11) - 5,
    price: textOf({ units: BigInt(((spread * 37) % 4001) - 2000), scale: 2 }),
    discount:
      spread % 3 === 0 ? null : textOf({ units: BigInt((spread % 5) * 1000 + ((spread * 7) % 1000)), scale: 3 }),
    paid: spread % 2 === 0,
    city: CITIES[spread % 4] as string,
    seller: SELLERS[(spread >> 2) % 4] as string | null,
  };
});

/** A decimal of a row, exactly. */
export const exactly = (text: string | null, scale: number): Decimal | null =>
  text === null ? null : { units: unitsOf(text), scale };
