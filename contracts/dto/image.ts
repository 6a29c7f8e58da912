import { Type } from "@sinclair/typebox";

export const ImageId = Type.String({
  format: "uuid",
  description: "The image's id: /api/images/view/{id} shows it",
});
