import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { session } from "./api/browser-session.ts";
import { App } from "./app/app.tsx";
import { goToLogIn } from "./app/navigation.ts";
import { keepOfflineCopy } from "./app/offline-copy.ts";
import { loadLanguage } from "./i18n/language.ts";
import { queryClient } from "./queries/query-client.ts";
import "./design/tokens.css";
import "./design/base.css";

/** Nothing of one member is ever shown to the next. */
session.subscribe((current, end) => {
  queryClient.clear();
  if (!current && end === "expired") goToLogIn("expired");
});

await Promise.all([loadLanguage(), session.restore()]);
const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
keepOfflineCopy();
