/** A rating to read; "not rated" is said, not drawn. */
export function Stars({ rating }: { readonly rating: number | null }) {
  if (rating === null) return <span class="visually-hidden">not rated</span>;
  return (
    <span class="stars" role="img" aria-label={`${rating} of 5 stars`}>
      {'★'.repeat(rating)}
      <span class="stars-rest">{'★'.repeat(5 - rating)}</span>
    </span>
  );
}
