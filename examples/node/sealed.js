// Verifies the stamps 电子签章 on a document, offline, and says what came of each in Chinese.
//
//     npm install && node sealed.js STORE REGION DOCUMENT STAMPS
//
// The document is read in pieces, however large it is. Exits with 0 where all stamps are valid, 10 where one is not, 20 where it cannot be told.

'use strict';

const fs = require('node:fs');
const { Policy, Store, Verifier } = require('./zhengyin.js');

function told(report) {
  const ground = report.reason;
  switch (report.verdict) {
    case 'valid':
      return '✓ 有效';
    case 'invalid':
      return `✗ 无效：${ground.text()}（${ground.symbol}）${ground.remedy()}`;
    default:
      return `? 无法判定：${ground.text()}（${ground.symbol}）${ground.remedy()}${ground.caution()}`;
  }
}

async function main() {
  const [store, region, document, stamps] = process.argv.slice(2);
  if (!stamps) {
    console.error('usage: node sealed.js STORE REGION DOCUMENT STAMPS');
    return 2;
  }
  const verifier = new Verifier(Store.fromBytes(fs.readFileSync(store)), new Policy('counter', region));
  const stream = verifier.openStamps(fs.readFileSync(stamps));
  const report = (await stream.read(fs.createReadStream(document))).finish();
  console.log(`文件：${told(report)}`);
  report.stamps().forEach((stamp, at) => console.log(`签章 ${at + 1}：${told(stamp)}`));
  return report.exitCode;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`未能核验：${error.messageZh || error.message}`);
    process.exitCode = 1;
  },
);
