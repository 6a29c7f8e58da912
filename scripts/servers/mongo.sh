# shellcheck shell=bash
# SecantusDB, a server of its own that speaks MongoDB's protocol (no mongod is in Debian or a package registry).
# GPL-2.0: it is a separate program for tests, never part of the product.

MONGO_PORT="${MONGO_PORT:-17017}"
MONGO_VERSION=0.6.0b17 # the last one whose wheel holds the program; later ones have a slower one in Python
MONGO_PROGRAM="$CACHE/mongo-$MONGO_VERSION/secantusdb.scripts/secantusd-rs"

install_mongo() {
  local platform sum wheel
  [ ! -x "$MONGO_PROGRAM" ] || return 0
  case "$(uname -m)" in
    x86_64) platform=manylinux_2_28_x86_64 sum=fe8ccfd1295c872c92a4c4c13c5a6a1dead88b2ff3b9aafb361406ec8aac4d14 ;;
    aarch64) platform=manylinux_2_28_aarch64 sum=690fed7d7268bf7e90aeb2c8a5b390b32b34685170df9a304f961713e30540fe ;;
    *) die "no MongoDB-protocol server for $(uname -m)" ;;
  esac
  apt_need python3 python3 pip3 python3-pip
  say "SecantusDB $MONGO_VERSION (22 MB)"
  wheel="$CACHE/secantusdb-$MONGO_VERSION-cp311-cp311-$platform.whl"
  [ -f "$wheel" ] || python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: \
    --implementation cp --python-version 3.11 --abi cp311 --platform "$platform" --dest "$CACHE" \
    "SecantusDB==$MONGO_VERSION" >&2 || die "SecantusDB could not be fetched"
  echo "$sum  $wheel" | sha256sum --check --quiet >&2 || die "the checksum of $(basename "$wheel") is wrong"
  rm -rf "$CACHE/mongo.new" "$CACHE/mongo-$MONGO_VERSION"
  python3 -m zipfile -e "$wheel" "$CACHE/mongo.new"
  chmod +x "$CACHE/mongo.new/secantusdb.scripts/secantusd-rs"
  mv "$CACHE/mongo.new" "$CACHE/mongo-$MONGO_VERSION"
}

start_mongo() {
  port_must_be_free "$MONGO_PORT"
  : >"$RUN/mongo/empty.toml" # no settings from elsewhere on the machine
  # Without --sync-on-commit, kill -9 loses acknowledged writes. The log is allocated at once and read again after
  # a kill: its default of 2 GB makes that take 12 to 26 s. The cache's default is 4 GB.
  spawn mongo "$MONGO_PROGRAM" --host 127.0.0.1 --port "$MONGO_PORT" --storage-path "$RUN/mongo/data" \
    --cache-size 256M --log-file-max 128MB --sync-on-commit --config "$RUN/mongo/empty.toml"
}

# A real hello: the port is open before the server answers.
ready_mongo() {
  python3 - "$MONGO_PORT" <<'PYTHON' 2>/dev/null
import socket, struct, sys
body = b"\x10hello\x00" + struct.pack("<i", 1) + b"\x02$db\x00" + struct.pack("<i", 6) + b"admin\x00\x00"
document = struct.pack("<i", len(body) + 4) + body
message = struct.pack("<iiiiI", 21 + len(document), 1, 0, 2013, 0) + b"\x00" + document
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
connection.settimeout(2)
connection.sendall(message)
answer = connection.recv(65536)
sys.exit(0 if b"\x08isWritablePrimary\x00\x01" in answer else 1)
PYTHON
}
