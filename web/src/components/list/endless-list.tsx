import { type ReactNode, useCallback } from "react";
import { useMessages } from "../../i18n/language.ts";
import { Problem, Skeleton } from "../states/states.tsx";
import { VirtualList } from "./virtual-list.tsx";

/** What an endless query tells. */
export interface EndlessQuery<T> {
  readonly items: readonly T[];
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly error: unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  fetchNextPage(): unknown;
  refetch(): unknown;
}

interface EndlessListProps<T> {
  readonly name: string;
  readonly label: string;
  readonly query: EndlessQuery<T>;
  /** Those of `query.items` that are to be shown. */
  readonly items?: readonly T[];
  readonly kind: "post" | "member";
  readonly empty: ReactNode;
  readonly render: (item: T, position: number, total: number) => ReactNode;
}

const HEIGHTS = { post: 190, member: 92 };

/** An endless list in all its states: coming, empty, failed, full, at its end. */
export function EndlessList<T extends { readonly id: number | string }>(props: EndlessListProps<T>) {
  const { name, label, query, items = query.items, kind, empty, render } = props;
  const { feed } = useMessages();
  const {
    isPending,
    isError,
    error,
    hasNextPage,
    isFetchingNextPage,
    isFetchNextPageError,
    fetchNextPage,
    refetch,
  } = query;
  const more = useCallback(() => {
    if (!isFetchingNextPage && !isFetchNextPageError) fetchNextPage();
  }, [isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const again = useCallback(() => void refetch(), [refetch]);

  if (isPending) return <Skeleton kind={kind} />;
  if (isError && query.items.length === 0 && !isFetchNextPageError)
    return <Problem error={error} onRetry={again} />;
  if (items.length === 0 && !hasNextPage) return empty;
  const total = hasNextPage ? -1 : items.length;
  return (
    <>
      <VirtualList
        name={name}
        items={items}
        label={label}
        estimatedHeight={HEIGHTS[kind]}
        render={(item, position) => render(item, position, total)}
        hasMore={hasNextPage}
        onEndNear={more}
      />
      {isFetchingNextPage && <Skeleton rows={2} kind={kind} />}
      {isFetchNextPageError && !isFetchingNextPage && (
        <Problem error={error} onRetry={() => fetchNextPage()} />
      )}
      {!hasNextPage && <p className="list-end">{feed.end}</p>}
    </>
  );
}
