import { Component, type ReactNode } from "react";
import { renewFailed } from "./onDemand";

interface ErrorBoundaryProps {
  readonly fallback: ReactNode;
  /** What is drawn: something else in its place is tried again. */
  readonly of?: string;
  readonly children: ReactNode;
}

/** Shows something else in place of what could not be drawn, so that one message never takes the page down. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch() {
    renewFailed();
  }

  override componentDidUpdate({ of }: ErrorBoundaryProps) {
    if (this.state.failed && of !== this.props.of) {
      this.setState({ failed: false });
    }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
