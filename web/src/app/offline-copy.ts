const WORKER = "/service-worker.js";

/** What of Trusted Types is needed here: the browser's types don't know them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(): string },
  ): { createScriptURL(input: string): unknown };
}

/**
 * Has the browser keep this client on the device, so that it starts without a network, too. Asked for when there is
 * nothing else to do; without TLS browsers do it on localhost alone.
 */
export function keepOfflineCopy(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  // The policy of the page wants to know of every place that brings code to run.
  const policy = trustedTypes?.createPolicy("service-worker", { createScriptURL: () => WORKER });
  const address = (policy?.createScriptURL("") ?? WORKER) as string;
  const register = () => void navigator.serviceWorker.register(address).catch(() => undefined);
  if ("requestIdleCallback" in window) requestIdleCallback(register, { timeout: 10_000 });
  else setTimeout(register, 3_000);
}
