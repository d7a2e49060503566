#!/usr/bin/env bash
# The reference verifiers of Standard Webhooks in npm know no public keys.
#
# Standard Webhooks 1.0.0 names two kinds of signatures: v1 (HMAC-SHA256, secrets `whsec_…`) and v1a (Ed25519, public keys `whpk_…`). standardwebhooks
# 1.1.1 and svix 2.5.0 take the underscore of a `whpk_…` key for a wrong letter of base64 and throw in the constructor; given the key without its
# prefix, they pass over a genuine v1a signature and say that none matches. For a sender: whoever changes to v1a needs receivers with code of
# their own, and should go on sending a v1 signature beside it meanwhile, which both accept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund standardwebhooks@1.1.1 svix@2.5.0

cat >try.js <<'JS'
const crypto = require('node:crypto');
const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const shared = 'whsec_' + Buffer.alloc(24, 7).toString('base64');
const now = new Date();
const body = '{"a":1}';
const seconds = String(Math.floor(now / 1000));
const v1a = 'v1a,' + crypto.sign(null, Buffer.from(`msg_1.${seconds}.${body}`), privateKey).toString('base64');

for (const name of ['standardwebhooks', 'svix']) {
  const { Webhook } = require(name);
  const v1 = new Webhook(shared).sign('msg_1', now, body);
  const cases = [
    ['v1a with whpk_', 'whpk_' + raw, v1a],
    ['v1a with the bare key', raw, v1a],
    ['v1a and v1 with whsec_', shared, `${v1a} ${v1}`],
  ];
  for (const [what, secret, signature] of cases) {
    let seen = 'accepts';
    try {
      new Webhook(secret).verify(body, { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': signature });
    } catch (error) {
      seen = `${error.constructor.name}: ${error.message}`;
    }
    console.log(`${name}, ${what}: ${seen}`);
  }
}
JS
node try.js | tee seen

diff seen - <<'SEEN'
standardwebhooks, v1a with whpk_: Error: Base64Coder: incorrect characters for decoding
standardwebhooks, v1a with the bare key: WebhookVerificationError: No matching signature found
standardwebhooks, v1a and v1 with whsec_: accepts
svix, v1a with whpk_: Error: Base64Coder: incorrect characters for decoding
svix, v1a with the bare key: WebhookVerificationError: No matching signature found
svix, v1a and v1 with whsec_: accepts
SEEN
echo "as described"
