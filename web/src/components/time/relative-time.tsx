import { useMessages } from "../../i18n/language.ts";
import { exactTime, relativeTime } from "../../lib/time.ts";
import { useNow } from "./use-now.ts";

/** How long ago; the exact time on hover and for screen readers. */
export function RelativeTime({ at }: { at: string }) {
  const messages = useMessages();
  const exact = exactTime(at);
  return (
    <time dateTime={at} title={exact}>
      {relativeTime(at, useNow(), messages)}
    </time>
  );
}
