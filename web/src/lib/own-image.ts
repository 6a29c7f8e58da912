const OWN = /^\/api\/(?:proxy\/)?images\/view\/([0-9a-f-]{36})$/i;

/**
 * Where to load a member's picture from. Only from this server: an address on another host would tell that host who
 * reads what.
 */
export function ownImageAddress(url: string | null, thumbnail: boolean): string | undefined {
  const id = OWN.exec(url ?? "")?.[1];
  return id && `/api/images/view/${id}${thumbnail ? "?thumbnail=true" : ""}`;
}
