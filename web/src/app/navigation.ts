import { navigate } from "wouter/use-browser-location";

/** How many pages were shown since the document was loaded: the first leaves the focus where the browser put it. */
let visits = 0;

export function countVisit(): number {
  return visits++;
}

/** Is there a page of ours to go back to? Browsers without the Navigation API know by what was shown. */
export function canGoBack(): boolean {
  const { navigation } = window as { navigation?: { readonly canGoBack: boolean } };
  return navigation?.canGoBack ?? visits > 1;
}

/** Only an address of this client: nobody is sent elsewhere by a link to our log-in page. */
export function safePath(path: string | null): string {
  return path?.startsWith("/") && !/^\/[/\\]/.test(path) && !/^\/(login|signup)\b/.test(path) ? path : "/";
}

export function currentPath(): string {
  return location.pathname + location.search + location.hash;
}

/** To the log-in page, which leads back to here. */
export function goToLogIn(why: "expired"): void {
  if (/^\/(login|signup)$/.test(location.pathname)) return;
  const next = location.pathname === "/" ? "" : `&next=${encodeURIComponent(currentPath())}`;
  navigate(`/login?why=${why}${next}`, { replace: true });
}
