/** Light or dark: as the page around it (JupyterLab, the book) or, alone, as the browser says. */
export function followTheme(): void {
  const root = document.documentElement;
  const outside = outerBody();
  const apply = () => {
    const { jpThemeLight, theme } = outside?.dataset ?? {};
    if (jpThemeLight !== undefined) root.dataset['theme'] = jpThemeLight === 'true' ? 'light' : 'dark';
    else if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme;
    else delete root.dataset['theme'];
  };
  apply();
  if (outside === null) return;
  new MutationObserver(apply).observe(outside, {
    attributes: true,
    attributeFilter: ['data-jp-theme-light', 'data-theme'],
  });
}

function outerBody(): HTMLElement | null {
  try {
    return window.parent === window ? null : window.parent.document.body;
  } catch {
    return null; // another origin: its theme cannot be seen
  }
}
