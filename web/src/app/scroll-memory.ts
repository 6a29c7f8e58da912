import { useEffect, useLayoutEffect } from "react";
import { useLocation } from "wouter";

const positions = new Map<string, number>();
let isGoingBack = false;

/** Where the reader was on a page that was left. */
export function rememberedScroll(path: string): number {
  return isGoingBack ? (positions.get(path) ?? 0) : 0;
}

/** New pages begin at the top; going back leads to where one was. */
export function useScrollMemory(): void {
  const [path] = useLocation();
  useEffect(() => {
    history.scrollRestoration = "manual";
    const onBack = () => {
      isGoingBack = true;
    };
    const onEntry = ({ navigationType }: NavigationCurrentEntryChangeEvent) => {
      isGoingBack = navigationType === "traverse";
    };
    window.addEventListener("popstate", onBack);
    // Where browsers have it, it comes first: whatever renders in between finds the new address already.
    window.navigation?.addEventListener("currententrychange", onEntry);
    return () => {
      window.removeEventListener("popstate", onBack);
      window.navigation?.removeEventListener("currententrychange", onEntry);
    };
  }, []);
  useLayoutEffect(() => {
    if (location.hash === "" || isGoingBack) window.scrollTo(0, rememberedScroll(path));
    const settle = requestAnimationFrame(() => {
      isGoingBack = false;
    });
    const remember = () => positions.set(path, window.scrollY);
    window.addEventListener("scroll", remember, { passive: true });
    return () => {
      cancelAnimationFrame(settle);
      window.removeEventListener("scroll", remember);
    };
  }, [path]);
}
