/** An icon of the app's sprite. It is decoration: what it means is said by the text or label beside it. */
export function Icon({ name, slot }: { readonly name: string; readonly slot?: string }) {
  return (
    <svg class="icon" aria-hidden="true" focusable="false" slot={slot ?? ''}>
      <use href={`icons.svg#${name}`} />
    </svg>
  );
}
