/**
 * Takes the place of Lit's `styleMap` in the interface library (see build.mjs). Lit writes the first value as a `style`
 * attribute, which a policy without `'unsafe-inline'` refuses; this one sets properties from the first render on, which
 * every policy allows.
 *
 * @module
 */
import { noChange } from 'lit';
import { type AttributePart, Directive, directive, PartType } from 'lit/directive.js';

/** Style properties by name; names with a dash are set as written. */
export type StyleInfo = Readonly<Record<string, string | number | null | undefined>>;

class StyleMapDirective extends Directive {
  #before = new Set<string>();

  override render(_styles: StyleInfo): unknown {
    return noChange;
  }

  override update(part: AttributePart, [styles]: [StyleInfo]): unknown {
    if (part.type !== PartType.ATTRIBUTE || part.name !== 'style')
      throw new Error('styleMap belongs in a style attribute');
    const { style } = part.element as HTMLElement;
    for (const name of this.#before) if (styles[name] == null) style.removeProperty(cssName(name));
    for (const [name, value] of Object.entries(styles)) {
      if (value == null) continue;
      const important = typeof value === 'string' && value.endsWith('!important');
      style.setProperty(cssName(name), important ? value.slice(0, -10) : String(value), important ? 'important' : '');
    }
    this.#before = new Set(Object.keys(styles));
    return noChange;
  }
}

function cssName(name: string): string {
  return name.includes('-') ? name : name.replace(/(?:^(webkit|moz|ms)|)(?=[A-Z])/g, '-$&').toLowerCase();
}

/** Sets the style properties of an element in a Lit template. */
export const styleMap = directive(StyleMapDirective);
