// Runs before the first paint, as a classic script of its own: the page's policy allows no inline code.
const chosen = localStorage.getItem('liner-notes.theme');
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.classList.add(dark ? 'wa-dark' : 'wa-light');
