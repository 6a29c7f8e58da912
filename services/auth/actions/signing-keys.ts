import { Type } from "@sinclair/typebox";
import { Count, Nothing, Nullable, StringEnum, Timestamp } from "../../../contracts/dto/scalars.ts";
import { metrics } from "../../../lib/metrics/metrics.ts";
import { authAction } from "../auth.types.ts";

export const rotateKeys = authAction({
  summary: "Replace the signing key if it is due; at once with `force`",
  params: Type.Object({ force: Type.Optional(Type.Boolean()) }),
  returns: Type.Object({ outcome: StringEnum(["ROTATED", "NOT_DUE"]) }),
  async handler(ctx) {
    const outcome = await this.signingKeys.rotate(ctx.params.force ? "FORCE" : "IF_DUE");
    if (outcome === "ROTATED") metrics()?.keyRotations.inc();
    return { outcome };
  },
});

export const listKeys = authAction({
  summary: "The signing keys, without their secrets, newest first",
  params: Nothing,
  returns: Type.Array(
    Type.Object({
      kid: Type.String(),
      isPrimary: Type.Boolean(),
      createdAt: Timestamp,
      expiresAt: Nullable(Timestamp),
    }),
  ),
  idempotent: true,
  async handler() {
    return (await this.signingKeys.list()).map((key) => ({
      kid: key.kid,
      isPrimary: key.isPrimary,
      createdAt: new Date(key.createdAt).toISOString(),
      expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
    }));
  },
});

export const cleanExpired = authAction({
  summary: "Delete expired refresh tokens, blacklist rows and keys",
  params: Nothing,
  returns: Type.Object({ refresh_tokens: Count, jwt_blacklist: Count, jwt_keys: Count }),
  handler() {
    return this.expiry.clean();
  },
});
