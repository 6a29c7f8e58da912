import { useMessages } from "../../i18n/language.ts";
import { lengthOf } from "../../lib/length.ts";

/** From here on the counter speaks up. */
const NEAR = 0.8;

/** A ring that fills, and figures when the end is near. */
export function Counter({ id, text, limit }: { id: string; text: string; limit: number }) {
  const { post } = useMessages();
  const length = lengthOf(text);
  const left = limit - length;
  const isNear = length >= limit * NEAR;
  const words = left < 0 ? post.over(-left) : post.left(left);
  return (
    <span className={`counter ${left < 0 ? "is-over" : ""}`} title={words}>
      {isNear && <span aria-hidden="true">{left}</span>}
      <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
        <circle cx="11" cy="11" r="9" className="counter-track" />
        <circle
          cx="11"
          cy="11"
          r="9"
          className="counter-fill"
          pathLength={100}
          strokeDasharray={`${Math.min(100, (length / limit) * 100)} 100`}
          transform="rotate(-90 11 11)"
        />
      </svg>
      <span id={id} className="visually-hidden">
        {words}
      </span>
      {isNear && (
        <span className="visually-hidden" role="status">
          {left < 0 || left % 50 === 0 ? words : ""}
        </span>
      )}
    </span>
  );
}
