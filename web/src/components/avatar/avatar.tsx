import { useState } from "react";
import { ownImageAddress } from "../../lib/own-image.ts";
import "./avatar.css";

interface AvatarProps {
  readonly name: string;
  readonly url: string | null;
  /** Decides the colour where there is no picture. */
  readonly memberId: number;
  readonly size?: "small" | "normal" | "large";
}

/** Says nothing to a screen reader: the name is always beside it. */
export function Avatar({ name, url, memberId, size = "normal" }: AvatarProps) {
  const [failed, setFailed] = useState<string>();
  const address = ownImageAddress(url, size !== "large");
  const letter = [...name.trim()][0]?.toUpperCase() ?? "?";
  return (
    <span className={`avatar avatar-${size} avatar-hue-${memberId % 6}`} aria-hidden="true">
      {address && address !== failed ? (
        <img src={address} alt="" loading="lazy" decoding="async" onError={() => setFailed(address)} />
      ) : (
        letter
      )}
    </span>
  );
}
