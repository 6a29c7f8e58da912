import { Component, type ReactNode } from "react";
import { Button } from "../components/button/button.tsx";
import { Icon } from "../components/icon/icon.tsx";
import { currentMessages } from "../i18n/language.ts";

/** What nobody foresaw, and pages that can't be fetched (offline, or a newer version is out). */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidMount() {
    window.addEventListener("popstate", this.#recover);
    window.addEventListener("online", this.#recover);
  }

  override componentWillUnmount() {
    window.removeEventListener("popstate", this.#recover);
    window.removeEventListener("online", this.#recover);
  }

  #recover = () => this.setState({ failed: false });

  override render() {
    if (!this.state.failed) return this.props.children;
    const { problem, offline } = currentMessages();
    const isOffline = !navigator.onLine;
    return (
      <div className="state" role="alert">
        <Icon name={isOffline ? "offline" : "alert"} size={32} />
        <h1>{isOffline ? offline.title : problem.title}</h1>
        <p>{isOffline ? offline.text : problem.unexpected}</p>
        <Button onClick={() => (isOffline ? this.#recover() : location.reload())}>
          {isOffline ? problem.again : problem.reload}
        </Button>
      </div>
    );
  }
}
