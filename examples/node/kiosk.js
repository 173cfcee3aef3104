// A kiosk: verifies one scanned code a line, offline, and says what came of it in Chinese.
//
//     npm install && node kiosk.js STORE REGION < codes.txt
//
// STORE is what `zhengyin store` keeps, REGION where the kiosk stands (six digits). It never ends because of a bad code.

'use strict';

const fs = require('node:fs');
const readline = require('node:readline');
const { Policy, Store, Verifier, ZhengyinError } = require('./zhengyin.js');

function answer(verifier, scan) {
  const report = verifier.verify(scan);
  try {
    const ground = report.reason;
    switch (report.verdict) {
      case 'valid':
        return report.goodUntil === null ? '✓ 有效' : `✓ 有效（此结论至 ${report.goodUntil} 为止）`;
      case 'invalid':
        return `✗ 无效：${ground.text()}（${ground.symbol}）${ground.remedy()}`;
      default:
        return `? 无法判定：${ground.text()}（${ground.symbol}）${ground.remedy()}${ground.caution()}`;
    }
  } finally {
    report.free();
  }
}

async function main() {
  const [path, region] = process.argv.slice(2);
  if (!region) {
    console.error('usage: node kiosk.js STORE REGION < codes.txt');
    return 2;
  }
  let verifier;
  try {
    verifier = new Verifier(Store.fromBytes(fs.readFileSync(path)), new Policy('kiosk', region));
  } catch (error) {
    console.error(`${path}：${error.messageZh || error.message}`);
    return 1;
  }
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === '') continue;
    try {
      console.log(answer(verifier, line));
    } catch (error) {
      if (!(error instanceof ZhengyinError)) throw error;
      console.error(`未能核验：${error.messageZh}`);
      console.log('? 未能核验');
    }
  }
  return 0;
}

main().then((code) => {
  process.exitCode = code;
});
