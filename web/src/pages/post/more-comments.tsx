import { Button } from "../../components/button/button.tsx";
import { Problem } from "../../components/states/states.tsx";
import { leaveButton } from "../../lib/focus.ts";

interface MoreCommentsProps {
  readonly label: string;
  readonly size?: "small" | "normal";
  readonly query: {
    readonly error: unknown;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    fetchNextPage(): unknown;
  };
}

/** Leads to the next page of comments or replies, or tells why it didn't come. */
export function MoreComments({ label, size, query }: MoreCommentsProps) {
  const { error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  if (!hasNextPage) return null;
  if (isFetchNextPageError && !isFetchingNextPage)
    return <Problem error={error} onRetry={() => fetchNextPage()} />;
  return (
    <Button
      size={size}
      disabled={isFetchingNextPage}
      onClick={({ currentTarget }) => {
        leaveButton(currentTarget);
        fetchNextPage();
      }}
    >
      {label}
    </Button>
  );
}
