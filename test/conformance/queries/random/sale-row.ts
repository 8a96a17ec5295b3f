import { type Decimal, unitsOf } from './exact-number.ts';

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
  const cents = (spread * 37) % 4001;
  return {
    id: index + 1,
    amount: (spread % 11) - 5,
    price: `${cents < 2000 ? '-' : ''}${(Math.abs(cents - 2000) / 100) | 0}.${String(Math.abs(cents - 2000) % 100).padStart(2, '0')}`,
    discount: spread % 3 === 0 ? null : `${spread % 5}.${String((spread * 7) % 1000).padStart(3, '0')}`,
    paid: spread % 2 === 0,
    city: CITIES[spread % 4] as string,
    seller: SELLERS[(spread >> 2) % 4] as string | null,
  };
}).map((row) => ({ ...row, price: row.price === '-0.00' ? '0.00' : row.price }));

/** A decimal of a row, exactly. */
export const exactly = (text: string | null, scale: number): Decimal | null =>
  text === null ? null : { units: unitsOf(text), scale };
