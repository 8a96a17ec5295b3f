import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let hasNavigated = false;
addEventListener('hashchange', () => {
  hasNavigated = true;
});

/**
 * The heading of a page. It takes the focus when the page appears, so that a screen reader tells where the user is now;
 * not on the first page, where the browser's own focus is right.
 */
export function PageTitle({ children }: { readonly children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasNavigated) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 id="page-title" tabIndex={-1} ref={heading}>
      {children}
    </h1>
  );
}
