// Runs the script of calls that script.py wrote of test-vectors/, through examples/node: `vectors.js SCRIPT`.

'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const zhengyin = require(path.join(process.env.ZHENGYIN_NODE, 'zhengyin.js'));

const { Policy, Seen, Store, Verifier, EXACTLY } = zhengyin;
const STEPS = ['encoding', 'issuer', 'signature', 'period', 'status', 'recognition', 'presentation', 'document', 'seal'];
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const bytes = (hex) => Buffer.from(hex, 'hex');
const text = (hex) => (hex === '-' ? null : bytes(hex).toString());
const number = (digits) => (digits === '-' ? null : Number(digits));

const POINTS = ['present', 'encoding', 'maker', 'signature', 'owner', 'key', 'validity', 'kind'];

let name, store, policy, asked, verifier, stamps;
const counts = {};

function answers(found) {
  return found.map(({ answer, reason }) => (reason ? String(reason.number) : answer[0])).join(',');
}

/** Verdict, step, ground, and the bytes of JSON and CBOR. */
function told(kind, report, [verdict, step, reason, json, cbor]) {
  const found = [report.kind, report.verdict, report.decidingStep, report.reason ? report.reason.number : 0];
  const expected = [['undetermined', 'valid', 'invalid'][verdict], step === '0' ? null : STEPS[step - 1], Number(reason)];
  assert.deepStrictEqual(found, [kind, ...expected]);
  if (step !== '0' && kind !== 'stamps') assert.strictEqual(report.step(STEPS[step - 1]).reason.number, Number(reason));
  if (json !== '-') {
    assert.strictEqual(sha256(report.json({ texts: true })), json, 'the JSON is not the one that Rust wrote');
    assert.strictEqual(sha256(report.cbor()), cbor, 'the CBOR is not the one that Rust wrote');
  }
  return report;
}

const calls = {
  case: (told) => (name = told),
  store: (pin) => (store = Store.empty(pin)),
  object(data, at, expected) {
    const found = store.applyObject(bytes(data), Number(at), EXACTLY);
    assert.strictEqual(answers(found.answers), expected);
    store.free();
    store = found.store;
  },
  pack(data, at, expected) {
    const found = store.apply(bytes(data), Number(at), EXACTLY);
    assert.strictEqual(answers(found.answers), expected);
    store = found.store;
  },
  reload: () => (store = Store.fromBytes(store.toBytes())),
  held: (expected) => assert.strictEqual(sha256(store.json()), expected),
  policy(kind, region, skipped, age, budgets, classes, suites) {
    policy = new Policy(kind, region === '-' ? null : region);
    if (skipped !== '-') skipped.split(',').forEach((step) => policy.skip(STEPS[step - 1]));
    if (age !== '-') policy.limitStatusAge(Number(age));
    const items = (field) => (field === '-' ? [] : field.split(';').map((item) => item.split(':')));
    items(budgets).forEach(([of, ...most]) => policy.limitGrace(text(of), ...most.map(Number)));
    items(classes).forEach(([prefix, of]) => policy.setRiskClass(prefix, text(of)));
    if (suites !== '-') policy.acceptSuites(Number(suites));
  },
  question(purpose, audience, useCase, challenge, eventTime, knownAsOf, keys, sha256, sm3) {
    let seen = null;
    if (keys !== '-') {
      seen = new Seen();
      keys.split(',').filter(Boolean).forEach((key) => seen.add(bytes(key), 253402300799));
    }
    asked = {
      purpose: text(purpose),
      audience: text(audience),
      useCase: text(useCase),
      challenge: challenge === '-' ? null : bytes(challenge),
      eventTime: number(eventTime),
      knownAsOf: number(knownAsOf),
      seen,
      documentDigest: sha256 === '-' ? null : bytes(sha256),
      documentSm3: sm3 === '-' ? null : bytes(sm3),
    };
  },
  verifier: () => (verifier = new Verifier(store, policy)),
  replace: () => verifier.replaceStore(store),
  verify(data, now, uncertainty, ...expected) {
    told('license', verifier.verify(bytes(data), asked, Number(now), Number(uncertainty)), expected).free();
  },
  seal(data, now, uncertainty, ...expected) {
    told('seal', verifier.verifySeal(bytes(data), asked, Number(now), Number(uncertainty)), expected).free();
  },
  stamps(data, document, licenseType, seals, now, uncertainty, verdict, step, reason, json, cbor, count) {
    const more = { licenseType: licenseType === '-' ? null : licenseType, seals: seals === '-' ? null : bytes(seals) };
    const given = [{ ...asked, ...more }, Number(now), Number(uncertainty)];
    const stream = verifier.openStamps(bytes(data), ...given);
    let report;
    if (document === '-') {
      report = stream.finishWithoutDocument();
    } else {
      const whole = document === '=' ? Buffer.alloc(0) : bytes(document);
      for (let at = 0; at < whole.length; at += 7) stream.update(whole.subarray(at, at + 7));
      report = stream.finish();
      const once = verifier.verifyStamps(bytes(data), whole, ...given);
      assert.deepStrictEqual(once.cbor(), report.cbor());
      once.free();
    }
    stream.free();
    stamps = told('stamps', report, [verdict, step, reason, json, cbor]).stamps();
    assert.strictEqual(stamps.length, Number(count));
    report.free();
  },
  stamp(at, verdict, step, reason, points, json, cbor) {
    const stamp = told('stamp', stamps[at], [verdict, step, reason, json, cbor]);
    if (points !== '-') {
      const found = POINTS.map((point) => stamp.point(point));
      const outcomes = ['not-asked', 'passed', 'failed', 'unknown'];
      const words = found.map(({ outcome, reason: why }) => outcomes.indexOf(outcome) + (why ? `:${why.number}` : ''));
      assert.strictEqual(words.join(','), points);
    }
    stamp.free();
  },
  flips(data, now, uncertainty) {
    const turned = bytes(data);
    const verdict = () => {
      const report = verifier.verify(turned, asked, Number(now), Number(uncertainty));
      const found = report.verdict;
      report.free();
      return found;
    };
    for (let bit = 0; bit < turned.length * 8; bit++) {
      turned[bit >> 3] ^= 1 << (bit & 7);
      assert.notStrictEqual(verdict(), 'valid', `bit ${bit}`);
      turned[bit >> 3] ^= 1 << (bit & 7);
    }
    assert.strictEqual(verdict(), 'valid');
  },
  decode(texts, reason, data, carrier, form, parts, repaired) {
    const given = texts.split(',').map(text);
    if (reason !== '0') {
      assert.throws(() => zhengyin.decode(given), (error) => error.reason.number === Number(reason));
      return;
    }
    const found = zhengyin.decode(given);
    assert.deepStrictEqual([found.bytes.toString('hex'), found.carrier], [data, Number(carrier)]);
    if (form !== '-') assert.deepStrictEqual([found.form, found.parts], [Number(form), Number(parts)]);
    if (repaired !== '-') assert.strictEqual(found.repaired, Number(repaired));
  },
  inspect: (data, expected) => assert.strictEqual(sha256(zhengyin.inspect(bytes(data))), expected),
};

for (const line of fs.readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')) {
  const [call, ...fields] = line.split('\t');
  try {
    calls[call](...fields);
  } catch (error) {
    console.error(`${name}: ${call}: ${error.stack}`);
    process.exit(1);
  }
  counts[call] = (counts[call] || 0) + 1;
}
const reports = ['verify', 'seal', 'stamps', 'stamp'].reduce((sum, call) => sum + counts[call], 0);
console.log(`node: ${counts.case} cases run, ${reports} reports`);
