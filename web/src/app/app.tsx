import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { Toaster } from "../components/toast/toaster.tsx";
import { useMemberId } from "../queries/me.ts";
import { queryClient } from "../queries/query-client.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { MemberShell } from "./member-shell.tsx";
import { loadPagesAhead, Routes } from "./routes.tsx";
import { useScrollMemory } from "./scroll-memory.ts";
import { VisitorRoutes } from "./visitor-routes.tsx";

export function App() {
  const memberId = useMemberId();
  useScrollMemory();
  useEffect(() => {
    if (memberId) loadPagesAhead();
  }, [memberId]);
  return (
    <QueryClientProvider client={queryClient}>
      <ErrorBoundary>
        {memberId ? (
          <MemberShell key={memberId}>
            <Routes />
          </MemberShell>
        ) : (
          <VisitorRoutes />
        )}
      </ErrorBoundary>
      <Toaster />
    </QueryClientProvider>
  );
}
