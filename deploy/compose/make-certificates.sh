#!/bin/bash
# Makes the authority of the KurrentDB cluster and a certificate for each node, once. To renew: remove the volumes
# kurrent-certs1 to 3, run it again, restart one node after the other. The authority is valid for five years.
set -euo pipefail

# Whom the server's image runs as: a key that others may read is refused.
server=1001:1001
subnet=172.30.240

if [ ! -f /authority/ca.key ]; then
  es-gencert-cli create-ca -out /authority
fi
cp /authority/ca.crt /out/ca/ca.crt
chmod 644 /out/ca/ca.crt

for node in 1 2 3; do
  directory=/out/node$node
  if [ -f "$directory/node.key" ]; then continue; fi
  es-gencert-cli create-node -ca-certificate /authority/ca.crt -ca-key /authority/ca.key -out "/tmp/node$node" \
    -ip-addresses "127.0.0.1,$subnet.1$node" -dns-names "localhost,kurrent$node"
  cp "/tmp/node$node/node.crt" "/tmp/node$node/node.key" "$directory/"
  chown -R "$server" "$directory"
  chmod 600 "$directory/node.key"
done
