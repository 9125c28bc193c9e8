import { Component } from 'preact';
import type { ComponentChildren } from 'preact';

interface State {
  readonly error: string | null;
}

/** A page with a sentence in place of a blank one. */
export class ErrorBoundary extends Component<{ children: ComponentChildren }, State> {
  override state: State = { error: null };

  static override getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error.message : String(error) };
  }

  override render(): ComponentChildren {
    if (this.state.error === null) return this.props.children;
    return (
      <p role="alert" class="complaints">
        The player stopped because of a mistake in it: {this.state.error} Reload the page to begin again.
      </p>
    );
  }
}
