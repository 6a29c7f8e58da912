import { Errors } from "moleculer";

/**
 * Every error a client can get: HTTP status and the text for people, Korean then English.
 * `code` is the stable symbol; callers and tests match on it, never on the text.
 */
export const ERROR_CATALOGUE = {
  VALIDATION_ERROR: [400, "입력값을 확인해 주세요.", "Please check the values you entered."],
  MALFORMED_JSON: [400, "요청 본문이 올바른 JSON 형식이 아닙니다.", "The request body is not valid JSON."],
  INVALID_CURSOR: [400, "커서가 올바르지 않습니다.", "The cursor is not valid."],
  PAGE_TOO_DEEP: [
    400,
    "너무 깊은 페이지입니다. nextCursor로 이어서 조회해 주세요.",
    "This page is too deep. Continue with the cursor (nextCursor) instead.",
  ],
  MEMBER_ALREADY_EXISTS: [400, "이미 가입된 이메일입니다.", "A member with this e-mail already exists."],
  MEMBER_HANDLE_ALREADY_EXISTS: [400, "이미 사용 중인 핸들입니다.", "This handle is already taken."],
  MEMBER_IDS_LIMIT_EXCEEDS: [
    400,
    "한 번에 조회할 수 있는 회원 수를 초과했습니다.",
    "Too many member ids in one request.",
  ],
  FOLLOW_LIMIT_EXCEEDS: [
    400,
    "팔로우할 수 있는 최대 인원을 초과했습니다.",
    "You follow the greatest number of members allowed.",
  ],
  FOLLOW_SELF_NOT_ALLOWED: [400, "자기 자신은 팔로우할 수 없습니다.", "You can't follow yourself."],
  POST_LIKE_ALREADY_EXISTS: [400, "이미 좋아요한 게시글입니다.", "You already like this post."],
  POST_LIKE_CANCEL_ALREADY_COMMITTED: [
    400,
    "이미 좋아요를 취소한 게시글입니다.",
    "You don't like this post.",
  ],
  COMMENT_LIKE_ALREADY_EXISTS: [400, "이미 좋아요한 댓글입니다.", "You already like this comment."],
  COMMENT_LIKE_NOT_EXISTS: [400, "좋아요하지 않은 댓글입니다.", "You don't like this comment."],
  COMMENT_DEPTH_LIMIT_EXCEEDS: [
    400,
    "더 이상 답글을 달 수 없는 댓글입니다.",
    "This comment can't have replies: three levels are the limit.",
  ],
  PARENT_COMMENT_POST_ID_NOT_EQUALS: [
    400,
    "상위 댓글이 다른 게시글에 속해 있습니다.",
    "The parent comment belongs to another post.",
  ],
  EMPTY_IMAGE_FILE: [400, "이미지 파일이 비어 있습니다.", "The image file is empty."],
  FILE_TOO_SMALL: [400, "이미지 파일이 너무 작습니다.", "The image file is too small."],
  INVALID_IMAGE_SIGNATURE: [400, "지원하지 않는 이미지 형식입니다.", "This image format is not supported."],
  CORRUPTED_IMAGE: [400, "손상된 이미지 파일입니다.", "The image file is damaged."],
  MEMBER_UNAUTHORIZED: [401, "로그인이 필요합니다.", "Please log in."],
  BEARER_TOKEN_MISSING: [401, "인증 토큰이 없습니다.", "The access token is missing."],
  INVALID_TOKEN: [401, "유효하지 않은 토큰입니다.", "The token is not valid."],
  JWT_EXPIRED: [401, "만료된 토큰입니다.", "The access token has expired."],
  JWT_KEY_EXPIRED: [401, "토큰의 서명 키가 만료되었습니다.", "The key that signed the token has expired."],
  TOKEN_BLACKLISTED: [401, "로그아웃된 토큰입니다.", "The token was logged out."],
  MEMBER_PASSWORD_INVALID: [
    401,
    "이메일 또는 비밀번호가 올바르지 않습니다.",
    "The e-mail or the password is wrong.",
  ],
  MEMBER_FORBIDDEN: [403, "권한이 없습니다.", "You are not allowed to do this."],
  POST_UPDATE_FORBIDDEN: [
    403,
    "자신이 작성한 게시글만 수정할 수 있습니다.",
    "You can edit only your own posts.",
  ],
  POST_DELETE_FORBIDDEN: [
    403,
    "자신이 작성한 게시글만 삭제할 수 있습니다.",
    "You can delete only your own posts.",
  ],
  COMMENT_MODIFICATION_PERMISSION_DENIED: [
    403,
    "자신이 작성한 댓글만 수정할 수 있습니다.",
    "You can edit only your own comments.",
  ],
  COMMENT_DELETION_PERMISSION_DENIED: [
    403,
    "자신이 작성한 댓글만 삭제할 수 있습니다.",
    "You can delete only your own comments.",
  ],
  NOT_FOUND: [404, "요청한 경로를 찾을 수 없습니다.", "There is nothing at this path."],
  MEMBER_NOT_FOUND: [404, "회원을 찾을 수 없습니다.", "The member was not found."],
  FOLLOW_RELATIONSHIP_NOT_FOUND: [404, "팔로우 관계가 없습니다.", "You don't follow this member."],
  POST_NOT_FOUND: [404, "게시글을 찾을 수 없습니다.", "The post was not found."],
  COMMENT_NOT_FOUND: [404, "댓글을 찾을 수 없습니다.", "The comment was not found."],
  PARENT_COMMENT_NOT_FOUND: [404, "상위 댓글을 찾을 수 없습니다.", "The parent comment was not found."],
  IMAGE_NOT_FOUND: [404, "이미지를 찾을 수 없습니다.", "The image was not found."],
  ACTIVITY_NOT_FOUND: [404, "활동 기록을 찾을 수 없습니다.", "The activity was not found."],
  METHOD_NOT_ALLOWED: [405, "허용되지 않는 메서드입니다.", "This method is not allowed here."],
  FOLLOW_RELATIONSHIP_ALREADY_EXISTS: [409, "이미 팔로우한 회원입니다.", "You already follow this member."],
  PAYLOAD_TOO_LARGE: [413, "요청 본문이 너무 큽니다.", "The request body is too large."],
  UNSUPPORTED_MEDIA_TYPE: [415, "지원하지 않는 콘텐츠 형식입니다.", "This content type is not supported."],
  TOO_MANY_REQUEST: [
    429,
    "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.",
    "Too many requests. Please try again later.",
  ],
  INTERNAL_SERVER_ERROR: [500, "서버 오류가 발생했습니다.", "Something went wrong on our side."],
  SERVICE_UNAVAILABLE: [
    503,
    "일시적으로 이용할 수 없습니다. 잠시 후 다시 시도해 주세요.",
    "The service is unavailable for the moment. Please try again later.",
  ],
  GATEWAY_TIMEOUT: [504, "응답 시간이 초과되었습니다.", "The request took too long."],
} as const satisfies Record<string, readonly [status: number, ko: string, en: string]>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** One property that failed validation. `rule` and `limit` let the gateway word it in the reader's language. */
export interface FieldError {
  readonly field: string;
  readonly rule: string;
  readonly limit?: string | number;
}

export interface DomainErrorData {
  readonly errors?: readonly FieldError[];
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;
  /** Why a call was turned away before it was served; for callers in the mesh. */
  readonly reason?: "BREAKER_OPEN" | "CALL_LIMIT" | "QUEUE_FULL";
  /** What the client must do about its session; the gateway makes a header of it. */
  readonly session?: "relogin" | "refresh";
}

/**
 * An error of the contract. Only `code` (HTTP status), `type` (symbol) and `data` survive a remote hop:
 * Moleculer rebuilds errors as its own classes, so nobody may test with `instanceof`.
 */
export function domainError(code: ErrorCode, data?: DomainErrorData): Errors.MoleculerError {
  const [status, , text] = ERROR_CATALOGUE[code];
  return new Errors.MoleculerError(text, status, code, data);
}

export function validationError(...errors: readonly FieldError[]): Errors.MoleculerError {
  return domainError("VALIDATION_ERROR", { errors });
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERROR_CATALOGUE, code);
}

/** Whether an error, local or from another node, is the contract error `code`. */
export function isDomainError(error: unknown, code: ErrorCode): boolean {
  return error instanceof Error && (error as { type?: unknown }).type === code;
}
