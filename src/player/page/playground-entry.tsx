import { render } from 'preact';
import { ErrorBoundary } from './error-boundary';
import { Playground } from './playground';
import './style';
import { followTheme } from './theme';

followTheme();
render(
  <ErrorBoundary>
    <Playground />
  </ErrorBoundary>,
  document.getElementById('page')!,
);
