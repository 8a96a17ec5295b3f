import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

const KEY = 'liner-notes.theme';
const CHOICES = ['system', 'light', 'dark'] as const;
type Choice = (typeof CHOICES)[number];
const LABELS = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' };
const ICONS = { system: 'system-theme', light: 'light', dark: 'dark' };
const system = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Choice {
  const stored = localStorage.getItem(KEY);
  return CHOICES.find((choice) => choice === stored) ?? 'system';
}

function apply(choice: Choice): void {
  const dark = choice === 'dark' || (choice === 'system' && system.matches);
  document.documentElement.classList.toggle('wa-dark', dark);
  document.documentElement.classList.toggle('wa-light', !dark);
}

/** Goes through the themes: as the system, light, dark. */
export function ThemeButton() {
  const [choice, setChoice] = useState(chosen);
  useEffect(() => {
    localStorage.setItem(KEY, choice);
    apply(choice);
    const follow = () => apply(choice);
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, [choice]);
  const next = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'system';
  return (
    <button type="button" class="tool theme" onClick={() => setChoice(next)}>
      <Icon name={ICONS[choice]} />
      <span>{LABELS[choice]}</span>
    </button>
  );
}
