/**
 * Registers the Web Awesome elements the app uses, draws their icons from the app's own sprite, and types them for JSX.
 *
 * @module
 */
import '@awesome.me/webawesome/dist/components/badge/badge.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/details/details.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/drawer/drawer.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/pagination/pagination.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/rating/rating.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/skeleton/skeleton.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import '@awesome.me/webawesome/dist/components/tag/tag.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import '@awesome.me/webawesome/dist/components/toast/toast.js';
import '@awesome.me/webawesome/dist/components/toast-item/toast-item.js';
import type WaBadge from '@awesome.me/webawesome/dist/components/badge/badge.js';
import type WaButton from '@awesome.me/webawesome/dist/components/button/button.js';
import type WaCallout from '@awesome.me/webawesome/dist/components/callout/callout.js';
import type WaDetails from '@awesome.me/webawesome/dist/components/details/details.js';
import type WaDialog from '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import type WaDrawer from '@awesome.me/webawesome/dist/components/drawer/drawer.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import type WaOption from '@awesome.me/webawesome/dist/components/option/option.js';
import type WaPagination from '@awesome.me/webawesome/dist/components/pagination/pagination.js';
import type WaProgressBar from '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import type WaRadio from '@awesome.me/webawesome/dist/components/radio/radio.js';
import type WaRadioGroup from '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import type WaRating from '@awesome.me/webawesome/dist/components/rating/rating.js';
import type WaSelect from '@awesome.me/webawesome/dist/components/select/select.js';
import type WaSkeleton from '@awesome.me/webawesome/dist/components/skeleton/skeleton.js';
import type WaSpinner from '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import type WaTag from '@awesome.me/webawesome/dist/components/tag/tag.js';
import type WaTextarea from '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import type WaToast from '@awesome.me/webawesome/dist/components/toast/toast.js';
import type { WaHideEvent } from '@awesome.me/webawesome/dist/events/hide.js';
import type { WaPageChangeEvent } from '@awesome.me/webawesome/dist/events/page-change.js';
import type { HTMLAttributes } from 'preact';

/** Makes the elements usable. Importing this module registers them; calling this gives them the app's icons. */
export function setUpElements(): void {
  // The library's own icons are data: addresses or come from a CDN; the page's policy allows neither.
  for (const name of ['default', 'system']) {
    registerIconLibrary(name, {
      resolver: (icon) => `icons.svg#${icon}`,
      spriteSheet: true,
      // Without it a drawing is 300 pixels wide, unseen, and takes the clicks of its neighbours.
      mutator: (svg) => svg.setAttribute('viewBox', '0 0 24 24'),
    });
  }
}

type OwnProperties<E extends HTMLElement> = { [K in Exclude<keyof E, keyof HTMLElement>]?: E[K] };

/** An element's own properties, everything of an HTML element, and the library's events. */
type WaAttributes<E extends HTMLElement> = Omit<HTMLAttributes<E>, keyof OwnProperties<E>> &
  OwnProperties<E> & {
    readonly 'onwa-hide'?: (event: WaHideEvent) => void;
    readonly 'onwa-after-hide'?: (event: Event) => void;
    readonly 'onwa-page-change'?: (event: WaPageChangeEvent) => void;
    readonly 'onwa-show'?: (event: Event) => void;
    readonly 'onwa-remove'?: (event: Event) => void;
  };

declare module 'preact' {
  // biome-ignore lint/style/noNamespace: this is how Preact's JSX is told of further elements
  namespace JSX {
    interface IntrinsicElements {
      'wa-badge': WaAttributes<WaBadge>;
      'wa-button': WaAttributes<WaButton>;
      'wa-callout': WaAttributes<WaCallout>;
      'wa-details': WaAttributes<WaDetails>;
      'wa-dialog': WaAttributes<WaDialog>;
      'wa-drawer': WaAttributes<WaDrawer>;
      'wa-input': WaAttributes<WaInput>;
      'wa-option': WaAttributes<WaOption>;
      'wa-pagination': WaAttributes<WaPagination>;
      'wa-progress-bar': WaAttributes<WaProgressBar>;
      'wa-radio': WaAttributes<WaRadio>;
      'wa-radio-group': WaAttributes<WaRadioGroup>;
      'wa-rating': WaAttributes<WaRating>;
      'wa-select': WaAttributes<WaSelect>;
      'wa-skeleton': WaAttributes<WaSkeleton>;
      'wa-spinner': WaAttributes<WaSpinner>;
      'wa-tag': WaAttributes<WaTag>;
      'wa-textarea': WaAttributes<WaTextarea>;
      'wa-toast': WaAttributes<WaToast>;
    }
  }
}
