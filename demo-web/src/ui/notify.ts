import type WaToast from '@awesome.me/webawesome/dist/components/toast/toast.js';

/** How a message looks and what can be done about it. */
export interface Notice {
  readonly variant?: 'success' | 'warning' | 'danger' | 'neutral';
  readonly action?: { readonly label: string; run(): void };
}

/** Shows a message for some seconds, longer when it offers an action; it is announced to screen readers. */
export function notify(message: string, notice: Notice = {}): void {
  const item = document.createElement('wa-toast-item');
  item.variant = notice.variant ?? 'neutral';
  item.duration = notice.action ? 10_000 : 5_000;
  const text = document.createElement('span');
  text.textContent = message;
  text.className = 'toast-text';
  item.append(text);
  if (notice.action) item.append(actionButton(notice.action, () => item.hide()));
  stack().append(item);
}

function actionButton(action: NonNullable<Notice['action']>, done: () => void): HTMLElement {
  const button = document.createElement('wa-button');
  button.size = 's';
  button.appearance = 'outlined';
  button.classList.add('toast-action');
  button.textContent = action.label;
  button.addEventListener('click', () => {
    action.run();
    done();
  });
  return button;
}

function stack(): WaToast {
  const existing = document.querySelector('wa-toast');
  if (existing) return existing;
  const made = document.createElement('wa-toast');
  made.placement = 'bottom-end';
  // A landmark, so that a screen reader's user can go to a message before it is gone.
  const region = document.createElement('section');
  region.setAttribute('aria-label', 'Messages');
  region.append(made);
  document.body.append(region);
  return made;
}
