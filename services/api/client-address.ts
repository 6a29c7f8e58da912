/**
 * The address of the client behind `trustedHops` proxies of ours, each of which appends the address it saw
 * to `X-Forwarded-For`. What stands further left was written by the client and is not believed.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedHops: number,
): string {
  const socket = socketAddress ?? "unknown";
  if (trustedHops === 0 || !forwardedFor) return socket;
  const hops = [...forwardedFor.split(",").map((hop) => hop.trim()), socket];
  return hops[Math.max(0, hops.length - 1 - trustedHops)] || socket;
}
