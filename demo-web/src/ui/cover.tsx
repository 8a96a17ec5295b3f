/** A drawn cover: an album keeps its picture for life, so albums are told apart at a glance. */
export function Cover({ seed: key, size = 'm' }: { readonly seed: number; readonly size?: 's' | 'm' | 'l' }) {
  const seed = mix(key);
  const hue = seed % 360;
  const second = (hue + 40 + ((seed >> 9) % 120)) % 360;
  const turn = (seed >> 5) % 360;
  const Shapes = SHAPES[(seed >> 12) % SHAPES.length] ?? Rings;
  return (
    <svg class={`cover cover-${size}`} viewBox="0 0 100 100" aria-hidden="true" focusable="false">
      <rect width="100" height="100" fill={`oklch(0.38 0.085 ${hue})`} />
      <g transform={`rotate(${turn} 50 50)`} fill={`oklch(0.76 0.14 ${second})`} stroke={`oklch(0.76 0.14 ${second})`}>
        <Shapes />
      </g>
    </svg>
  );
}

function Rings() {
  return (
    <g fill="none" stroke-width="5">
      <circle cx="34" cy="50" r="12" />
      <circle cx="34" cy="50" r="25" opacity="0.7" />
      <circle cx="34" cy="50" r="38" opacity="0.4" />
    </g>
  );
}

function Bars() {
  return (
    <g stroke="none">
      <rect x="14" y="20" width="10" height="60" />
      <rect x="32" y="34" width="10" height="46" opacity="0.8" />
      <rect x="50" y="10" width="10" height="70" opacity="0.6" />
      <rect x="68" y="44" width="10" height="36" opacity="0.45" />
    </g>
  );
}

function Sun() {
  return (
    <g stroke="none">
      <circle cx="50" cy="44" r="26" />
      <rect x="-20" y="62" width="140" height="6" opacity="0.75" />
      <rect x="-20" y="74" width="140" height="6" opacity="0.5" />
      <rect x="-20" y="86" width="140" height="6" opacity="0.3" />
    </g>
  );
}

function Wedge() {
  return (
    <g stroke="none">
      <path d="M-30 -30 L70 20 L20 130 Z" opacity="0.85" />
      <circle cx="70" cy="64" r="15" opacity="0.5" />
    </g>
  );
}

const SHAPES = [Rings, Bars, Sun, Wedge];

// The finishing steps of MurmurHash3: neighbouring keys get pictures that have nothing in common.
function mix(key: number): number {
  let value = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
