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

let name, store, policy, asked, verifier;
const counts = {};

function answers(found) {
  return found.map(({ answer, reason }) => (reason ? String(reason.number) : answer[0])).join(',');
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
  policy(kind, region, skipped, age, budgets, classes) {
    policy = new Policy(kind, region === '-' ? null : region);
    if (skipped !== '-') skipped.split(',').forEach((step) => policy.skip(STEPS[step - 1]));
    if (age !== '-') policy.limitStatusAge(Number(age));
    const items = (field) => (field === '-' ? [] : field.split(';').map((item) => item.split(':')));
    items(budgets).forEach(([of, ...most]) => policy.limitGrace(text(of), ...most.map(Number)));
    items(classes).forEach(([prefix, of]) => policy.setRiskClass(prefix, text(of)));
  },
  question(purpose, audience, useCase, challenge, eventTime, knownAsOf, keys) {
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
    };
  },
  verifier: () => (verifier = new Verifier(store, policy)),
  replace: () => verifier.replaceStore(store),
  verify(data, now, uncertainty, verdict, step, reason, json, cbor) {
    const report = verifier.verify(bytes(data), asked, Number(now), Number(uncertainty));
    const found = [report.verdict, report.decidingStep, report.reason ? report.reason.number : 0];
    const expected = [['undetermined', 'valid', 'invalid'][verdict], step === '0' ? null : STEPS[step - 1], Number(reason)];
    assert.deepStrictEqual(found, expected);
    if (step !== '0') assert.strictEqual(report.step(STEPS[step - 1]).reason.number, Number(reason));
    if (json !== '-') {
      assert.strictEqual(sha256(report.json({ texts: true })), json, 'the JSON is not the one that Rust wrote');
      assert.strictEqual(sha256(report.cbor()), cbor, 'the CBOR is not the one that Rust wrote');
    }
    report.free();
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
console.log(`node: ${counts.case} cases run, ${counts.verify} reports`);
