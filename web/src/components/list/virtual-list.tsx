import { defaultRangeExtractor, useWindowVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type FocusEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { rememberedScroll } from "../../app/scroll-memory.ts";
import "./virtual-list.css";

interface VirtualListProps<T> {
  /** Tells one list from another, so that heights are remembered when one comes back. */
  readonly name: string;
  readonly items: readonly T[];
  readonly label: string;
  readonly estimatedHeight: number;
  readonly render: (item: T, position: number) => ReactNode;
  readonly hasMore: boolean;
  /** Asked for when the end comes near. */
  onEndNear(): void;
}

/** Rows outside of the window, on each side. */
const OVERSCAN = 4;
/** Rows between the last in sight and the end, at which more are fetched. */
const NEAR_END = 10;

const heights = new Map<string, VirtualItem[]>();

/** An endless list of which only the rows in sight are in the document, and the one that has the focus. */
export function VirtualList<T extends { readonly id: number | string }>(props: VirtualListProps<T>) {
  const { name, items, label, estimatedHeight, render, hasMore, onEndNear } = props;
  const [path] = useLocation();
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const { scrollY } = window;
    setTop((list.current?.getBoundingClientRect().top ?? 0) + scrollY);
  }, []);

  // A row that left with the focus in it would take the reader's place with it.
  const [focused, setFocused] = useState<T["id"]>();
  const focusedIndex = focused === undefined ? -1 : items.findIndex(({ id }) => id === focused);
  const onFocus = ({ target }: FocusEvent) =>
    setFocused(items[Number(target.closest<HTMLElement>("[data-index]")?.dataset.index)]?.id);
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) setFocused(undefined);
  };

  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => estimatedHeight,
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: (index) => items[index]?.id ?? index,
    rangeExtractor: (range) => withFocused(defaultRangeExtractor(range), focusedIndex, items.length),
    initialOffset: () => rememberedScroll(path),
    initialMeasurementsCache: heights.get(name) ?? [],
  });
  useEffect(
    () => () => {
      heights.set(name, virtualizer.measurementsCache);
    },
    [name, virtualizer],
  );

  const rows = virtualizer.getVirtualItems();
  const last = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    if (hasMore && last >= items.length - NEAR_END) onEndNear();
  }, [hasMore, last, items.length, onEndNear]);

  return (
    <div
      ref={list}
      role="feed"
      aria-label={label}
      onFocus={onFocus}
      onBlur={onBlur}
      className="virtual-list"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {rows.map(({ index, key, start }) => {
        const item = items[index];
        return (
          <div
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className="virtual-row"
            style={{ transform: `translateY(${start - top}px)` }}
          >
            {item && render(item, index + 1)}
          </div>
        );
      })}
    </div>
  );
}

/** Rows in sight, with the focused one and its neighbours, which the keys lead to. */
function withFocused(inSight: number[], focused: number, count: number): number[] {
  if (focused < 0 || count === 0) return inSight;
  const kept = [focused - 1, focused, focused + 1].filter((index) => index >= 0 && index < count);
  return [...new Set([...inSight, ...kept])].sort((a, b) => a - b);
}
