# shellcheck shell=bash
# Images made here, under the names that docker-compose.yml and Dockerfile use: Debian by debootstrap, Node and npm from
# npm, MariaDB for MySQL, Debian's Redis, Kafka's jars, SecantusDB for MongoDB, the tests' double for Typesense.
# ROOT and part (base: only what Dockerfile builds on) are the caller's.
# shellcheck disable=SC2153,SC2154

DEBIAN_IMAGE="$(sed -n 's/^FROM \(debian:[^ ]*\).*/\1/p' "$ROOT/Dockerfile")"
NODE_IMAGE="$(sed -n 's/^FROM \(node:[^ ]*\).*/\1/p' "$ROOT/Dockerfile" | head -n 1)"
NPM_VERSION=11.6.2

make_stand_ins() {
  local image
  make_debian
  while read -r image; do
    [ "$image" = "$DEBIAN_IMAGE" ] || make_image "$image"
  done < <(images_in_use)
}

# What the two files name, but for what they build themselves and the optional tools.
images_in_use() {
  sed -n 's/^FROM \([^ ]*\).*/\1/p' "$ROOT/Dockerfile" | sort -u
  [ "$part" != base ] || return 0
  docker compose --file "$ROOT/docker-compose.yml" --profile stores config --images | sort -u | grep -v '^dailyfeed:'
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

make_debian() {
  local root="$CACHE/debian"
  ! has_image "$DEBIAN_IMAGE" || return 0
  say "image $DEBIAN_IMAGE by debootstrap (minutes)"
  if [ ! -f "$root/.complete" ]; then
    rm -rf "$root"
    debootstrap --variant=minbase --include=ca-certificates bookworm "$root" \
      "$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources)" >"$CACHE/debootstrap.log" 2>&1 ||
      die "debootstrap failed, see $CACHE/debootstrap.log"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info}/*
    # What this machine trusts and where it installs from: builds inside reach the same places.
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
    : >"$root/etc/apt/sources.list"
    touch "$root/.complete"
  fi
  tar -C "$root" --one-file-system -c . |
    docker import -c 'CMD ["bash"]' -c 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$DEBIAN_IMAGE" >/dev/null
}

# IMAGE: its folder below images/ is named as the image is, without registry and tag.
make_image() {
  local image="$1" name context
  name="${image##*/}"
  name="${name%%:*}"
  # The double is the tests' and changes with them.
  if [ "$name" != typesense ] && has_image "$image"; then return 0; fi
  [ -d "$HERE/images/$name" ] || die "no stand-in for $image"
  say "image $image"
  context="$CACHE/context-$name"
  rm -rf "$context"
  cp -R "$HERE/images/$name" "$context"
  if declare -F "prepare_$name" >/dev/null; then "prepare_$name" "$context"; fi
  docker build --quiet --build-arg DEBIAN="$DEBIAN_IMAGE" --build-arg NODE="$NODE_IMAGE" --tag "$image" "$context" >"$CACHE/build-$name.log" 2>&1 || {
    tail -n 20 "$CACHE/build-$name.log" >&2
    die "the stand-in for $image could not be built"
  }
}

prepare_node() { # CONTEXT
  cp "$ROOT"/node_modules/node-linux-*/bin/node "$1/node"
  (cd "$1" && npm pack --silent "npm@$NPM_VERSION" >/dev/null && tar -xzf npm-*.tgz && rm npm-*.tgz)
}

prepare_kafka() {
  bash "$ROOT/scripts/servers.sh" install kafka
  cp -R "$SERVERS_CACHE"/kafka-4* "$1/libs"
}

prepare_mongo() {
  bash "$ROOT/scripts/servers.sh" install mongo
  cp -R "$SERVERS_CACHE"/mongo-*/secantusdb.{scripts,libs} "$1"
}

prepare_typesense() { # a single file, of what it imports from test/search
  (cd "$ROOT" && npx rolldown "$HERE/images/typesense/main.ts" --platform node --format esm --file "$1/main.js") >/dev/null
}
