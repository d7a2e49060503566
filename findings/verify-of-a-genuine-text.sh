#!/usr/bin/env bash
# The two reference verifiers of Standard Webhooks in npm do not agree on what verify() does with a genuine signature.
#
# standardwebhooks 1.1.1 finds the signature good and then parses the body as JSON, so a text body ends in a SyntaxError, which is no
# WebhookVerificationError: a receiver that tells the two apart answers 500, and gets the message again. An empty body gives undefined.
# svix 2.5.0 returns undefined for every body, a JSON one too; svix 1.76.1 returned the parsed body and threw for the other two.
# Standard Webhooks 1.0.0 signs bytes and asks for no JSON. For a sender: sign JSON, or tell receivers how to verify a text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund standardwebhooks@1.1.1 svix@2.5.0 svix-before@npm:svix@1.76.1

cat >try.js <<'JS'
const now = new Date();
const packages = { standardwebhooks: 'standardwebhooks', 'svix 2.5.0': 'svix', 'svix 1.76.1': 'svix-before' };
for (const [name, id] of Object.entries(packages)) {
  const { Webhook } = require(id);
  const webhook = new Webhook('whsec_' + Buffer.alloc(24, 7).toString('base64'));
  for (const body of ['{"a":1}', 'hello', '']) {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': webhook.sign('msg_1', now, body),
    };
    let seen;
    try {
      seen = 'returns ' + JSON.stringify(webhook.verify(body, headers));
    } catch (error) {
      seen = 'throws ' + error.constructor.name;
    }
    console.log(`${name} ${JSON.stringify(body)} ${seen}`);
  }
}
JS
node try.js | tee seen

diff seen - <<'SEEN'
standardwebhooks "{\"a\":1}" returns {"a":1}
standardwebhooks "hello" throws SyntaxError
standardwebhooks "" returns undefined
svix 2.5.0 "{\"a\":1}" returns undefined
svix 2.5.0 "hello" returns undefined
svix 2.5.0 "" returns undefined
svix 1.76.1 "{\"a\":1}" returns {"a":1}
svix 1.76.1 "hello" throws SyntaxError
svix 1.76.1 "" throws SyntaxError
SEEN
echo "as described"
