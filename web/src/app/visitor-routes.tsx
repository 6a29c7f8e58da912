import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useMessages } from "../i18n/language.ts";
import { Welcome } from "../pages/welcome/welcome-page.tsx";
import { currentPath } from "./navigation.ts";

const LogInPage = lazy(async () => ({
  default: (await import("../pages/log-in/log-in-page.tsx")).LogInPage,
}));
const SignUpPage = lazy(async () => ({
  default: (await import("../pages/sign-up/sign-up-page.tsx")).SignUpPage,
}));

/** Every page of a visitor: whoever wants more logs in first, and comes back. */
export function VisitorRoutes() {
  const { loading } = useMessages();
  return (
    <Suspense fallback={<p className="visually-hidden">{loading}</p>}>
      <Switch>
        <Route path="/" component={Welcome} />
        <Route path="/login" component={LogInPage} />
        <Route path="/signup" component={SignUpPage} />
        <Route>{() => <Redirect to={`/login?next=${encodeURIComponent(currentPath())}`} replace />}</Route>
      </Switch>
    </Suspense>
  );
}
